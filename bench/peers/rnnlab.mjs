/** rnnlab in Node, on the backend and the number of threads that the workload names. See serve.mjs. */
import { serve } from './serve.mjs';

await serve(async (workload, given) => {
  const { prepare } = await import('./rnnlab-work.mjs');
  return { ...(await prepare(workload, given)), versions: { Node: process.versions.node } };
});
process.exit(); // threads and libraries of a backend may still be alive
