/** An optimizer on plain typed arrays: y = 2x − 1 from eight points, by Adam and by plain gradient descent. */
import { Adam, SGD } from '@rnnlab/optimizers';

const xs = Float32Array.from({ length: 8 }, (_, i) => i / 4 - 1);

function fit(Optimizer, learningRate, steps) {
  const line = { value: Float32Array.of(0.1, 0.2), grad: new Float32Array(2) };
  const optimizer = new Optimizer([line], { learningRate });
  for (let step = 0; step < steps; step++) {
    line.grad.fill(0);
    for (const x of xs) {
      const error = line.value[0] * x + line.value[1] - (2 * x - 1);
      line.grad[0] += (2 / xs.length) * error * x;
      line.grad[1] += (2 / xs.length) * error;
    }
    optimizer.step();
  }
  return line.value;
}

for (const [slope, offset] of [fit(Adam, 0.1, 400), fit(SGD, 0.3, 100)]) {
  if (Math.abs(slope - 2) > 0.01 || Math.abs(offset + 1) > 0.01) throw new Error(`found ${slope}, ${offset}`);
}
