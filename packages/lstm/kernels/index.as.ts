export { lstmForward, lstmBackward } from './lstm.as';
