export { gruForward, gruBackward } from './gru.as';
