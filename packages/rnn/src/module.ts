import { CheckpointError, formatShape, sameShape, type Parameter, type Tensor } from '@rnnlab/tensor';

/** Anything with trainable parameters: layers and models. */
export abstract class Module {
  /** Every parameter once, in a fixed order, each with a unique name. */
  abstract parameters(): Parameter[];

  /** Sets all gradients to zero. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.zeroGrad();
  }

  /**
   * The weights by PyTorch's names, e.g. `weight_ih_l0`. The tensors are the live ones, not copies: clone
   * them to keep a snapshot.
   */
  stateDict(): Map<string, Tensor> {
    return new Map(this.parameters().map(({ name, value }) => [name, value]));
  }

  /**
   * Copies weights in by name. Nothing is changed when any name or shape does not fit; float32 and float64
   * are converted into each other.
   *
   * @throws {@link CheckpointError} that lists every missing name, unknown name and wrong shape.
   */
  loadStateDict(state: ReadonlyMap<string, Tensor>): void {
    const parameters = this.parameters();
    const known = new Set(parameters.map(({ name }) => name));
    const problems = parameters.flatMap(({ name, value }) => {
      const given = state.get(name);
      if (!given) return [`${name} is missing`];
      if (sameShape(given.shape, value.shape)) return [];
      return [`${name} has shape ${formatShape(given.shape)}, expected ${formatShape(value.shape)}`];
    });
    for (const name of state.keys()) if (!known.has(name)) problems.push(`${name} is unknown`);
    if (problems.length) {
      throw new CheckpointError(
        `${this.constructor.name}.loadStateDict: ${problems.join('; ')}. Build the model with the options it was saved with.`,
      );
    }
    for (const { name, value } of parameters) value.data.set(state.get(name)!.data);
  }
}
