import { afterAll, expect, it } from 'vitest';
import { Tensor } from './tensor';
import { wasmBackend } from './wasm-backend';

const source = `(memory) => {
  const x = new Float32Array(memory.buffer);
  return {
    squares: (begin, end, address) => { for (let k = begin; k < end; k++) x[address / 4 + k] = k * k; },
    negate: (begin, end, address) => { for (let k = begin; k < end; k++) x[address / 4 + k] *= -1; },
    fail: (begin) => { if (begin > 0) throw new Error('part ' + begin); },
  };
}`;

const backends = [1, 3].map((threads) => wasmBackend({ memoryMiB: 64, threads }));
afterAll(() => backends.forEach((backend) => backend.dispose()));

it.each(backends)('runs functions of a script on $name', (backend) => {
  const { squares, negate } = backend.loadScript(source);
  const inside = backend.allocate([1003], 'float32');
  const outside = Tensor.full([1003], 7);
  const expected = Float32Array.from({ length: 1003 }, (_, k) => -k * k);
  for (let round = 0; round < 50; round++) {
    for (const x of [inside, outside]) {
      squares({ count: 1003, grain: 4, threads: 3 }, x);
      negate({ count: 1003, grain: 4, threads: 3 }, x);
      expect(x.data).toEqual(expected);
    }
  }
  expect(() => backend.loadScript('(memory) => ({').squares).toThrow(SyntaxError);
});

it('tells the error of a part, whichever thread did it', () => {
  const backend = wasmBackend({ memoryMiB: 64, threads: 2 });
  const { fail } = backend.loadScript(source);
  expect(() => fail({ count: 8, grain: 4, threads: 2 })).toThrow(/part 4/);
  backend.dispose();
});
