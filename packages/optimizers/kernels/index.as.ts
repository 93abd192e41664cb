export { sgd } from './sgd.as';
export { adam, adamax, nadam, radam } from './adam.as';
export { adadelta, adagrad, rmsProp } from './rates.as';
export { lion, rprop } from './signs.as';
export { average, scale, sumOfSquares } from './norm.as';
