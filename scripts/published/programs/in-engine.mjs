/** Runs the program in an engine that has no bundler before it, and prints what it found as the last line. */
import { run } from './train-names.mjs';

console.log(`found ${JSON.stringify(await run())}`);
