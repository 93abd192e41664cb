/**
 * `npm run bench:setup`: installs what rnnlab is compared with, in folders that git ignores. What cannot be installed is
 * told, and the benchmark goes on without it.
 *
 *   bench/node_modules   brain.js, playwright-core, Node 20, 22, 24 and 26            (750 MB)
 *   bench/.venv          PyTorch, TensorFlow, Keras and NumPy, see requirements.txt   (2.4 GB)
 *   tfjs-node            its native addon, by scripts/setup-tfjs-node.mjs
 *   BLAS                 OpenBLAS, by scripts/setup-openblas.mjs, where the system has none
 *
 * A Chromium is not installed: bench/chromium-path.mjs says where one is looked for.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from '../scripts/run.mjs';
import { chromiumPath } from './chromium-path.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const windows = process.platform === 'win32';
const python = `${here}.venv/${windows ? 'Scripts/python.exe' : 'bin/python'}`;

const steps = [
  [
    'npm packages',
    async () => {
      const there = await run('npm', ['ls'], { cwd: here });
      return there.ok ? there : run('npm', ['ci'], { cwd: here });
    },
  ],
  [
    'Python environment',
    async () => {
      const made = existsSync(python)
        ? { ok: true }
        : await run(windows ? 'python' : 'python3', ['-m', 'venv', `${here}.venv`]); // prettier-ignore
      return made.ok
        ? run(python, ['-m', 'pip', 'install', '--quiet', '-r', `${here}requirements.txt`])
        : made;
    },
  ],
  [
    'tfjs-node',
    () => run(process.execPath, [fileURLToPath(new URL('../scripts/setup-tfjs-node.mjs', import.meta.url))]),
  ],
  [
    'BLAS',
    () => run(process.execPath, [fileURLToPath(new URL('../scripts/setup-openblas.mjs', import.meta.url))]),
  ],
  [
    'Chromium',
    () => ({
      ok: chromiumPath() !== undefined,
      output: 'none found; install one (Debian: apt-get install chromium) or name it in RNNLAB_CHROMIUM',
    }),
  ], // prettier-ignore
];

let missing = 0;
for (const [name, work] of steps) {
  process.stdout.write(`${name.padEnd(20)}`);
  const { ok, output } = await work();
  console.log(ok ? 'ready' : `NOT INSTALLED\n${output}`);
  if (!ok) missing++;
}
process.exit(missing ? 1 : 0);
