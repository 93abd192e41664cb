/**
 * The LSTM cell with layer normalisation (Ba, Kiros & Hinton 2016, equations 20–22): what comes from x, what comes from h
 * and the cell state on its way out are each normalised, so that no gate is driven into saturation by sheer size.
 *
 *   [i f g o] = σ, σ, φ, σ of LN_ih(W_ih·x) + LN_hh(W_hh·h)
 *   c′ = f ⊙ c + i ⊙ g
 *   h′ = o ⊙ ψ(LN_c(c′))
 *
 *   LN_ih(a) = γ_ih ⊙ n(a) + b_ih      over all 4H at once; the shift is the bias of the gates (forget bias and all)
 *   LN_hh(a) = γ_hh ⊙ n(a) [+ b_hh]    a second shift would only add to the first: `recurrentBias: true` has it
 *   LN_c(c)  = γ_c ⊙ n(c) + β_c        over H
 *
 * n takes mean and variance per row, ε = 1e−5 inside the root. Names: `norm_ih_weight`, `norm_hh_weight` [4H],
 * `norm_c_weight`, `norm_c_bias` [H]. PyTorch and Keras have no such layer.
 */
import { LayerNorm, type CellGradients, type LayerNormCache, type RecurrentState } from '@rnnlab/rnn';
import type { Parameter, Tensor } from '@rnnlab/tensor';
import { LSTMBaseCell, type LSTMCache, type LSTMCellOptions } from './lstm-cell-base';

/** What backward reads: `tanhC` is ψ(LN_c(c′)). */
export interface LSTMLayerNormCache extends LSTMCache {
  /** Of LN_ih for all steps, of LN_hh and LN_c step by step. */
  readonly norms: { ih?: LayerNormCache; readonly hh: LayerNormCache[]; readonly c: LayerNormCache[] };
}

/** The gradient of W_hh·h is not that of the gates, since a norm lies between. */
export interface LSTMLayerNormGradients extends CellGradients {
  /** [T, B, 4H] dL/d(W_hh·h) */
  readonly dU: Tensor;
}

/** One step of a layer-normalised LSTM. */
export class LSTMLayerNormCell extends LSTMBaseCell<LSTMLayerNormCache, LSTMLayerNormGradients> {
  readonly #norms: { ih: LayerNorm; hh: LayerNorm; c: LayerNorm };
  readonly #parameters: Parameter[];

