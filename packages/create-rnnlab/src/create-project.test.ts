import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createProject } from './create-project';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'create-rnnlab-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const read = (...path: string[]) => readFile(join(place, ...path), 'utf8');

it('writes a project around a text of the user', async () => {
  await writeFile(join(place, "it's names.txt"), 'ada\nalan\nanita\nbarbara\ndonald\n');
  const text = join(place, "it's names.txt");
  const folder = await createProject({ folder: join(place, 'My Project!'), text, cell: 'gru' });
  expect(folder).toBe(join(place, 'My Project!'));
  expect((await readdir(folder)).sort()).toEqual(
    ['.gitignore', 'README.md', 'data', 'package.json', 'src', 'tsconfig.json'].sort(),
  );
  expect(await readdir(join(folder, 'data'))).toEqual(["it's names.txt"]);
  expect(await read('My Project!', 'data', "it's names.txt")).toBe('ada\nalan\nanita\nbarbara\ndonald\n');
  const settings = await read('My Project!', 'src', 'settings.ts');
  expect(settings).toContain("cell: 'gru' as CellType");
  expect(settings).toContain("file: 'data/it\\'s names.txt'");
  expect(settings).toContain("readAs: 'lines' as");
  const manifest = JSON.parse(await read('My Project!', 'package.json'));
  expect(manifest.name).toBe('my-project');
  expect(Object.keys(manifest.dependencies)).toEqual([
    '@rnnlab/optimizers',
    '@rnnlab/tensor',
    '@rnnlab/train',
  ]);
  expect(Object.keys(manifest.scripts)).toEqual(['train', 'resume', 'generate', 'typecheck']);
});

it('brings the names of dinosaurs when no text is given', async () => {
  await createProject({ folder: join(place, 'names') });
  const text = await read('names', 'data', 'dinosaurs.txt');
  expect(text.trim().split('\n').length).toBe(1536);
  expect(await read('names', 'src', 'settings.ts')).toContain("cell: 'lstm' as CellType");
});

it('reads a text as one when told so', async () => {
  await createProject({ folder: join(place, 'names'), readAs: 'text' });
  expect(await read('names', 'src', 'settings.ts')).toContain("readAs: 'text' as");
});

it('touches nothing that is there', async () => {
  const folder = join(place, 'mine');
  await mkdir(folder);
  await writeFile(join(folder, 'a.txt'), 'a');
  await expect(createProject({ folder })).rejects.toThrow(
    `The folder "${folder}" is not empty: it holds a.txt. Choose another name.`,
  );
  expect(await readdir(folder)).toEqual(['a.txt']);
  await expect(createProject({ folder: join(folder, 'a.txt') })).rejects.toThrow('is no folder');
});

it('refuses a text that nothing can be learned from, and writes nothing', async () => {
  const cases: [string, string | Uint8Array | undefined, string][] = [
    ['missing.txt', undefined, 'there is no such file. Check the spelling and the folder you are in.'],
    ['empty.txt', ' \n\n', 'is empty, expected something to learn from.'],
    ['latin.txt', Uint8Array.of(0x41, 0xe9, 0x42), 'is not UTF-8. Save it as UTF-8 and try again.'],
  ];
  for (const [name, content, message] of cases) {
    const text = join(place, name);
    if (content !== undefined) await writeFile(text, content);
    const folder = join(place, 'project');
    await expect(createProject({ folder, text })).rejects.toMatchObject({
      code: 'ERR_STARTER',
      message: expect.stringContaining(message),
    });
    expect(await readdir(place)).not.toContain('project');
  }
});
