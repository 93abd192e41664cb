import type * as TfCompare from '@rnnlab/tf-compare';
import type { LoadedTensorFlow, TensorFlowTwin } from '@rnnlab/tf-compare';
import { createLanguageModel, type ConfiguredLanguageModel, type Dataset } from '@rnnlab/train';
import { Tensor } from '@rnnlab/tensor';
import type { Comparison } from './comparison';

/** Characters that fit side by side on a narrow screen. */
const longest = 24;

/**
 * The gates of the first layer at every character of a text of the corpus, from the *trained* weights of either side: ours
 * in our network, TensorFlow's in TensorFlow's.
 */
export function compareGates(
  tf: typeof TfCompare,
  engine: LoadedTensorFlow,
  { model, twin, dataset }: { model: ConfiguredLanguageModel; twin: TensorFlowTwin; dataset: Dataset },
): Comparison['gates'] {
  const ids = chosenText(dataset);
  const input = { ids: Tensor.from(ids, { shape: [ids.length, 1] }) };
  const theirs = createLanguageModel(model.config);
  theirs.loadStateDict(twin.stateDict());
  const own = tf.compareForward(engine, model, input, { keepValues: true });
  const other = tf.compareForward(engine, theirs, input, { keepValues: true });
  const text = Array.from(ids, (id) => dataset.tokenizer.decode([id])).map((c) =>
    c.trim() === '' ? '·' : c,
  );
  const tensors = own.tensors.flatMap(({ name, values }, k) => {
    if (!values || !name.startsWith('l0.')) return [];
    const tensorflow = other.tensors[k].values!.tensorflow;
    const differences = values.rnnlab.flatMap((step, t) =>
      step.map((x, j) => Math.abs(x - tensorflow[t][j])),
    );
    return [
      {
        name: name.slice(3),
        largest: Math.max(...differences),
        rnnlab: rounded(values.rnnlab),
        tensorflow: rounded(tensorflow),
      },
    ];
  });
  return { text, tensors };
}

/** The longest line up to 24 characters, or the beginning of a text. */
function chosenText(dataset: Dataset): Int32Array {
  let chosen = new Int32Array();
  for (const sequence of dataset.sequences('training')) {
    const part = sequence.slice(0, longest);
    if (part.length > chosen.length) chosen = part;
    if (chosen.length === longest) break;
  }
  return chosen;
}

/** Six digits: enough to see a difference of float32 rounding, and a page half the size. */
function rounded(values: number[][]): number[][] {
  return values.map((step) => step.map((x) => Number(x.toPrecision(6))));
}