  constructor(options: LSTMCellOptions & { epsilon?: number }) {
    super({ ...options, bias: false }); // the biases are the shifts of the norms
    const { epsilon, bias = true, recurrentBias = false } = options;
    const [H, { dtype, backend }] = [this.hiddenSize, this];
    const norm = (inputSize: number, shift: boolean) =>
      new LayerNorm({ inputSize, bias: shift, epsilon, dtype, backend });
    const [ih, hh, c] = [norm(4 * H, bias), norm(4 * H, bias && recurrentBias), norm(H, true)];
    this.#norms = { ih, hh, c };
    for (const shift of [ih.bias, hh.bias]) {
      shift?.value.copyFrom(this.createParameter('bias', [4 * H], 'bias').value);
    }
    this.startBias(1, options.forgetBias ?? 1, options, [ih.bias, hh.bias]);
    this.#parameters = [
      ...super.parameters(),
      ...(ih.bias ? [this.named('bias_ih', ih.bias)] : []),
      ...(hh.bias ? [this.named('bias_hh', hh.bias)] : []),
      this.named('norm_ih_weight', ih.weight),
      this.named('norm_hh_weight', hh.weight),
      this.named('norm_c_weight', c.weight),
      this.named('norm_c_bias', c.bias!),
    ];
  }

  override parameters(): Parameter[] {
    return this.#parameters;
  }

  createCache(seqLen: number, batchSize: number): LSTMLayerNormCache {
    return { ...this.createLSTMCache(seqLen, batchSize), norms: { hh: [], c: [] } };
  }

  override prepare({ gates, norms }: LSTMLayerNormCache): void {
    const { output, cache } = this.#norms.ih.forward(gates);
    norms.ih = cache;
    gates.copyFrom(output);
  }

  step(cache: LSTMLayerNormCache, t: number): void {
    const { σ, φ, ψ } = this.activations;
    const [H, { h, c }] = [this.hiddenSize, cache.states];
    const [A, cNext, tanhC, hNext] = [cache.gates.row(t), c.row(t + 1), cache.tanhC.row(t), h.row(t + 1)];
    const u = this.allocate(...A.shape);
    this.recurrentProduct(cache, t, u);
    const fromH = this.#norms.hh.forward(u);
    const [a, r] = [A.data, fromH.output.data];
    for (let k = 0; k < cNext.size; k++) {
      const j = k + 3 * (k - (k % H)); // unit k % H of the block i in the same row
      const i = (a[j] = σ.forward(a[j] + r[j]));
      const f = (a[j + H] = σ.forward(a[j + H] + r[j + H]));
      const g = (a[j + 2 * H] = φ.forward(a[j + 2 * H] + r[j + 2 * H]));
      a[j + 3 * H] = σ.forward(a[j + 3 * H] + r[j + 3 * H]);
      cNext.data[k] = f * c.row(t).data[k] + i * g;
    }
    const fromC = this.#norms.c.forward(cNext);
    for (let k = 0; k < tanhC.size; k++) {
      tanhC.data[k] = ψ.forward(fromC.output.data[k]);
      hNext.data[k] = a[k + 3 * (k - (k % H)) + 3 * H] * tanhC.data[k];
    }
    cache.norms.hh[t] = fromH.cache;
    cache.norms.c[t] = fromC.cache;
  }

  createGradients(cache: LSTMLayerNormCache): LSTMLayerNormGradients {
    return { ...this.createLSTMGradients(cache), dU: this.allocate(...cache.gates.shape) };
  }

  stepBackward(
    cache: LSTMLayerNormCache,
    gradients: LSTMLayerNormGradients,
    t: number,
    { h: dh, c: dc }: RecurrentState,
  ): void {
    const { σ, φ, ψ } = this.activations;
    const [H, a, c] = [this.hiddenSize, cache.gates.row(t).data, cache.states.c.row(t).data];
    const [dA, tanhC] = [gradients.dGates.row(t), cache.tanhC.row(t).data];
    const dShown = this.allocate(...dh.shape); // dL/d(LN_c(c′))
    for (let k = 0; k < dh.size; k++) {
      const o = a[k + 3 * (k - (k % H)) + 3 * H];
      dShown.data[k] = dh.data[k] * o * ψ.derivative(tanhC[k]);
      dA.data[k + 3 * (k - (k % H)) + 3 * H] = dh.data[k] * tanhC[k] * σ.derivative(o);
    }
    const throughNorm = this.#norms.c.backward(cache.norms.c[t], { output: dShown }).input.data;
    for (let k = 0; k < dh.size; k++) {
      const j = k + 3 * (k - (k % H));
      const [i, f, g] = [a[j], a[j + H], a[j + 2 * H]];
      const dcNext = dc!.data[k] + throughNorm[k];
      dA.data[j] = dcNext * g * σ.derivative(i);
      dA.data[j + H] = dcNext * c[k] * σ.derivative(f);
      dA.data[j + 2 * H] = dcNext * i * φ.derivative(g);
      dc!.data[k] = dcNext * f;
    }
    const dU = gradients.dU.row(t).copyFrom(this.#norms.hh.backward(cache.norms.hh[t], { output: dA }).input);
    this.recurrentProductBackward(cache, gradients, dU, dh);
  }

  /** dW_hh from dU, and the gates' gradients back through LN_ih to W_ih·x. */
  override accumulateRecurrentGradients(cache: LSTMLayerNormCache, gradients: LSTMLayerNormGradients): void {
    this.addRecurrentGradients(cache, gradients.dU);
    const { input } = this.#norms.ih.backward(cache.norms.ih!, { output: gradients.dGates });
    gradients.dGates.copyFrom(input);
  }
}
