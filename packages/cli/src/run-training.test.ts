import { dirname, join } from 'node:path';
import { createLanguageModel, LinesDataset } from '@rnnlab/train';
import { loadCheckpoint } from '@rnnlab/train/node';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { RunObserver } from './run-observer';
import { runTraining } from './run-training';
import { someNames, temporaryFile } from './testing/small-corpus';
import { resolveSettings } from './train-settings';

it('saves once a minute between the measurements, so that a crash costs no more', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const path = join(dirname(file), 'model.safetensors');
  const options = { data: 'lines', batch: 4, hidden: 3, epochs: 1 } as const; // 14 steps, measured at the end
  const { settings, because } = resolveSettings(options, someNames, file);
  const dataset = new LinesDataset(someNames, { lowerCase: true });
  const { vocabSize } = dataset.tokenizer;
  const model = createLanguageModel({ cell: 'lstm', vocabSize, hiddenSize: 3 });

  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  const observer: RunObserver = {
    event({ type, step }) {
      if (type === 'step' && step === 3) now += 60_001;
      if (type === 'step' && step === 5) now += 59_999;
      if (type === 'step' && step === 8) throw new Error('the power is gone');
    },
    close: vi.fn(),
  };
  const run = { files: [file], settings, because, dataset, model, path };
  await expect(runTraining(run, [observer], new AbortController().signal)).rejects.toThrow(
    'the power is gone',
  );
  expect(observer.close).toHaveBeenCalledOnce();
  expect((await loadCheckpoint(path)).progress?.step).toBe(3);
});
