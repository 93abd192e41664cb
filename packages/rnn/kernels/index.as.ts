export { rnnForward, rnnBackward } from './rnn.as';
export { softmaxMinusOneHot } from './cross-entropy.as';
