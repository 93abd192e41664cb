/** Paths of the optimizers on three surfaces, each at the best learning rate of a grid that keeps it in the picture. */
import {
  Adadelta,
  Adagrad,
  Adam,
  AMSGrad,
  LBFGS,
  Lion,
  Momentum,
  NAdam,
  RMSProp,
  Rprop,
  SGD,
} from '@rnnlab/optimizers';

export const surfaces = {
  /** 25 times as steep across as along. */
  ravine: {
    loss: (x, y) => (x * x + 25 * y * y) / 2,
    gradient: (x, y) => [x, 25 * y],
    start: [-4, 1],
    goal: [0, 0],
    x: [-4.6, 1.6],
    y: [-1.5, 1.5],
    steps: 40,
    height: (loss) => Math.sqrt(loss),
    levels: [0.25, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6],
  },
  /** A curved valley with a flat floor. */
  rosenbrock: {
    loss: (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    start: [-1.2, 1],
    goal: [1, 1],
    x: [-1.7, 1.7],
    y: [-0.7, 1.9],
    steps: 200,
    height: (loss) => Math.log10(loss + 1e-3),
    levels: [0.4, 0.8, 1.2, 1.6, 2, 2.4, 2.8],
  },
  /** Up along x, down along y: the start is almost on the ridge, where the slope along y is tiny. */
  saddle: {
    loss: (x, y) => (x * x - y * y) / 2 + y ** 4 / 8,
    gradient: (x, y) => [x, -y + y ** 3 / 2],
    start: [-2, 0.01],
    goal: [0, Math.SQRT2],
    x: [-2.4, 1],
    y: [-1.1, 2.1],
    steps: 40,
    height: (loss) => loss,
    levels: [-0.45, -0.35, -0.2, -0.05, 0, 0.1, 0.3, 0.6, 1, 1.5, 2, 2.5, 3],
  },
};

const contestants = [
  ['SGD', SGD],
  ['Momentum', Momentum],
  ['Nesterov', Momentum, { nesterov: true }],
  ['Rprop', Rprop],
  ['Adagrad', Adagrad],
  ['RMSProp', RMSProp, { rho: 0.9 }],
  ['Adadelta', Adadelta],
  ['Adam', Adam],
  ['AMSGrad', AMSGrad],
  ['NAdam', NAdam],
  ['Lion', Lion],
  ['LBFGS', LBFGS, { maxIterations: 1, lineSearch: true, maxEvaluations: 100 }],
];

const grid = [
  1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 3, 10,
  30,
];

const isBetween = (value, [low, high]) => value >= low && value <= high;

function walk(surface, Optimizer, options, learningRate) {
  const p = { value: Float64Array.from(surface.start), grad: new Float64Array(2) };
  const optimizer = new Optimizer([p], { ...options, learningRate });
  const points = [[...p.value]];
  for (let t = 0; t < surface.steps; t++) {
    optimizer.step(() => {
      p.grad.set(surface.gradient(...p.value));
      return surface.loss(...p.value);
    });
    points.push([...p.value]);
  }
  // the mean over the last quarter: a path that ends by swinging through the goal has not arrived
  const tail = points.slice(-Math.ceil(surface.steps / 4));
  const loss = tail.reduce((sum, [x, y]) => sum + surface.loss(x, y), 0) / tail.length;
  const inside = points.every(([x, y]) => isBetween(x, surface.x) && isBetween(y, surface.y));
  return { points, loss: inside ? loss : Infinity };
}

/** The path of every optimizer. */
export function paths(surface) {
  return contestants.map(([name, Optimizer, options]) => {
    const rates = Optimizer === LBFGS ? [1] : grid;
    const walks = rates.map((learningRate) => ({
      name,
      learningRate,
      ...walk(surface, Optimizer, options, learningRate),
    }));
    return walks.reduce((best, other) => (other.loss < best.loss ? other : best));
  });
}
