/**
 * Writes a project: the files of template/ as they are, and those that depend on the answers: its manifest, its
 * settings and its text. Nothing that is there already is touched.
 */
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectVersions, type ProjectVersions } from './project-versions';
import { guessReadAs, type ReadAs } from './read-as';
import { StarterError } from './starter-error';

export type { ReadAs } from './read-as';

/** The recurrent cells to choose from. */
export type CellType = 'lstm' | 'gru' | 'rnn';

/** What a project is made from. */
export interface ProjectOptions {
  /** Where it goes: a folder that is empty or not there yet. */
  folder: string;
  /** Path of a text in UTF-8, which is copied. Default: 1,536 names of dinosaurs. */
  text?: string;
  /** Default `'lstm'`. */
  cell?: CellType;
  /** Default: what the text looks like. */
  readAs?: ReadAs;
}

const template = fileURLToPath(new URL('../template/', import.meta.url));

/**
 * Writes a small TypeScript project that trains, resumes and generates.
 *
 * @returns The absolute path of its folder.
 * @throws StarterError (`ERR_STARTER`) when the folder holds something or the text cannot be used; nothing is written then.
 */
export async function createProject(options: ProjectOptions): Promise<string> {
  const { text, cell = 'lstm' } = options;
  const folder = resolve(options.folder);
  await checkFree(folder, options.folder);
  const content = await readCorpus(text ?? join(template, 'data/dinosaurs.txt'));
  const file = `data/${text ? basename(text) : 'dinosaurs.txt'}`;
  const settings = settingsFile({ file, cell, readAs: options.readAs ?? guessReadAs(content) });

  await mkdir(folder, { recursive: true });
  await cp(template, folder, { recursive: true, filter: (path) => !path.endsWith('dinosaurs.txt') });
  await rename(join(folder, 'gitignore'), join(folder, '.gitignore')); // npm packs no .gitignore
  await mkdir(join(folder, 'data'), { recursive: true });
  await writeFile(join(folder, file), content);
  await writeFile(join(folder, 'src/settings.ts'), settings);
  await writeFile(join(folder, 'package.json'), manifestFile(packageName(folder), projectVersions()));
  return folder;
}

async function checkFree(folder: string, given: string): Promise<void> {
  const entries = await readdir(folder).catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return [];
    throw new StarterError(`"${given}" is no folder. Choose another name.`);
  });
  if (entries.length) {
    throw new StarterError(
      `The folder "${given}" is not empty: it holds ${entries[0]}. Choose another name.`,
    );
  }
}

/** The text, checked as far as training needs it. */
async function readCorpus(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: { code?: string }) => {
    const problem = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})`;
    throw new StarterError(`Text "${path}": ${problem}. Check the spelling and the folder you are in.`);
  });
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.trim()) return text;
  } catch {
    throw new StarterError(`Text "${path}" is not UTF-8. Save it as UTF-8 and try again.`);
  }
  throw new StarterError(`Text "${path}" is empty, expected something to learn from.`);
}

/** A name that npm takes, from that of the folder. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '');
  return name || 'my-model';
}

function manifestFile(name: string, { dependencies, devDependencies }: ProjectVersions): string {
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: {
      train: 'tsx src/train.ts',
      resume: 'tsx src/train.ts --resume',
      generate: 'tsx src/generate.ts',
      typecheck: 'tsc',
    },
    dependencies,
    devDependencies,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function settingsFile({ file, cell, readAs }: { file: string; cell: CellType; readAs: ReadAs }): string {
  const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  // A line is short and its examples are many; a text has more to say, and needs more units for it.
  const sizes = readAs === 'lines' ? { hidden: 64, epochs: 20 } : { hidden: 128, epochs: 10 };
  return `import type { CellType } from '@rnnlab/train';

/** What to train, and how. Change a number, train again, compare. */
export const settings = {
  /** The text to learn from, UTF-8. */
  file: ${quoted(file)},
  /** 'lines': every line is an example of its own. 'text': one long text. */
  readAs: ${quoted(readAs)} as 'lines' | 'text',

  /** 'lstm', 'gru' or 'rnn'. */
  cell: ${quoted(cell)} as CellType,
  /** Units of a layer: more learn more, and more slowly. */
  hiddenSize: ${sizes.hidden},
  numLayers: 1,

  /** How often the whole text is read. */
  epochs: ${sizes.epochs},
  /** Examples whose gradients are averaged into one step. */
  batchSize: 32,
  /** Characters that one step looks back over. Only for 'text'. */
  seqLen: 64,
  learningRate: 0.01,
  /** The same seed gives the same model, to the last bit. */
  seed: 1,

  checkpoint: 'runs/model.safetensors',
};
`;
}
