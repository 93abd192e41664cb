/**
 * The mutations: small changes of the sources, each a mistake that somebody has made. Every one must turn a test red.
 *
 *   file       what is changed
 *   tests      the test files that see it: one that sees it early is enough
 *   only       a regular expression for names of tests, where the whole file would take long
 *   mutations  what the mistake is → [find, replace] …; every `find` is in the file exactly once
 */
import { cells } from './cells.mjs';
import { data } from './data.mjs';
import { kernels } from './kernels.mjs';
import { losses } from './losses.mjs';
import { optimizers } from './optimizers.mjs';
import { recurrence } from './recurrence.mjs';
import { tfCompare } from './tf-compare.mjs';

/** One mutation each: { what, file, tests, only, edits }. */
export const mutations = [cells, recurrence, losses, optimizers, data, kernels, tfCompare]
  .flat()
  .flatMap(({ file, tests, only, mutations }) =>
    Object.entries(mutations).map(([what, edits]) => ({ what, file, tests, only, edits })),
  );
