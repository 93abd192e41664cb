#!/usr/bin/env node
import { interruptSignal } from './interrupt';
import { main } from './main';

// The reader of a pipe went away, as in `rnnlab generate … | head`: no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { stdout, stderr, env } = process;
void main(process.argv.slice(2), { stdout, stderr, env, signal: interruptSignal() }).then((code) => {
  process.exitCode = code;
});
