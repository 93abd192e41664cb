/**
 * What all peers start from, so that their losses can be compared: weights uniform in ±1/√H by their PyTorch names, ids and
 * targets, or the two matrices of a product; the same in every run. One file of raw numbers, little-endian, and a table of
 * where each tensor stands in it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rng } from '../packages/tensor/dist/index.js';

const gates = { lstm: 4, gru: 3, rnn: 1 };

/** Shapes by name; int32 for ids, float32 for all else. */
export function tensorsOf(workload) {
  const { kind, cell, vocabSize, hiddenSize, numLayers, seqLen, batchSize, m, k, n, transposeA } = workload;
  if (kind === 'product') return { a: transposeA ? [k, m] : [m, k], b: [k, n] };
  const rows = gates[cell] * hiddenSize;
  const shapes = {};
  for (let layer = 0; layer < numLayers; layer++) {
    shapes[`rnn.weight_ih_l${layer}`] = [rows, layer === 0 ? vocabSize : hiddenSize];
    shapes[`rnn.weight_hh_l${layer}`] = [rows, hiddenSize];
    shapes[`rnn.bias_ih_l${layer}`] = [rows];
    // the GRU with its reset gate behind the product needs both
    if (cell === 'gru') shapes[`rnn.bias_hh_l${layer}`] = [rows];
  }
  Object.assign(shapes, { 'head.weight': [vocabSize, hiddenSize], 'head.bias': [vocabSize] });
  if (kind === 'train') Object.assign(shapes, { ids: [seqLen, batchSize], targets: [seqLen, batchSize] });
  return shapes;
}

/** Writes the numbers of a workload into `folder` and returns what a peer needs to read them. */
export function writeGiven(workload, folder) {
  const rng = new Rng(1);
  const bound = workload.kind === 'product' ? 1 : 1 / Math.sqrt(workload.hiddenSize);
  const tensors = {};
  const parts = [];
  let offset = 0;
  for (const [name, shape] of Object.entries(tensorsOf(workload))) {
    const size = shape.reduce((product, length) => product * length, 1);
    const whole = name === 'ids' || name === 'targets';
    const data = whole
      ? Int32Array.from({ length: size }, () => rng.int(workload.vocabSize))
      : // positive in a product, so that its sums do not cancel
        Float32Array.from({ length: size }, () =>
          workload.kind === 'product' ? rng.uniform() : rng.uniform(-bound, bound),
        );
    tensors[name] = { dtype: whole ? 'int32' : 'float32', shape, offset };
    parts.push(Buffer.from(data.buffer));
    offset += data.byteLength;
  }
  const file = join(folder, `${workload.id}.bin`);
  writeFileSync(file, Buffer.concat(parts));
  return { file, tensors };
}
