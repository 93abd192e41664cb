/**
 * Other designs of the product kernel, each made from its source and measured in turns with it: other blocks, two steps of k
 * written out instead of one, and relaxed SIMD's fused multiply-add. What the numbers decided stands in
 * docs/decisions/0029-products-without-fused-operations.md.
 *
 *   node bench/kernel-designs.mjs
 *
 * GFLOP/s of one core, the best of five rounds: bare products m × k × n, the second operand packed beforehand where it says so,
 * as recurrent weights are.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKernels } from '../scripts/compile-kernels.mjs';
import { instantiate } from './instantiate-kernels.mjs';
import { describeMachine } from './machine.mjs';

const gemm = 'tensor/kernels/gemm.as.ts';
const source = readFileSync(fileURLToPath(new URL(`../packages/${gemm}`, import.meta.url)), 'utf8');

const shapes = [
  { name: 'step, packed', m: 32, k: 256, n: 1024, packed: true },
  { name: 'half a step, packed', m: 16, k: 256, n: 1024, packed: true },
  { name: 'step', m: 32, k: 256, n: 1024 },
  { name: 'inputs', m: 2048, k: 256, n: 1024 },
  { name: 'gradient', m: 1024, k: 2048, n: 256, transposeA: true },
];

const multiplyAdd = /f32x4\.add\((c\d\d), f32x4\.mul\(x, (b\d)\)\)/g;
const designs = {
  'as it is': [],
  'blocks of k: 128': [[/KC: i32 = \d+/, 'KC: i32 = 128']],
  'blocks of n: 256': [[/NC: i32 = \d+/, 'NC: i32 = 256']],
  'blocks of m: 32': [[/MC: i32 = \d+/, 'MC: i32 = 32']],
  'two steps of k': [[/while \(a < end\) \{([^}]*)\}/, twoSteps]],
  'fused multiply-add': [[multiplyAdd, 'f32x4.relaxed_madd(x, $2, $1)']],
};

/** The loop over k with its body twice, at constant offsets, and the last step of an odd k behind it. */
function twoSteps(_, body) {
  const names = body.replace('const b0 =', 'b0 =').replace(', b1 =', '; b1 =').replace('let x =', 'x =');
  const [steps, advance] = [
    names.slice(0, names.indexOf('    a +=')),
    names.slice(names.indexOf('    a +=')),
  ];
  const second = steps
    .replaceAll('v128.load(b, 16)', 'v128.load(b, 48)')
    .replaceAll('v128.load(b)', 'v128.load(b, 32)')
    .replace(/load32_splat\(a(?:, (\d+))?\)/g, (_, offset = 0) => `load32_splat(a, ${16 + Number(offset)})`);
  const twice = advance.replace('a += 16', 'a += 32').replace('b += 32', 'b += 64');
  return `let b0: v128, b1: v128, x: v128;
  const pairs = a + ((k & ~1) << 4);
  while (a < pairs) {${steps}${second}${twice}}
  while (a < end) {${body}}`;
}

function compile(changes) {
  const changed = changes.reduce((before, [what, by]) => {
    const after = before.replace(what, by);
    if (after === before) throw new Error(`gemm.as.ts has no ${what} any more: mend this script.`);
    return after;
  }, source);
  return compileKernels(gemm, { sources: { [gemm]: changed }, features: ['relaxed-simd'] });
}

/** Runs one shape for some milliseconds and tells its GFLOP/s. */
function prepare(binary) {
  const { exports, memory } = instantiate(binary, 1600);
  const first = 65536;
  exports.scratch.value = first;
  const base = first + exports.scratchBytes();
  new Float32Array(memory.buffer, base).fill(1e-3);
  return ({ m, k, n, packed, transposeA }) => {
    const [a, b] = [base, base + 4 * m * k];
    const [c, panels] = [b + 4 * k * n, b + 4 * k * n + 4 * m * n];
    if (packed) exports.pack(0, n, n, k, b, n, 1, panels);
    const [row, column] = transposeA ? [1, m] : [k, 1];
    const run = packed
      ? () => exports.gemmPacked(0, m, 0, m, n, k, a, panels, c, 0)
      : () => exports.gemm(0, m, 0, m, n, k, a, row, column, b, n, 1, c, 0);
    const flops = 2 * m * k * n;
    const times = Math.ceil(1e9 / flops);
    const began = performance.now();
    for (let i = 0; i < times; i++) run();
    return (flops * times) / (performance.now() - began) / 1e6;
  };
}

const binaries = Object.fromEntries(
  await Promise.all(Object.entries(designs).map(async ([name, changes]) => [name, await compile(changes)])),
);
const temporary = mkdtempSync(join(tmpdir(), 'rnnlab-kernel-designs-'));
const { processor, vectorPeak } = describeMachine(temporary);
rmSync(temporary, { recursive: true });
console.log(`${processor}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`);
if (vectorPeak) console.log(`peak of 128-bit registers: ${vectorPeak.rate} GFLOP/s`);
const rates = {};
for (let round = 0; round < 6; round++) {
  for (const [name, binary] of Object.entries(binaries)) {
    if (!WebAssembly.validate(binary)) {
      rates[name] = 'this engine has no relaxed SIMD';
      continue;
    }
    rates[name] ??= {};
    const measure = prepare(binary);
    for (const shape of shapes) {
      const rate = measure(shape);
      // The first round is compiled by the quick compiler in parts.
      if (round > 0)
        rates[name][shape.name] = Math.max(rates[name][shape.name] ?? 0, Number(rate.toFixed(1)));
    }
  }
}
for (const [name, rate] of Object.entries(rates))
  if (typeof rate === 'string') console.log(`${name}: NOT MEASURED, ${rate}`);
console.table(Object.fromEntries(Object.entries(rates).filter(([, rate]) => typeof rate === 'object')));
