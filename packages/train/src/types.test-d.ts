/** The public types, checked by `tsc -b`: nothing here runs. */
import { LSTM } from '@rnnlab/lstm';
import { Adam, cosineSchedule } from '@rnnlab/optimizers';
import { LanguageModel } from '@rnnlab/rnn';
import { expectTypeOf } from 'vitest';
import {
  createLanguageModel,
  LinesDataset,
  type TextDataset,
  Trainer,
  type Dataset,
  type StopReason,
  type TrainableOptimizer,
  type TrainerEvent,
} from './index';

expectTypeOf<LinesDataset>().toExtend<Dataset>();
expectTypeOf<TextDataset>().toExtend<Dataset>();
expectTypeOf<Adam>().toExtend<TrainableOptimizer>();

const dataset = new LinesDataset('anna\notto\n');
const model = new LanguageModel({ recurrent: new LSTM({ inputSize: 9, hiddenSize: 4 }), vocabSize: 9 });
const optimizer = new Adam(model.parameters());
const learningRate = cosineSchedule({ learningRate: 0.1, decaySteps: 10 });
const trainer = new Trainer({ model, dataset, optimizer, learningRate, epochs: 1 });
expectTypeOf(trainer.run()).toEqualTypeOf<AsyncGenerator<TrainerEvent, void, undefined>>();

// `type` tells an event apart.
const event = {} as TrainerEvent;
if (event.type === 'stop') expectTypeOf(event.reason).toEqualTypeOf<StopReason>();
if (event.type === 'step') expectTypeOf(event.gradientNorm).toEqualTypeOf<number>();
// @ts-expect-error a step has no texts
if (event.type === 'step') void event.texts;
// @ts-expect-error what is trained?
new Trainer({ dataset, optimizer });
// @ts-expect-error every two of what?
new Trainer({ model, dataset, optimizer, evaluateEvery: { batches: 2 } });

expectTypeOf(createLanguageModel({ cell: 'gru', vocabSize: 9, hiddenSize: 4 })).toExtend<LanguageModel>();
// @ts-expect-error there is no such cell
createLanguageModel({ cell: 'transformer', vocabSize: 9, hiddenSize: 4 });
