/**
 * Versions of the checkpoint's layout. Raise `schemaVersion` when the meaning of a field changes, and add the step
 * that turns the old fields into the new ones; a step that cannot be made is a sentence that says why.
 *
 *   1   the first
 */
import { CheckpointError } from '@rnnlab/tensor';
import { libraryVersion } from './version';

/** The version that this library writes. */
export const schemaVersion = 1;

/** The JSON texts of a file by name (`model`, `progress`, …). */
export type CheckpointFields = Map<string, string>;

/** From one version to the next, or the reason why there is no way. */
export type Migration = ((fields: CheckpointFields) => CheckpointFields) | string;

/** `migrations.get(n)` leads from schema n to n + 1. */
const migrations: ReadonlyMap<number, Migration> = new Map();

/**
 * Brings the fields of a file to the present schema.
 *
 * @param version Version of the library that wrote them, for messages.
 * @throws {@link CheckpointError} when the file is no checkpoint, newer than this library, or too old.
 */
export function migrate(
  fields: CheckpointFields,
  version: string,
  { current = schemaVersion, steps = migrations } = {},
): { schema: number; fields: CheckpointFields } {
  const text = fields.get('schema');
  if (text === undefined) {
    throw new CheckpointError(
      'loadCheckpoint: this safetensors file holds tensors, but no rnnlab checkpoint (rnnlab.schema is missing). ' +
        'To use its weights, build the model and pass them to model.loadStateDict: readSafetensors of @rnnlab/tensor reads them.',
    );
  }
  const schema = Number(text);
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new CheckpointError(
      `loadCheckpoint: rnnlab.schema is ${JSON.stringify(text.slice(0, 40))}, expected an integer from 1 to ${current}. The file is damaged: go back to an earlier checkpoint.`,
    );
  }
  if (schema > current) {
    throw new CheckpointError(
      `loadCheckpoint: the file has schema ${schema} (written by @rnnlab/train ${version.slice(0, 40)}), @rnnlab/train ${libraryVersion} reads up to ${current}. Update @rnnlab/train.`,
    );
  }
  let migrated = fields;
  for (let from = schema; from < current; from++) {
    const step = steps.get(from) ?? 'there is no step between these versions';
    if (typeof step === 'string') {
      throw new CheckpointError(
        `loadCheckpoint: the file has schema ${from}, which cannot become ${from + 1}: ${step}. ` +
          `Load it with @rnnlab/train ${version.slice(0, 40)}, which wrote it.`,
      );
    }
    migrated = step(migrated);
  }
  return { schema, fields: migrated };
}
