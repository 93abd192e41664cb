/** Runs the programs in a page and leaves what they found where the test driver looks. */
import { run } from './train-names.mjs';
import { trainWithTrainer } from './with-trainer.mjs';

window.found = run()
  .then(async (found) => {
    await trainWithTrainer();
    return { ...found, isolated: crossOriginIsolated };
  })
  .catch((error) => ({ error: String(error?.stack ?? error) }));
