import { CheckpointError } from '@rnnlab/tensor';
import { expect, it } from 'vitest';
import { migrate, schemaVersion, type CheckpointFields, type Migration } from './checkpoint-schema';
import packageJson from '../package.json';
import { libraryVersion } from './version';

const fieldsOf = (schema: number): CheckpointFields =>
  new Map([
    ['schema', String(schema)],
    ['model', '{}'],
  ]);

const rename: Migration = (fields) => {
  const { model, ...rest } = Object.fromEntries(fields);
  return new Map(Object.entries({ ...rest, config: model }));
};
const mark: Migration = (fields) => new Map([...fields, ['marked', 'true']]);

it('makes every step from the schema of the file to the present one', () => {
  const steps = new Map([
    [1, rename],
    [2, mark],
  ]);
  expect(migrate(fieldsOf(1), '0.1.0', { current: 3, steps })).toEqual({
    schema: 1,
    fields: new Map([
      ['schema', '1'],
      ['config', '{}'],
      ['marked', 'true'],
    ]),
  });
  expect(migrate(fieldsOf(2), '0.2.0', { current: 3, steps }).fields.has('config')).toBe(false);
  expect(migrate(fieldsOf(3), '0.3.0', { current: 3, steps }).fields).toEqual(fieldsOf(3));
});

it('says why an old schema cannot be read', () => {
  const steps = new Map<number, Migration>([[1, 'it lacks the order of the gates']]);
  const read = (): unknown => migrate(fieldsOf(1), '0.1.0', { current: 2, steps });
  expect(read).toThrow(CheckpointError);
  expect(read).toThrow(
    'loadCheckpoint: the file has schema 1, which cannot become 2: it lacks the order of the gates. Load it with @rnnlab/train 0.1.0, which wrote it.',
  );
});

it('has a step or a reason for every schema there was', () => {
  for (let schema = 1; schema <= schemaVersion; schema++) {
    expect(migrate(fieldsOf(schema), libraryVersion).schema).toBe(schema);
  }
});

it('names the version of the package', () => {
  expect(libraryVersion).toBe(packageJson.version);
});
