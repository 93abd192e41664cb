/** The public types, checked by `tsc -b`: nothing here runs. */
import type { Backend } from '@rnnlab/tensor';
import { expectTypeOf } from 'vitest';
import { blasBackend, type BlasBackend, type BlasBackendOptions } from './index';

expectTypeOf(blasBackend).toEqualTypeOf<(options?: BlasBackendOptions) => BlasBackend>();
expectTypeOf<BlasBackend>().toExtend<Backend>();
expectTypeOf<BlasBackend['dispose']>().toEqualTypeOf<() => void>();
// @ts-expect-error a library is a path
blasBackend({ library: 1 });
