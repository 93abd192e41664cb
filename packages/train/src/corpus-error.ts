import { RnnlabError } from '@rnnlab/tensor';

/** A text is empty, too short, or no text at all. */
export class CorpusError extends RnnlabError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_CORPUS', message, options);
  }
}
