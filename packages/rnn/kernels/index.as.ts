export { rnnForward, rnnBackward } from './rnn.as';
