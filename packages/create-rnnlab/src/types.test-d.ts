/** The public types, checked by `tsc -b`: nothing here runs. */
import { expectTypeOf } from 'vitest';
import { createProject, type CellType, type ProjectOptions } from './index';

expectTypeOf(createProject).parameter(0).toEqualTypeOf<ProjectOptions>();
expectTypeOf(createProject({ folder: 'names', cell: 'gru' })).resolves.toEqualTypeOf<string>();
expectTypeOf<CellType>().toEqualTypeOf<'lstm' | 'gru' | 'rnn'>();
// @ts-expect-error a cell that there is not
void createProject({ folder: 'names', cell: 'mgu' });
// @ts-expect-error a project needs a folder
void createProject({});
