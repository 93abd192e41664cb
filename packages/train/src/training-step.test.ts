/** What a gradient is made of: real targets only, each once, in whatever batches they come. */
import { describe, expect, it } from 'vitest';
import { createLanguageModel, type CellType } from './create-language-model';
import type { Batch } from './dataset';
import { lineBatch } from './line-batches';
import { LinesDataset } from './lines-dataset';
import { modelWorkspace } from './model-workspace';
import { TextDataset } from './text-dataset';
import { arraySource, equalStreams, streamChunks } from './text-streams';
import { accumulateGradients } from './training-step';

const cells: CellType[] = ['rnn', 'lstm', 'gru'];
const names = ['diplo', 'rex', 'stegosaurus', 'tri', 'allo', 'compy', 'mosasaur'];
const dataset = new LinesDataset(names, { validationEvery: 0 });
const lines = [...dataset.sequences('training')];

function setup(cell: CellType, numLayers = 2) {
  const vocabSize = dataset.tokenizer.vocabSize;
  const model = createLanguageModel({ cell, vocabSize, hiddenSize: 5, numLayers, dtype: 'float64', seed: 3 });
  const workspace = modelWorkspace(model);
  const gradient = (batches: Batch[], carries = false) => {
    const step = accumulateGradients(model, batches, undefined, carries, workspace);
    return { ...step, grads: model.parameters().map(({ grad }) => [...grad.data]) };
  };
  return { model, gradient };
}

/** Largest difference, relative to the largest number. */
function difference(a: number[][], b: number[][]): number {
  const largest = Math.max(...b.flat().map(Math.abs));
  return Math.max(...a.flatMap((row, p) => row.map((x, k) => Math.abs(x - b[p][k])))) / largest;
}

describe.each(cells)('%s', (cell) => {
  it('padding never counts: a padded batch is the mean over its lines, each alone, by their targets', () => {
    const { gradient } = setup(cell);
    const whole = gradient([lineBatch(lines)]);
    const total = lines.reduce((sum, line) => sum + line.length - 1, 0);
    expect(whole.tokens).toBe(total);
    const sums = whole.grads.map((row) => row.map(() => 0));
    let nats = 0;
    for (const line of lines) {
      const alone = gradient([lineBatch([line])]);
      nats += alone.loss * alone.tokens;
      alone.grads.forEach((row, p) => row.forEach((g, k) => (sums[p][k] += (g * alone.tokens) / total)));
    }
    expect(whole.loss).toBeCloseTo(nats / total, 12);
    expect(difference(whole.grads, sums)).toBeLessThan(1e-12);
  });

  it('accumulated batches of different size give the gradient of the one big batch', () => {
    const { gradient } = setup(cell);
    const whole = gradient([lineBatch(lines)]);
    const parts = gradient([
      lineBatch(lines.slice(0, 1)),
      lineBatch(lines.slice(1, 5)),
      lineBatch(lines.slice(5)),
    ]);
    expect(parts.tokens).toBe(whole.tokens);
    expect(parts.loss).toBeCloseTo(whole.loss, 12);
    expect(difference(parts.grads, whole.grads)).toBeLessThan(1e-12);
  });

  it('no state leaks between lines: a line has the same loss whatever was read before', () => {
    const { gradient } = setup(cell);
    const alone = gradient([lineBatch([lines[2]])]);
    gradient([lineBatch([lines[0]]), lineBatch([lines[1]])]);
    const later = gradient([lineBatch([lines[2]])]);
    expect(later).toEqual(alone);
    const swapped = gradient([lineBatch([lines[1], lines[2]])]);
    const straight = gradient([lineBatch([lines[2], lines[1]])]);
    expect(swapped.loss).toBeCloseTo(straight.loss, 12);
  });

  it('a carried state gives the loss of the whole text, chunked or not; without it, another', () => {
    const { gradient } = setup(cell);
    const text = new TextDataset(names.join('\n'), {
      seqLen: 4,
      validationFraction: 0,
      tokenizer: dataset.tokenizer,
    });
    const [ids] = text.sequences('training');
    const streams = equalStreams(arraySource(ids), 2);
    const whole = gradient([...streamChunks(streams, 1000)], true);
    const chunked = gradient([...streamChunks(streams, 4)], true);
    const forgetful = gradient([...streamChunks(streams, 4)], false);
    expect(chunked.tokens).toBe(whole.tokens);
    expect(chunked.loss).toBeCloseTo(whole.loss, 12);
    expect(Math.abs(forgetful.loss - whole.loss)).toBeGreaterThan(1e-6);
    // The gradient of chunks is truncated: it does not reach into the chunk before.
    expect(difference(chunked.grads, whole.grads)).toBeGreaterThan(1e-4);
  });
});
