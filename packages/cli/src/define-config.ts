import type { BackendOptions } from './backend-options';
import type { CompareOptions } from './compare-options';
import type { GenerateOptions } from './generate';
import type { ObserverOptions } from './create-observers';
import type { SweepOptions } from './sweep';
import type { TrainOptions } from './train-settings';

/** What `rnnlab.config.ts` may export: defaults of one's own, by command. The command line wins. */
export interface RnnlabConfig {
  train?: Partial<TrainOptions> & BackendOptions & ObserverOptions & { out?: string; keepLast?: number };
  generate?: Partial<GenerateOptions>;
  resume?: BackendOptions & ObserverOptions;
  eval?: BackendOptions & { json?: boolean };
  /** `set` as on the command line: `['hidden=25,50', 'cell=lstm,gru']`. */
  sweep?: Partial<Pick<SweepOptions, 'random' | 'seed' | 'jobs' | 'out' | 'json'>> & {
    set?: string | string[];
  };
  compare?: Partial<CompareOptions>;
  doctor?: { json?: boolean };
}

/**
 * Gives `rnnlab.config.ts` its types.
 *
 * @example
 * ```ts
 * import { defineConfig } from '@rnnlab/cli';
 *
 * export default defineConfig({ train: { cell: 'gru', hidden: 100 }, generate: { temperature: 0.7 } });
 * ```
 */
export function defineConfig(config: RnnlabConfig): RnnlabConfig {
  return config;
}
