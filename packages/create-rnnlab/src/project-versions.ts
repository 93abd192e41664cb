/**
 * The versions that a new project asks for: those that this package was released with. They stand in its own manifest
 * as devDependencies, where changesets and pnpm keep them right, and which nobody who runs it installs.
 */
import { readFileSync } from 'node:fs';

const runs = ['@rnnlab/optimizers', '@rnnlab/tensor', '@rnnlab/train'] as const;
const develops = ['@types/node', 'tsx', 'typescript'] as const;

/** Ranges by package. */
export interface ProjectVersions {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The manifest of this package. */
export function ownManifest(): Manifest {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest;
}

/** In the repository itself, where no version is known yet, the newest. */
export function projectVersions({ devDependencies }: Manifest = ownManifest()): ProjectVersions {
  const pick = (names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => {
        const range = devDependencies[name];
        return [name, range && !/^(?:workspace|catalog):/.test(range) ? range : 'latest'];
      }),
    );
  return { dependencies: pick(runs), devDependencies: pick(develops) };
}
