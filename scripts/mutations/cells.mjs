/** Mutations of the equations of LSTM, GRU and RNN. See list.mjs for the form. */

const lstm = ['packages/lstm/src/lstm.test.ts'];
const gru = ['packages/gru/src/gru.test.ts'];
const rnn = ['packages/rnn/src/rnn.test.ts'];
/** Independent numbers: a change that is the same forward and backward has right gradients. */
const golden = 'PyTorch golden';
const gradients = 'central differences one layer';

export const cells = [
  {
    file: 'packages/lstm/src/lstm-cell.ts',
    tests: lstm,
    only: gradients,
    mutations: {
      'LSTM: gates i and f swapped in the forward pass': [['f * c.data[k] + i * g', 'i * c.data[k] + f * g']],
      'LSTM: h′ = o ⊙ c′ instead of o ⊙ tanh(c′)': [['o * tanhC.data[k]', 'o * cNext.data[k]']],
      'LSTM: tanh′ of a tanh for the cell state (1 − tanh²(tanh c′))': [
        ['ψ.derivative(tc)', 'ψ.derivative(ψ.forward(tc))'],
      ],
      'LSTM: tanh′ of a tanh for the candidate (1 − tanh²(g))': [
        ['φ.derivative(g)', 'φ.derivative(φ.forward(g))'],
      ],
      'LSTM: cell state left out of the backward pass (dc from later steps dropped)': [
        ['dcNext = dc.data[k] + dh', 'dcNext = dh'],
      ],
      'LSTM: dc passes the forget gate as if it were open': [
        ['dc.data[k] = dcNext * f', 'dc.data[k] = dcNext'],
      ],
      'LSTM: c′ not reached through h′ (dh·o·tanh′ dropped)': [
        ['dc.data[k] + dh.data[k] * o * ψ.derivative(tc)', 'dc.data[k]'],
      ],
      'LSTM: gradient of the forget gate with c′ instead of c': [
        ['da[j + H] = dcNext * c.data[k]', 'da[j + H] = dcNext * (f * c.data[k] + i * g)'],
      ],
      'LSTM: σ′ of the output gate forgotten': [['dh.data[k] * tc * σ.derivative(o)', 'dh.data[k] * tc']],
    },
  },
  {
    file: 'packages/lstm/src/lstm-cell.ts',
    tests: lstm,
    only: golden,
    mutations: {
      'LSTM: gate blocks i and f permuted, forward and backward alike': [
        ['f * c.data[k] + i * g', 'i * c.data[k] + f * g'],
        ['da[j] = dcNext * g * ', 'da[j] = dcNext * c.data[k] * '],
        ['da[j + H] = dcNext * c.data[k] * ', 'da[j + H] = dcNext * g * '],
        ['da[j + 2 * H] = dcNext * i', 'da[j + 2 * H] = dcNext * f'],
        ['dc.data[k] = dcNext * f', 'dc.data[k] = dcNext * i'],
      ],
    },
  },
  {
    file: 'packages/lstm/src/lstm-cell.ts',
    tests: lstm,
    only: 'forget bias',
    mutations: {
      'LSTM: forget bias put into the block of the candidate': [['startBias(1,', 'startBias(2,']],
    },
  },
  {
    file: 'packages/lstm/src/lstm-cell-peephole.ts',
    tests: ['packages/lstm/src/lstm-variants.test.ts'],
    only: `peepholes.*${gradients}`,
    mutations: {
      'LSTM: the peephole of the output gate sees c instead of c′': [
        ['p[u + 2 * H] * cNew.data[k]', 'p[u + 2 * H] * c.data[k]'],
      ],
      'LSTM: dc does not pass the peepholes': [
        ['dcNext * f + da[j] * p[u] + da[j + H] * p[u + H]', 'dcNext * f'],
      ],
    },
  },
  {
    file: 'packages/gru/src/gru-cell.ts',
    tests: gru,
    only: `after the product.*${gradients}`,
    mutations: {
      'GRU: gradient of the reset gate without u_n': [['dn * uN.data[k] * σ', 'dn * σ']],
      'GRU: dh′ ⊙ z, the way past the cell, dropped': [['dh.data[k] *= z', 'dh.data[k] = 0']],
      'GRU: candidate’s recurrent gradient not multiplied by r': [
        ['du[j + 2 * H] = dn * r', 'du[j + 2 * H] = dn'],
      ],
      'GRU: tanh′ of a tanh for the candidate': [['φ.derivative(n)', 'φ.derivative(φ.forward(n))']],
    },
  },
  {
    file: 'packages/gru/src/gru-cell.ts',
    tests: gru,
    only: golden,
    mutations: {
      'GRU: update gate the wrong way round, forward and backward alike': [
        ['(1 - z) * n + z * h.data[k]', 'z * n + (1 - z) * h.data[k]'],
        ['dh.data[k] * (1 - z) * φ', 'dh.data[k] * z * φ'],
        ['(h.data[k] - n)', '(n - h.data[k])'],
        ['dh.data[k] *= z', 'dh.data[k] *= 1 - z'],
      ],
      'GRU: blocks r and z permuted (Keras’ order), forward and backward alike': [
        ['const r = (a[j] = σ.forward(a[j] + u[j]));', 'const z = (a[j] = σ.forward(a[j] + u[j]));'],
        ['const z = (a[j + H]', 'const r = (a[j + H]'],
        ['const [r, z, n] =', 'const [z, r, n] ='],
        [
          'da[j] = du[j] = dn * uN.data[k] * σ.derivative(r)',
          'da[j + H] = du[j + H] = dn * uN.data[k] * σ.derivative(r)',
        ],
        ['da[j + H] = du[j + H] = dh', 'da[j] = du[j] = dh'],
      ],
    },
  },
  {
    file: 'packages/gru/src/gru-cell-reset-before.ts',
    tests: gru,
    only: `before the product.*${gradients}`,
    mutations: {
      'GRU, reset before: reset gate left out, dL/dh still through it': [
        ['rh.data[k] = A[j] * hIn.data[k]', 'rh.data[k] = hIn.data[k]'],
      ],
      'GRU, reset before: d(r ⊙ h) reaches h without r': [
        ['dhIn.data[k] += dRh.data[k] * r', 'dhIn.data[k] += dRh.data[k]'],
      ],
      'GRU, reset before: dU_n from h instead of r ⊙ h': [['rows(cache.rh, H), dU', 'h, dU']],
    },
  },
  {
    file: 'packages/gru/src/gru.ts',
    tests: gru,
    only: golden,
    mutations: {
      'GRU: the two reset conventions mixed up': [['return resetAfter ?', 'return !resetAfter ?']],
    },
  },
  {
    file: 'packages/rnn/src/rnn-cell.ts',
    tests: rnn,
    only: gradients,
    mutations: {
      'RNN: φ′ of the activated state taken twice': [
        ['φ.derivative(hNext.data[k])', 'φ.derivative(φ.forward(hNext.data[k]))'],
      ],
      'RNN: φ′ forgotten': [['dh.data[k] * φ.derivative(hNext.data[k])', 'dh.data[k]']],
    },
  },
  {
    file: 'packages/tensor/src/activations.ts',
    tests: ['packages/tensor/src/activations.test.ts'],
    mutations: {
      'tanh′ = 1 − y instead of 1 − y²': [['derivative: (y) => 1 - y * y', 'derivative: (y) => 1 - y']],
      'hard sigmoid of Keras 3 with the slope of tfjs': [['hard(1 / 6)', 'hard(0.2)']],
    },
  },
];
