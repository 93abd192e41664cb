/**
 * `npm run publish:local`: what users will get, before they get it.
 *
 *   npm run publish:local                        releases to a registry on loopback and uses the packages from there
 *   npm run publish:local -- --only types        some of the ways to use them
 *   npm run publish:local -- --every             with more versions of TypeScript; all engines: npm run test:runtimes
 *   npm run publish:local -- --serve             releases, says how to install from there, and stays until Ctrl-C
 *
 * Builds what is not built. Versions are made as the release workflow makes them, in a temporary copy; projects lie in
 * folders outside the workspace, which cannot see its node_modules. Nothing in the working tree changes.
 */
import { parseArgs } from 'node:util';
import { install, turbo } from './pinned-pnpm.mjs';
import { startRegistry } from './published/registry.mjs';
import { release } from './published/release.mjs';
import { choose, some, trainEverywhere } from './published/runtimes/train-everywhere.mjs';
import { command } from './published/ways/command.mjs';
import { entryPoints } from './published/ways/entry-points.mjs';
import { examples } from './published/ways/examples.mjs';
import { library } from './published/ways/library.mjs';
import { optimizers } from './published/ways/optimizers.mjs';
import { starter } from './published/ways/starter.mjs';
import { types } from './published/ways/types.mjs';

const ways = {
  'npm install @rnnlab/lstm': library,
  'npm install @rnnlab/optimizers': optimizers,
  'npx @rnnlab/cli train': command,
  'npm create rnnlab': starter,
  examples,
  'entry points': entryPoints,
  types,
  'engines and pages': enginesAndPages,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    every: { type: 'boolean', default: false },
    serve: { type: 'boolean', default: false },
  },
});
const chosen = Object.entries(ways).filter(([name]) => !values.only || name.includes(values.only));
if (!chosen.length) fail(`No way is called "${values.only}". There are: ${Object.keys(ways).join(', ')}.`);

const ready = await install();
if (!ready.ok) fail(ready.output);
const built = await turbo('build'); // nothing to do when it is done already
if (!built.ok) fail(built.output);
const begin = performance.now();
const seconds = () => `${((performance.now() - begin) / 1000).toFixed(1)} s`;

const registry = await startRegistry();
const published = await release(registry).catch((error) => fail(error.message));
console.log(
  `${published.map(({ manifest }) => `${manifest.name}@${manifest.version}`).join('\n')}\n${seconds()}`,
);

if (values.serve) {
  console.log(`\nPublished at ${registry.url}. In a folder outside the workspace:`);
  console.log(`  npm install @rnnlab/lstm --@rnnlab:registry=${registry.url}`);
} else {
  const failed = [];
  await Promise.all(
    chosen.map(async ([name, way]) => {
      try {
        const result = await way(registry, published, { every: values.every });
        console.log(`${name}: ${result} (${seconds()})`);
      } catch (error) {
        failed.push(name);
        console.log(`${name}: FAILED (${seconds()})\n${error.message}`);
      }
    }),
  );
  if (failed.length) fail(`failed: ${failed.join(', ')}`);
  console.log(`${published.length} packages published on loopback and used in ${chosen.length} ways`);
  process.exit(0);
}

/** Some of `npm run test:runtimes`. */
async function enginesAndPages(registry) {
  const table = await trainEverywhere(registry, choose(some));
  return `\n${table.join('\n')}\n`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
