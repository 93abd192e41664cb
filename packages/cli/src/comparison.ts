/** What `rnnlab compare` found out: the content of its page, and of the .json beside it. */
import type {
  ForwardComparison,
  GradientComparison,
  SpeedComparison,
  TrainingStep,
} from '@rnnlab/tf-compare';

export interface Comparison {
  title: string;
  /** What ran: rnnlab and its backend, the engine, TensorFlow.js, TensorFlow, Node, the machine. */
  versions: Record<string, string>;
  settings: Record<string, string | number | boolean>;
  /** One batch through the first weights. */
  forward: ForwardComparison;
  gradients: GradientComparison;
  training: {
    steps: TrainingStep[];
    largestLossDifference: number;
    distance: number;
    milliseconds: { rnnlab: number; tensorflow: number };
  };
  /** A text through the trained weights of both: every gate of every unit at every character. */
  gates: {
    text: string[];
    tensors: { name: string; largest: number; rnnlab: number[][]; tensorflow: number[][] }[];
  };
  samples: { seed: number; temperature: number; rnnlab: string[]; tensorflow: string[] };
  speed: SpeedComparison & { seqLen: number; batchSize: number };
}
