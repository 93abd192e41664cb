import { DTypeError, type DType, type Tensor } from '@rnnlab/tensor';

/** @throws {@link DTypeError} unless `tensor` has the dtype of the weights. */
export function checkDType(where: string, tensor: Tensor, dtype: DType): void {
  if (tensor.dtype === dtype) return;
  throw new DTypeError(
    `${where} is ${tensor.dtype}, expected ${dtype} like the weights. Convert it with clone('${dtype}').`,
  );
}
