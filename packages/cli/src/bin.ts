#!/usr/bin/env node
import { interruptSignal } from './interrupt';
import { main } from './main';

// The reader of a pipe went away, as in `rnnlab generate … | head`: no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { stdin, stdout, stderr, env } = process;
const program = [process.execPath, ...process.execArgv, process.argv[1]];
const io = { stdin, stdout, stderr, program, env, signal: interruptSignal() };
void main(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
});
