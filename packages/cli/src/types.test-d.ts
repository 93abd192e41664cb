/** The public types, checked by `tsc -b`: nothing here runs. */
import { expectTypeOf } from 'vitest';
import { defineConfig, main, type CommandIO, type RnnlabConfig } from './index';

// `rnnlab.config.ts`
defineConfig({ train: { cell: 'lstm', hidden: 64, optimizer: 'adamw', schedule: 'cosine' } });
expectTypeOf(defineConfig).toEqualTypeOf<(config: RnnlabConfig) => RnnlabConfig>();
// @ts-expect-error there is no such cell
defineConfig({ train: { cell: 'transformer' } });
// @ts-expect-error an option is called as on the command line
defineConfig({ train: { hiddenSize: 64 } });
// @ts-expect-error there is no such command
defineConfig({ retrain: {} });

expectTypeOf(main).toEqualTypeOf<(args: readonly string[], io: CommandIO) => Promise<number>>();
