/** Something the user can put right: the message is one sentence with the remedy, shown without a stack trace. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
