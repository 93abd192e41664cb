/** Writes the page and its plots. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchmarkPlots } from '../docs/scripts/benchmark-plots.mjs';
import { contestants } from './contestants.mjs';
import { pageOf } from './page.mjs';
import { recordOf, valueOf } from './results.mjs';
import { workloads } from './workloads.mjs';

/** A point for every contestant and training workload that ran. */
export function pointsOf(results) {
  return workloads
    .filter(({ kind, fresh, profile }) => kind === 'train' && !fresh && !profile)
    .flatMap((workload) =>
      workload.contestants
        .filter((id) => recordOf(results, workload.id, id))
        .map((id) => {
          const { name, family } = contestants.get(id);
          const rate = valueOf(results, workload.id, id);
          const seconds = (workload.seqLen * workload.batchSize) / rate;
          const { peakMiB } = recordOf(results, workload.id, id);
          const { hiddenSize, seqLen, batchSize, numLayers, cell } = workload;
          return {
            ...{ workload: workload.id, id, name, family, cell, numLayers },
            ...{ hiddenSize, seqLen, batchSize, rate, seconds, peakMiB },
          }; // prettier-ignore
        }),
    );
}

/** @returns the path of the page */
export function writePage(results, folder) {
  const plots = benchmarkPlots(pointsOf(results));
  const notes = new URL('notes.md', import.meta.url);
  const text = pageOf(results, existsSync(notes) ? readFileSync(notes, 'utf8') : '', Object.keys(plots));
  mkdirSync(join(folder, 'benchmarks'), { recursive: true });
  for (const [name, svg] of Object.entries(plots))
    writeFileSync(join(folder, 'benchmarks', `${name}.svg`), svg);
  const page = join(folder, 'benchmarks.md');
  writeFileSync(page, text);
  return page;
}
