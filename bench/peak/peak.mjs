/** `node peak.mjs MODULE.wasm`: GFLOP/s of peak.as.ts in this Node, the best of several runs. See machine.mjs. */
import { readFileSync } from 'node:fs';

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]));
const rounds = 4e6;
const flops = rounds * 12 * 4 * 2;
let best = 0;
for (let run = 0; run < 8; run++) {
  const begin = performance.now();
  instance.exports.peak(rounds);
  best = Math.max(best, flops / (performance.now() - begin) / 1e6);
}
console.log(best);
