/** Mutations of the wasm kernels, which are compiled for each. See list.mjs for the form. */

const gemm = ['packages/tensor/src/wasm-backend.test.ts'];
const lstm = ['packages/lstm/src/lstm.test.ts'];
const gru = ['packages/gru/src/gru.test.ts'];
const rnn = ['packages/rnn/src/rnn.test.ts'];
const update = ['packages/optimizers/src/kernels/update-kernels.test.ts'];
const norm = ['packages/optimizers/src/kernels/norm-kernels.test.ts'];

export const kernels = [
  {
    file: 'packages/tensor/kernels/gemm.as.ts',
    tests: gemm,
    mutations: {
      'wasm, gemm: the last step of an odd K dropped': [
        ['const end = a + (k << 4);', 'const end = a + ((k & ~1) << 4);'],
      ],
      'wasm, gemm: the last columns of a pair of panels are those before them': [
        [
          'v128.store(to + panel, v128.load(from, 48), 16);',
          'v128.store(to + panel, v128.load(from, 32), 16);',
        ],
      ],
      'wasm, gemm: tiles at the edge forget what C held': [
        [
          'memory.copy(spare + (i << 5), c + i * stride, columns << 2);',
          'memory.fill(spare + (i << 5), 0, columns << 2);',
        ],
      ],
      'wasm, gemm: a packed matrix of several blocks read from the first again': [
        ['packed += packedBytes(n, kc);', ''],
      ],
    },
  },
  {
    file: 'packages/tensor/kernels/gemv.as.ts',
    tests: gemm,
    mutations: {
      'wasm, gemv: the rest of K behind a multiple of eight dropped': [
        ['for (; p < k; p++) {\n      const column', 'for (; p < 0; p++) {\n      const column'],
      ],
    },
  },
  {
    file: 'packages/tensor/kernels/partial.as.ts',
    tests: gemm,
    mutations: {
      'wasm: the third number of a row’s tail not stored': [['if (count > 2) store', 'if (count > 3) store']],
    },
  },
  {
    file: 'packages/tensor/kernels/rows.as.ts',
    tests: gemm,
    mutations: {
      'wasm, columnSums: sums replaced instead of added to': [
        ['let sum = take(s + (j << 2), count);', 'let sum: v128 = f32x4.splat(0);'],
      ],
    },
  },
  {
    file: 'packages/tensor/kernels/softmax.as.ts',
    tests: gemm,
    mutations: {
      'wasm, softmax: no shift by the largest score': [['f32x4.splat(largest)', 'f32x4.splat(0)']],
    },
  },
  {
    file: 'packages/tensor/kernels/vector-math.as.ts',
    tests: gemm,
    mutations: {
      'wasm, exp: a coefficient off by 10⁻⁶': [['5.0000001201e-1', '5.0000101201e-1']],
    },
  },
  {
    file: 'packages/lstm/kernels/lstm.as.ts',
    tests: lstm,
    only: 'PyTorch golden layers in .float32. on .wasm',
    mutations: {
      'wasm, LSTM: gates i and f swapped': [
        [
          'f32x4.mul(f, take(c + unit, rest)), f32x4.mul(i, g)',
          'f32x4.mul(i, take(c + unit, rest)), f32x4.mul(f, g)',
        ],
      ],
      'wasm, LSTM: cell state left out of the backward pass': [
        [
          'f32x4.add(take(dc + unit, rest), f32x4.mul(f32x4.mul(up, o), tanhSlope(shown)))',
          'f32x4.mul(f32x4.mul(up, o), tanhSlope(shown))',
        ],
      ],
    },
  },
  {
    file: 'packages/gru/kernels/gru.as.ts',
    tests: gru,
    only: 'PyTorch golden layers in .float32. on .wasm',
    mutations: {
      'wasm, GRU: dh′ ⊙ z dropped': [
        ['put(dh + unit, f32x4.mul(up, z), rest)', 'put(dh + unit, f32x4.splat(0), rest)'],
      ],
    },
  },
  {
    file: 'packages/rnn/kernels/rnn.as.ts',
    tests: rnn,
    only: 'PyTorch golden layers in .float32. on .wasm',
    mutations: {
      'wasm, RNN: tanh′ of a tanh': [['tanhSlope(y)', 'tanhSlope(tanh(y))']],
    },
  },
  {
    file: 'packages/optimizers/kernels/element.as.ts',
    tests: update,
    mutations: {
      'wasm, optimizers: decay joins the gradient with the wrong sign': [
        [
          'f32x4.add(f32x4.mul(sign, grad), f32x4.mul(l2, x))',
          'f32x4.sub(f32x4.mul(sign, grad), f32x4.mul(l2, x))',
        ],
      ],
      'wasm, optimizers: the sign of NaN is 1': [
        ['f32x4.gt(f32x4.abs(x), f32x4.splat(0))', 'f32x4.ne(x, f32x4.splat(0))'],
      ],
    },
  },
  {
    file: 'packages/optimizers/kernels/adam.as.ts',
    tests: update,
    mutations: {
      'wasm, Adam: ε not multiplied by √c': [
        ['beside = all(9, epsilon * Math.sqrt(c));', 'beside = all(9, epsilon);'],
      ],
      'wasm, AMSGrad: the latest v instead of the largest': [
        [
          'square = f32x4.max(v128.load(vMax + at), f32x4.mul(square, perMax));',
          'square = f32x4.mul(square, perMax);',
        ],
      ],
    },
  },
  {
    file: 'packages/optimizers/kernels/rates.as.ts',
    tests: update,
    mutations: {
      'wasm, RMSProp: the rate left out of the velocity': [
        ['f32x4.mul(vInside, f32x4.div(g, root))', 'f32x4.div(g, root)'],
      ],
      'wasm, Adadelta: divided by v after the gradient in tfjs’ order': [
        ['byPrevious ? before : square', 'square'],
      ],
    },
  },
  {
    file: 'packages/optimizers/kernels/signs.as.ts',
    tests: update,
    mutations: {
      'wasm, Lion: the average that is kept decides': [
        ['averaged64(m0, decay1, share1, g0)', 'averaged64(m0, decay2, share2, g0)'],
      ],
      'wasm, Rprop: the gradient kept after a flip': [['v128.andnot(g, flipped)', 'g']],
    },
  },
  {
    file: 'packages/optimizers/kernels/norm.as.ts',
    tests: norm,
    mutations: {
      'wasm, clipping: the tail of a block left out': [
        ['for (; i < last; i += 4)', 'for (; i + 4 <= last; i += 4)'],
      ],
      'wasm, clipping: every block is the first': [['let i = k * blockSize;', 'let i = 0;']],
      'wasm, scale: rounded to float32 before the product': [
        ['both(0, factor)', 'both(0, <f64>(<f32>factor))'],
      ],
    },
  },
  {
    file: 'packages/rnn/kernels/cross-entropy.as.ts',
    tests: ['packages/rnn/src/cross-entropy-ids.test.ts'],
    mutations: {
      'wasm, cross-entropy: 1 subtracted at the target whatever the scale': [
        ['load<f32>(hit) - factor', 'load<f32>(hit) - 1'],
      ],
    },
  },
];
