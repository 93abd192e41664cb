/**
 * A sequence-to-sequence model with attention (Sutskever, Vinyals & Le 2014; Bahdanau, Cho & Bengio 2015; in the simpler
 * arrangement of Luong, Pham & Manning 2015, where attention comes behind the decoder's recurrence).
 *
 *   E, s      = encoder(source)                     E: all its states, s: the last one
 *   H         = decoder(letters so far, from s)     H: all its states
 *   C         = attention(query H, key E)           for every step a mixture of encoder states
 *   logits    = W_h·H + b + W_c·C
 *
 * Backward goes the same way back: H gets gradients from the logits and from the attention, E from the attention,
 * and s hands the decoder's gradient on to the encoder.
 */
import { DotProductAttention } from '@rnnlab/attention';
import { GRU } from '@rnnlab/gru';
import { crossEntropy, crossEntropyBackward, Linear, Module } from '@rnnlab/rnn';
import { add, argMax, Parameter, Rng, Tensor, type Backend } from '@rnnlab/tensor';
import { END, type Batch } from './words';

export class Seq2Seq extends Module {
  readonly encoder: GRU;
  readonly decoder: GRU;
  readonly attention: DotProductAttention;
  readonly stateHead: Linear;
  readonly contextHead: Linear;

  constructor(options: { vocabSize: number; hiddenSize: number; seed: number; backend?: Backend }) {
    super();
    const { vocabSize, hiddenSize, seed, backend } = options;
    const head = { inputSize: hiddenSize, outputSize: vocabSize, rng: new Rng(seed + 2), backend };
    this.encoder = new GRU({ inputSize: vocabSize, hiddenSize, seed, backend });
    this.decoder = new GRU({ inputSize: vocabSize, hiddenSize, seed: seed + 1, backend });
    this.attention = new DotProductAttention({ backend });
    this.stateHead = new Linear(head);
    this.contextHead = new Linear({ ...head, bias: false });
  }

  override parameters(): Parameter[] {
    const { encoder, decoder, stateHead, contextHead } = this;
    return Object.entries({ encoder, decoder, stateHead, contextHead }).flatMap(([part, module]) =>
      module.parameters().map(({ name, value, grad }) => new Parameter(`${part}.${name}`, value, grad)),
    );
  }

  /** The loss of a batch in nats per letter; its gradients are added into the parameters'. */
  lossAndGradients({ source, lengths, decoderInput, target }: Batch): number {
    const encoder = this.encoder.forward(source, undefined, { lengths });
    const decoder = this.decoder.forward(decoderInput, encoder.state);
    const attention = this.attention.forward({ query: decoder.output, key: encoder.output }, { lengths });
    const fromState = this.stateHead.forward(decoder.output);
    const fromContext = this.contextHead.forward(attention.output);
    const { loss, cache } = crossEntropy(add(fromState.output, fromContext.output), target);

    const dLogits = crossEntropyBackward(cache);
    const dContext = this.contextHead.backward(fromContext.cache, { output: dLogits }).input;
    const dAttention = this.attention.backward(attention.cache, { output: dContext });
    const dState = this.stateHead.backward(fromState.cache, { output: dLogits }).input;
    const dDecoder = this.decoder.backward(decoder.cache, { output: add(dState, dAttention.query) });
    this.encoder.backward(encoder.cache, { output: dAttention.key, state: dDecoder.state });
    return loss;
  }

  /** What the model says to the sources, one letter after the other, without seeing any target. */
  answer({ source, lengths }: Batch, maxLength: number): number[][] {
    const encoder = this.encoder.forward(source, undefined, { lengths });
    const answers = lengths.map((): number[] => []);
    const ended = new Set<number>();
    let state = encoder.state;
    let said = Tensor.full([1, lengths.length], END, 'int32');
    for (let t = 0; t <= maxLength && ended.size < lengths.length; t++) {
      const decoder = this.decoder.forward(said, state);
      const attention = this.attention.forward({ query: decoder.output, key: encoder.output }, { lengths });
      const fromState = this.stateHead.forward(decoder.output);
      const fromContext = this.contextHead.forward(attention.output);
      said = argMax(add(fromState.output, fromContext.output));
      state = decoder.state;
      said.data.forEach((id, b) => {
        if (id === END) ended.add(b);
        else if (!ended.has(b)) answers[b].push(id);
      });
    }
    return answers;
  }
}
