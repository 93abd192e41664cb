import type * as tfjs from '@tensorflow/tfjs';
import type { TensorFlow } from './load-tensor-flow';

/**
 * Nats per counted target: −Σ y·ln softmax(logits) / Σ y. A target that is not counted is a row of zeros in `y`.
 *
 * tf.losses.softmaxCrossEntropy and Keras' categoricalCrossentropy divide by the number of rows instead, padding included.
 *
 * @param y one-hot [B, T, V]
 * @param logits [B, T, V]
 */
export function maskedCrossEntropy(tf: TensorFlow, y: tfjs.Tensor, logits: tfjs.Tensor): tfjs.Scalar {
  return tf.tidy(() => {
    const sum = tf.neg(tf.sum(tf.mul(y, tf.logSoftmax(logits))));
    return tf.div(sum, tf.maximum(tf.sum(y), 1));
  });
}
