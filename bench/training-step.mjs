/**
 * How long does a training step of the character model take, on each backend and beside PyTorch?
 *
 *   node bench/training-step.mjs [--hidden 64,128,256] [--rounds 5] [--python PYTHON]
 *
 * Work: one-hot input of 65 characters, one LSTM layer, a head, cross-entropy, 32 rows of 64 steps, gradients of
 * everything, clip at norm 5, Adam. The contestants take turns, round by round, in processes of their own; the median of
 * the rounds counts, in characters per second. `--python` names a Python with PyTorch (`pip install torch==2.13.0`);
 * without it PyTorch is left out, and the table says so. Needs `npm run build`. The numbers in docs/guide/performance.md
 * come from here.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    hidden: { type: 'string', default: '64,128,256' },
    rounds: { type: 'string', default: '5' },
    python: { type: 'string' },
  },
});
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

const contestants = [
  { name: 'reference', command: [process.execPath, here('peers/rnnlab-step.mjs'), 'reference'], upTo: 64 },
  { name: 'wasm', command: [process.execPath, here('peers/rnnlab-step.mjs'), 'wasm'] },
];
for (const threads of values.python ? [1, 2] : []) {
  const name = `PyTorch, ${threads} thread${threads > 1 ? 's' : ''}`;
  contestants.push({ name, command: [values.python, here('peers/pytorch_step.py'), String(threads)] });
}

/** Characters per second of one process. */
function measure({ name, command: [program, ...args] }, hidden) {
  const { status, stdout, stderr } = spawnSync(program, [...args, String(hidden)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return Number(stdout);
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const thousands = (rate) => `${(rate / 1000).toFixed(rate < 1e4 ? 1 : 0)}k`;

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, medians of ${values.rounds} rounds`,
);
if (!values.python) console.log('PyTorch was NOT measured: name a Python that has it with --python.');
for (const hidden of values.hidden.split(',').map(Number)) {
  const running = contestants.filter(({ upTo = Infinity }) => hidden <= upTo);
  const rates = new Map(running.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const contestant of running) rates.get(contestant.name).push(measure(contestant, hidden));
  }
  const wasm = median(rates.get('wasm'));
  for (const [name, list] of rates) {
    const rate = median(list);
    console.log(
      `H ${String(hidden).padEnd(4)} ${name.padEnd(20)} ${thousands(rate).padStart(6)} chars/s   wasm is ${(wasm / rate).toFixed(2)}×`,
    );
  }
}
