import { describe } from 'vitest';
import { expectClose, runAll, type GoldenCase } from './golden-fixtures';
import { makeOptimizer, translateOptions } from './golden-optimizers';
import { outside } from './golden-outside';
import type { FloatArray } from './parameter';

/** Loss and gradient of the problems, as torch_problems.json writes them. */
function problemOf(name: string, file: Record<string, any>): (x: FloatArray, g: FloatArray) => number {
  const data = file.problems[name].data as Record<string, { shape: number[]; data: number[] }>;
  if (name === 'quadratic') {
    const [A, b] = [data.A.data, data.b.data];
    const n = b.length;
    return (x, g) => {
      let loss = 0;
      for (let i = 0; i < n; i++) {
        let [Ax, ATx] = [0, 0];
        for (let j = 0; j < n; j++) {
          Ax += A[i * n + j] * x[j];
          ATx += A[j * n + i] * x[j];
        }
        g[i] = (Ax + ATx) / 2 - b[i];
        loss += x[i] * (Ax / 2 - b[i]);
      }
      return loss;
    };
  }
  if (name === 'logistic') {
    const [X, y, l2] = [data.X.data, data.y.data, data.l2.data[0]];
    const [rows, n] = data.X.shape;
    return (p, g) => {
      let loss = 0;
      g.fill(0);
      for (let r = 0; r < rows; r++) {
        let z = p[n];
        for (let j = 0; j < n; j++) z += X[r * n + j] * p[j];
        loss += (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - y[r] * z) / rows;
        const dz = (1 / (1 + Math.exp(-z)) - y[r]) / rows;
        for (let j = 0; j < n; j++) g[j] += dz * X[r * n + j];
        g[n] += dz;
      }
      for (let j = 0; j < n; j++) {
        loss += 0.5 * l2 * p[j] * p[j];
        g[j] += l2 * p[j];
      }
      return loss;
    };
  }
  if (name !== 'rosenbrock') throw new Error(`no problem ${name}`);
  return (p, g) => {
    const [x, y] = p;
    g.set([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]);
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  };
}

describe('problems', () => {
  const run = (c: GoldenCase, file: Record<string, any>): void => {
    const problem = problemOf(c.problem!, file);
    const value = Float64Array.from(file.problems[c.problem!].x0.data as number[]);
    const p = { name: 'p', value, grad: new Float64Array(value.length) };
    const options = translateOptions(c.config);
    if (c.name?.startsWith('strong_wolfe')) options.lineSearch = true;
    const optimizer = makeOptimizer('torch', c.optimizer, [p], options);
    const rows = c.params.data.length / value.length;
    for (let t = 0; t < rows; t++) {
      const loss = optimizer.step(() => problem(p.value, p.grad))!;
      if (c.lossBefore) expectClose(`loss before step ${t}`, [loss], [c.lossBefore[t]], 1e-11, 1e-9);
      const row = c.params.data.slice(t * value.length, (t + 1) * value.length);
      expectClose(`parameters after step ${t}`, value, row, 1e-11, 1e-9);
    }
    if (c.finalLoss !== undefined)
      expectClose('final loss', [problem(value, p.grad)], [c.finalLoss], 1e-11, 1e-9);
  };
  runAll('optimizers/torch_problems.json', outside.torch, run);
  runAll('more/torch_lbfgs.json', {}, run);
});
