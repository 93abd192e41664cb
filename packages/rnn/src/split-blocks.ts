import { Tensor } from '@rnnlab/tensor';

/** The blocks of x [B, G·H] by name, copies [B, H]. */
export function splitBlocks(x: Tensor, names: readonly string[]): Record<string, Tensor> {
  const [B, width] = x.shape;
  const H = width / names.length;
  return Object.fromEntries(
    names.map((name, block) => {
      const copy = Tensor.zeros([B, H], x.dtype);
      for (let b = 0; b < B; b++) {
        const from = b * width + block * H;
        copy.row(b).data.set(x.data.subarray(from, from + H));
      }
      return [name, copy];
    }),
  );
}
