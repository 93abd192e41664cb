/** Something that the user can mend: told in one sentence, without a stack. */
export class StarterError extends Error {
  override readonly name = 'StarterError';
  readonly code = 'ERR_STARTER';
}
