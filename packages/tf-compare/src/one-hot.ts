/**
 * Ids and targets of rnnlab (int32 [T, B], time-major) as TensorFlow's layers want them (float [B, T, V], batch-first).
 *
 * What is padding becomes a vector of zeros: an id behind its row's length is no token, and neither is a target that is not
 * counted. With zeros as input an embedding gives zeros, with zeros as target the sum of a loss has no term, so no padding
 * ever counts as one-hot vector, as embedding or as target.
 */
import { ConfigError, ShapeError, formatShape, type Tensor } from '@rnnlab/tensor';
import { ignoreIndex } from '@rnnlab/train';

/** [B·T·V] one-hot vectors of ids [T, B], zero behind `lengths` and where an id is {@link ignoreIndex}. */
export function oneHot(ids: Tensor, vocabSize: number, lengths?: ArrayLike<number>): Float32Array {
  if (ids.rank !== 2 || ids.dtype !== 'int32') {
    throw new ShapeError(
      `TFCharRNN: ids are ${ids.dtype} ${formatShape(ids.shape)}, expected int32 [seqLen, batchSize].`,
    );
  }
  const [seqLen, batchSize] = ids.shape;
  const out = new Float32Array(batchSize * seqLen * vocabSize);
  for (let b = 0; b < batchSize; b++) {
    const length = lengths ? lengths[b] : seqLen;
    for (let t = 0; t < length; t++) {
      const id = ids.data[t * batchSize + b];
      if (id === ignoreIndex) continue;
      if (id < 0 || id >= vocabSize) {
        throw new ConfigError(
          `TFCharRNN: id ${id} at [${t}, ${b}], expected 0 to vocabSize − 1 = ${vocabSize - 1}.`,
        );
      }
      out[(b * seqLen + t) * vocabSize + id] = 1;
    }
  }
  return out;
}

/** [B·T]: 1 where a step is real, 0 behind `lengths`. */
export function realSteps(seqLen: number, batchSize: number, lengths: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: batchSize * seqLen }, (_, k) =>
    Number(k % seqLen < lengths[Math.floor(k / seqLen)]),
  );
}
