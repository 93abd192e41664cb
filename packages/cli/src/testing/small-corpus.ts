import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Sixty made-up names, capitalised, one a line. */
export const someNames = Array.from({ length: 60 }, (_, k) => {
  const [a, b, c] = [k % 5, Math.floor(k / 5) % 4, Math.floor(k / 20)];
  return `${'ABDEG'[a]}${'aeio'[b]}${['ra', 'nolu', 'stix'][c]}`;
}).join('\n');

/** About 2,500 characters with empty lines, so that it counts as one text. */
export const someText = Array.from(
  { length: 80 },
  (_, k) => `Line ${k % 7} of a play,\n\nspoken by ${'xyz'[k % 3]}.`,
).join('\n');

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rnnlab-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A file in a new folder. */
export async function temporaryFile(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}
