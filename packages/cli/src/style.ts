import colors from 'picocolors';
import type { CommandIO, OutputStream } from './io';

/** Colours for a stream: none unless it is a terminal, and none with NO_COLOR (no-color.org) or TERM=dumb. */
export function styleFor(stream: OutputStream, env: CommandIO['env']) {
  const wanted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  return colors.createColors(wanted);
}

export type Style = ReturnType<typeof styleFor>;
