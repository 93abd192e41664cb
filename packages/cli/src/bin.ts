#!/usr/bin/env node
import { interruptSignal } from './interrupt';
import { main } from './main';

// The reader of a pipe went away, as in `rnnlab generate … | head`: no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { stdin, stdout, stderr, env } = process;
void main(process.argv.slice(2), { stdin, stdout, stderr, env, signal: interruptSignal() }).then((code) => {
  process.exitCode = code;
});
