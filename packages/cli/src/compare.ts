/** `rnnlab compare`: the same network here and in TensorFlow.js, from the same weights on the same batches. */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, extname } from 'node:path';
import { Rng } from '@rnnlab/tensor';
import type { LoadedTensorFlow, TrainingStep } from '@rnnlab/tf-compare';
import { createLanguageModel, sampleTexts, type Batch, type LanguageModelConfig } from '@rnnlab/train';
import { compareGates } from './compare-gates';
import { compareNames } from './compare-names';
import type { CompareOptions } from './compare-options';
import type { Comparison } from './comparison';
import { comparisonPage } from './comparison-page';
import { comparisonSummary } from './comparison-summary';
import { createDataset } from './create-dataset';
import { integer } from './format';
import { Interrupted } from './interrupted';
import type { CommandIO } from './io';
import { loadTfCompare } from './load-tf-compare';
import { prepareOutput } from './output-path';
import { readTextFiles } from './read-text-files';
import { styleFor } from './style';
import { resolveSettings, type TrainSettings } from './train-settings';
import { version } from './version';

/** See the header of this file. */
export async function compare(options: CompareOptions & { file?: string }, io: CommandIO): Promise<void> {
  const { file, engine: wanted, out, optimizer, steps, ...rest } = options;
  const { stdout, signal } = io;
  const json = extname(out) ? `${out.slice(0, -extname(out).length)}.json` : `${out}.json`;
  const text = file === undefined ? compareNames : await readTextFiles([file]);
  const name = file ?? 'a list of given names';
  const { settings } = resolveSettings({ validationFraction: 0, ...rest, steps }, text, name);
  const dataset = createDataset(text, settings, name);
  for (const path of [out, json]) await prepareOutput(path, { what: 'page', name: 'compare.html' });
  const tf = await loadTfCompare();
  const engine = await tf.loadTensorFlow({ engine: wanted });
  const { bold } = styleFor(stdout, io.env);
  const row = (title: string, line: string) => stdout.write(`${bold(title.padEnd(11))} ${line}\n`);
  row('engine', describeEngine(engine));
  for (const { reason } of engine.skipped) row('', reason.replace(/^loadTensorFlow: /, ''));

  const config = modelConfig(settings, dataset.tokenizer.vocabSize);
  const model = createLanguageModel(config);
  const { batch: batchSize, seed, temperature, lr: learningRate, clip } = settings;
  const [first] = dataset.trainingBatches({ batchSize, epoch: 0, seed });
  const forward = tf.compareForward(engine, model, first);
  row('forward', `gates, states and scores agree to ${power(forward.largest.relative)}`);
  const gradients = tf.compareGradients(engine, model, first);
  row('gradients', `agree to ${power(gradients.largest.relative)}`);

  let epoch = 0;
  const training = await tf.compareTraining(engine, model, {
    batches: () => dataset.trainingBatches({ batchSize, epoch: epoch++, seed }) as Iterable<Batch>,
    steps,
    optimizer: { name: optimizer, learningRate },
    clipNorm: clip || undefined,
    carriesState: dataset.carriesState,
    signal,
    onStep: (step) => {
      if (step.step % Math.ceil(steps / 10) === 0) row('training', describeStep(step, steps));
    },
  });
  const { trainer } = training;
  try {
    if (signal.aborted) throw new Interrupted(signal);
    const draw = { count: 5, temperature, maxNewTokens: 60 };
    const samples = {
      seed,
      temperature,
      rnnlab: await sampleTexts(model, dataset, { ...draw, rng: new Rng(seed), signal }),
      tensorflow: tf.sampleTwin(trainer.twin, dataset, { ...draw, seed }),
    };
    const gates = compareGates(tf, engine, { model, twin: trainer.twin, dataset });
    const seqLen = Math.min(first.ids.shape[0], 64);
    const speed = await tf.compareSpeed(engine, { model: config, seqLen, batchSize, signal });
    if (signal.aborted) throw new Interrupted(signal);
    const comparison: Comparison = {
      title: `${settings.cell.toUpperCase()} on ${file === undefined ? name : basename(file)}: rnnlab and TensorFlow.js`,
      versions: versionsOf(engine, model.recurrent.cells[0][0].backend.name),
      settings: plainSettings({ file: name, ...settings, optimizer, resetAfter: config.resetAfter }),
      forward,
      gradients,
      training: {
        steps: training.steps,
        largestLossDifference: training.largestLossDifference,
        distance: training.distance,
        milliseconds: training.milliseconds,
      },
      gates,
      samples,
      speed: { ...speed, seqLen, batchSize },
    };
    await writeFile(out, comparisonPage(comparison));
    await writeFile(json, `${JSON.stringify(comparison)}\n`);
    stdout.write(`\n${comparisonSummary(comparison).join('\n')}\n\nPage: ${out}\nNumbers: ${json}\n`);
  } finally {
    trainer.dispose();
  }
}

function modelConfig(settings: TrainSettings, vocabSize: number): LanguageModelConfig {
  const { cell, hidden, layers, embedding, seed } = settings;
  return {
    cell,
    vocabSize,
    hiddenSize: hidden,
    numLayers: layers,
    seed,
    ...(embedding !== undefined && { embeddingDim: embedding }),
    ...(cell === 'gru' && { resetAfter: false }),
  };
}

function describeEngine({ engine, version: tfjs, tensorflowVersion }: LoadedTensorFlow): string {
  const library = tensorflowVersion ? `, TensorFlow ${tensorflowVersion}` : '';
  return `${engine}: TensorFlow.js ${tfjs}${library}`;
}

function versionsOf(engine: LoadedTensorFlow, backend: string): Record<string, string> {
  return {
    rnnlab: `${version}, backend ${backend}`,
    'TensorFlow.js': `${engine.version}, engine ${engine.engine}`,
    ...(engine.tensorflowVersion && { TensorFlow: engine.tensorflowVersion }),
    'Node.js': process.version,
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${process.platform} ${process.arch}`,
    date: new Date().toISOString().slice(0, 10),
  };
}

function plainSettings(all: Record<string, unknown>): Comparison['settings'] {
  const kept = Object.entries(all).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  return Object.fromEntries(kept) as Comparison['settings'];
}

function describeStep({ step, loss, relative, distance }: TrainingStep, steps: number): string {
  const losses = `loss ${loss.rnnlab.toFixed(4)} here, ${loss.tensorflow.toFixed(4)} there`;
  const apart = distance === undefined ? '' : `, weights ${power(distance)}`;
  return `step ${integer(step)}/${integer(steps)}: ${losses}; apart: loss ${power(relative)}${apart}`;
}

function power(x: number): string {
  return x.toExponential(1);
}
