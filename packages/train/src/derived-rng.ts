import { Rng } from '@rnnlab/tensor';

/**
 * A generator for one purpose and moment of a run, e.g. the shuffle of epoch 3: it follows from its arguments
 * alone, so nothing has to be saved to draw the same again after a resume.
 *
 * @param seed 0 to 2³² − 1.
 * @param path Integers ≥ 0 that name the purpose and the moment.
 */
export function derivedRng(seed: number, ...path: number[]): Rng {
  let rng = new Rng(seed);
  for (const part of path) rng = new Rng((rng.uint32() ^ Math.imul(part + 1, 0x9e3779b9)) >>> 0);
  return rng;
}
