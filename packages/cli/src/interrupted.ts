/** The command stopped because it was asked to, with everything saved: no error, but no success either. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** 128 + the number of the signal, as shells have it. */
  readonly exitCode: number;

  constructor(signal: AbortSignal) {
    super(`Interrupted by ${String(signal.reason)}`);
    this.exitCode = signal.reason === 'SIGTERM' ? 143 : 130;
  }
}
