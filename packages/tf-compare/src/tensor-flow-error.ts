import { RnnlabError } from '@rnnlab/tensor';

/** No TensorFlow engine of the kind that was asked for can run here; the message says why and what to do. */
export class TensorFlowError extends RnnlabError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_TENSORFLOW', message, options);
  }
}
