/**
 * A checkpoint: everything about a training run in one safetensors file, so that PyTorch's tools read the weights and
 * `rnnlab resume` goes on bit for bit.
 *
 *   tensors                              are
 *   rnn.weight_ih_l0, head.bias, …       the weights, under PyTorch's names
 *   optimizer.<parameter>.<slot>, carried.h, carried.c, …      see trainer-state.ts
 *
 *   __metadata__                         is text
 *   format                               "pt", as other tools expect it
 *   rnnlab.schema                        version of this layout, an integer; see checkpoint-schema.ts
 *   rnnlab.version                       version of @rnnlab/train that wrote the file
 *   rnnlab.model                         JSON: what `createLanguageModel` takes
 *   rnnlab.tokenizer                     JSON: what `tokenizerFromJSON` takes
 *   rnnlab.progress                      JSON: counters, data cursor, random generators, optimizer options
 *   rnnlab.history                       JSON: a list of events
 *   anything else                        notes of whoever saved it
 *
 * Everything here works on bytes and runs in any JavaScript engine; files are in node/checkpoint-file.ts.
 */
import {
  CheckpointError,
  openSafetensors,
  safetensorsChunks,
  Tensor,
  type ByteSource,
  type RawTensor,
} from '@rnnlab/tensor';
import { checkConfig, checkHistory, checkProgress } from './checkpoint-checks';
import { migrate, schemaVersion } from './checkpoint-schema';
import type { LanguageModelConfig } from './create-language-model';
import type { TrainerProgress } from './trainer-state';
import { libraryVersion } from './version';

/** A moment of a run, as kept in {@link Checkpoint.history}: an event of the trainer, or an object of your own. */
export type HistoryEntry = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * What a checkpoint file holds. A trained model alone is `{ model: model.config, tensors: model.stateDict() }`;
 * one that training can go on from is `{ model: model.config, ...trainer.stateDict() }`.
 */
export interface Checkpoint {
  /** Builds the model: `createLanguageModel(checkpoint.model)`, or {@link modelFromCheckpoint} with its weights. */
  readonly model: LanguageModelConfig;
  /** `tokenizer.toJSON()` when saving; parsed JSON after loading: see {@link tokenizerFromCheckpoint}. */
  readonly tokenizer?: unknown;
  /** Weights and, beside `progress`, the other tensors of {@link TrainerState}. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Absent when only a model was saved. */
  readonly progress?: TrainerProgress;
  /** JSON objects, oldest first; evaluations and samples rather than every step. */
  readonly history?: readonly HistoryEntry[];
  /** Text by name: where the data came from, a licence, a command line. Names do not start with `rnnlab.`. */
  readonly notes?: ReadonlyMap<string, string>;
}

/** A checkpoint that was read, with what its file says about itself. */
export interface LoadedCheckpoint extends Checkpoint {
  readonly tensors: Map<string, Tensor>;
  readonly history: readonly HistoryEntry[];
  readonly notes: Map<string, string>;
  /** Version of @rnnlab/train that wrote the file. */
  readonly libraryVersion: string;
  /** Version of the layout in the file, before any migration. */
  readonly schema: number;
}

const prefix = 'rnnlab.';

/**
 * The bytes of a checkpoint file in pieces that share the tensors' memory: do not train before they are written.
 *
 * @throws {@link CheckpointError} at the first piece when something cannot be saved, e.g. a number that is
 *   not finite.
 */
export function* checkpointChunks(checkpoint: Checkpoint): Generator<Uint8Array, void, undefined> {
  const { model, tokenizer, tensors, progress, history, notes } = checkpoint;
  checkConfig('saveCheckpoint', model);
  const metadata = new Map<string, string>([
    ['format', 'pt'],
    [`${prefix}schema`, String(schemaVersion)],
    [`${prefix}version`, libraryVersion],
  ]);
  for (const [name, value] of Object.entries({ model, tokenizer, progress, history })) {
    if (value !== undefined) metadata.set(prefix + name, toJson(name, value));
  }
  for (const [name, text] of notes ?? []) {
    if (name === 'format' || name.startsWith(prefix)) {
      throw new CheckpointError(
        `saveCheckpoint: a note is named ${JSON.stringify(name)}. Choose another name.`,
      );
    }
    metadata.set(name, text);
  }
  yield* safetensorsChunks(tensors, metadata);
}

/** JSON that gives every number back; NaN and Infinity would silently turn into null. */
function toJson(name: string, value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) {
      throw new CheckpointError(
        `saveCheckpoint: ${key || 'a number'} in ${name} is ${part}, which JSON cannot hold. Leave it out.`,
      );
    }
    return part;
  });
}

/**
 * Reads and checks a checkpoint, one tensor after the other.
 *
 * @param source The file's bytes, or anything they can be read from.
 * @throws {@link CheckpointError} when it is damaged, no checkpoint, or of a schema this version cannot read.
 */
export async function readCheckpoint(source: Uint8Array | ByteSource): Promise<LoadedCheckpoint> {
  const file = await openSafetensors(source instanceof Uint8Array ? memorySource(source) : source);
  const version = file.metadata.get(`${prefix}version`) ?? 'unknown';
  const { schema, fields } = migrate(ownFields(file.metadata), version);
  const model = checkConfig('loadCheckpoint', parseJson(fields, 'model'));
  const progress = fields.has('progress') ? checkProgress(parseJson(fields, 'progress')) : undefined;
  const history = fields.has('history') ? checkHistory(parseJson(fields, 'history')) : [];
  const tokenizer = fields.has('tokenizer') ? parseJson(fields, 'tokenizer') : undefined;
  const notes = new Map([...file.metadata].filter(([name]) => name !== 'format' && !name.startsWith(prefix)));
  const tensors = new Map<string, Tensor>();
  for (const name of file.entries.keys()) tensors.set(name, checkTensor(name, await file.load(name)));
  return { model, tokenizer, tensors, progress, history, notes, libraryVersion: version, schema };
}

const memorySource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});

/** Our metadata without the prefix. */
function ownFields(metadata: ReadonlyMap<string, string>): Map<string, string> {
  const own = [...metadata].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, text]) => [name.slice(prefix.length), text]));
}

function parseJson(fields: ReadonlyMap<string, string>, name: string): unknown {
  const text = fields.get(name);
  if (text === undefined) {
    throw new CheckpointError(`loadCheckpoint: the file has no ${prefix}${name}. Save it again.`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError(
      `loadCheckpoint: ${prefix}${name} is no JSON. The file is damaged: go back to an earlier checkpoint.`,
      { cause },
    );
  }
}

function checkTensor(name: string, value: Tensor | RawTensor): Tensor {
  if (value instanceof Tensor) return value;
  throw new CheckpointError(
    `loadCheckpoint: tensor ${JSON.stringify(name)} is ${value.dtype}, expected F32, F64 or I32. Convert it first.`,
  );
}
