import type { TrainerEvent } from '@rnnlab/train';
import { expect, it } from 'vitest';
import { createProgress } from './progress';
import { styleFor } from './style';
import { capturedIO } from './testing/captured-io';

const at = (step: number, epoch: number) => ({ step, epoch, seconds: step / 10 });
const events: TrainerEvent[] = [
  {
    type: 'start',
    ...at(0, 0),
    resumed: false,
    stepsPerEpoch: 100,
    lastStep: 2000,
    parameters: 10,
    trainingTokens: 10,
    validationTokens: 10,
  },
  step(99, 0),
  step(100, 1),
  {
    type: 'evaluation',
    ...at(100, 1),
    loss: 2.34567,
    bitsPerCharacter: 3.4,
    perplexity: 10,
    trainingLoss: 2.5,
    best: true,
    bestLoss: 2.34567,
    bestStep: 100,
    evaluationsSinceBest: 0,
    updateToWeightRatio: {},
    evaluationSeconds: 0.1,
  },
  step(500, 1),
];

function step(step: number, epoch: number): TrainerEvent {
  return {
    type: 'step',
    ...at(step, epoch),
    loss: 2,
    smoothedLoss: 2.111,
    tokens: 10,
    tokensPerSecond: 6000,
    learningRate: 0.01,
    gradientNorm: 1,
    secondsLeft: 75,
  };
}

function show(io: ReturnType<typeof capturedIO>): string {
  const progress = createProgress(io.stdout, styleFor(io.stdout, io.env), { charactersPerToken: 2 });
  for (const event of events) progress.show(event);
  progress.stop();
  return io.out();
}

it('writes plain lines where there is no terminal: one an evaluation, and one when that takes long', () => {
  expect(show(capturedIO())).toBe(
    'step 100/2,000 · epoch 1 · train 2.500 · validation 2.346 nats/char · 12,000 chars/s · 1:15 min left\n' +
      'step 500/2,000 · epoch 1 · train 2.111 · validation 2.346 nats/char · 12,000 chars/s · 1:15 min left\n',
  );
});

it('draws a bar on a terminal', () => {
  const text = show(capturedIO({ isTTY: true, columns: 120 }));
  expect(text).toContain(
    ' 25% step 500/2,000 · train 2.111 · validation 2.346 nats/char · 12,000 chars/s · 1:15 min left',
  );
  expect(text).toMatch(/█/);
  expect(text).toContain('\u001b[32m'); // green
});

it('shortens the words on a narrow terminal, so that the bar still fits', () => {
  const text = show(capturedIO({ isTTY: true, columns: 80, env: { NO_COLOR: '1' } }));
  const last = text.slice(text.lastIndexOf('█'), -1);
  expect(last).toContain(' 25% 500/2,000 · train 2.111 val 2.346 nats/char · 12k chars/s · 1:15 left');
});

it('draws without colour under NO_COLOR, and no wider than the terminal', () => {
  const text = show(capturedIO({ isTTY: true, columns: 60, env: { NO_COLOR: '1' } }));
  expect(text).not.toMatch(/\u001b\[\d*m/);
  expect(text).toContain('500/2,000 · train 2.111 val 2.346 nats/char · ');
  expect(text).not.toContain('min left');
});
