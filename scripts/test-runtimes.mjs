/**
 * `npm run test:runtimes`: the published packages in every engine and through every bundler that they are written for.
 *
 *   npm run test:runtimes                          all; needs up to 1.5 GB for engines and bundlers
 *   npm run test:runtimes -- --only deno,node-26   those whose names begin so
 *
 * Publishes to a registry on loopback (scripts/published/), installs from there in a folder outside the workspace, and
 * trains there in each engine. An engine that cannot be had is a failure, not a skip: leave it out by --only. Some of
 * them are part of `npm run publish:local`, and so of `npm test`.
 */
import { parseArgs } from 'node:util';
import { install, turbo } from './pinned-pnpm.mjs';
import { startRegistry } from './published/registry.mjs';
import { release } from './published/release.mjs';
import { choose, trainEverywhere } from './published/runtimes/train-everywhere.mjs';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
try {
  const chosen = choose(values.only.split(','));
  for (const { ok, output } of [await install(), await turbo('build')]) if (!ok) throw new Error(output);
  const registry = await startRegistry();
  const published = await release(registry);
  console.log((await trainEverywhere(registry, chosen)).join('\n'));
  console.log(
    `${published.length} packages published on loopback, trained with in ${chosen.length} engines and pages`,
  );
  process.exit(0);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
