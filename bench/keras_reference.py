"""Keras 3 on TensorFlow trains given weights on given batches: the oracle behind keras-reference.mjs.

    python keras_reference.py < inputs.json > answers.json

Needs the packages of requirements.txt. Reads `sizes`, `batches` and `cases`, each with a cell, an optimizer and
weights in PyTorch's layout; answers with the loss of every step and the weights after the last one, in the same layout,
and the versions that ran. The conversion between the layouts is written here once more, independently of the one in
@rnnlab/tf-compare: an error there cannot cancel itself out.

    PyTorch's rows -> Keras' columns:  kernel = W_ih^T, recurrent_kernel = W_hh^T, gate blocks in Keras' order
    LSTM  i f g o -> i f c o (the same)        GRU  r z n -> z r h, bias = stack([b_ih, b_hh]) (reset_after)
"""

import json
import os
import platform
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # sums in one order: the same numbers in every run
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

GATE_ORDER = {"rnn": [0], "lstm": [0, 1, 2, 3], "gru": [1, 0, 2]}  # its own inverse in every case
LAYERS = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}


def array(tensor):
    return np.array(tensor["data"], dtype=np.float32).reshape(tensor["shape"])


def permuted(rows, cell):
    """The gate blocks along the first axis in the other framework's order."""
    blocks = np.split(rows, len(GATE_ORDER[cell]))
    return np.concatenate([blocks[k] for k in GATE_ORDER[cell]])


def to_keras(cell, weights):
    w = {name: array(tensor) for name, tensor in weights.items()}
    bias = permuted(w["rnn.bias_ih_l0"], cell)
    if cell == "gru":
        bias = np.stack([bias, permuted(w["rnn.bias_hh_l0"], cell)])
    kernels = [permuted(w[f"rnn.weight_{part}_l0"], cell).T for part in ("ih", "hh")]
    return [*kernels, bias, w["head.weight"].T, w["head.bias"]]


def from_keras(cell, values):
    kernel, recurrent, bias, head, head_bias = values
    out = {"rnn.weight_ih_l0": permuted(kernel.T, cell), "rnn.weight_hh_l0": permuted(recurrent.T, cell)}
    if cell == "gru":
        out |= {"rnn.bias_ih_l0": permuted(bias[0], cell), "rnn.bias_hh_l0": permuted(bias[1], cell)}
    else:
        out["rnn.bias_ih_l0"] = permuted(bias, cell)
    out |= {"head.weight": head.T, "head.bias": head_bias}
    return {name: {"shape": list(x.shape), "data": x.astype(float).ravel().tolist()} for name, x in out.items()}


def train(case, batches, sizes, steps):
    cell = case["cell"]
    vocab, hidden = sizes["vocabSize"], sizes["hiddenSize"]
    layers = [LAYERS[cell](hidden, return_sequences=True), keras.layers.Dense(vocab)]
    model = keras.Sequential([keras.Input((None, vocab)), *layers])
    model.set_weights(to_keras(cell, case["weights"]))
    optimizer = getattr(keras.optimizers, case["optimizer"]["name"])(
        learning_rate=float(case["optimizer"]["learningRate"])
    )
    losses = []
    for step in range(steps):
        batch = batches[step % len(batches)]
        ids, targets = (np.array(batch[key]).T for key in ("ids", "targets"))  # [T, B] -> [B, T]
        with tf.GradientTape() as tape:
            logits = model(keras.ops.one_hot(ids, vocab), training=True)
            loss = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(targets, logits, from_logits=True)
            )
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        losses.append(float(loss))
    return {"losses": losses, "weights": from_keras(cell, model.get_weights())}


def plain(value):
    """A configuration without the parts that only Keras can read."""
    if isinstance(value, dict) and "class_name" in value:
        return value["class_name"]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def defaults():
    """What Keras decides when it is not told."""
    layers = {name: getattr(keras.layers, name)(3) for name in ("SimpleRNN", "LSTM", "GRU", "Dense")}
    optimizers = {name: getattr(keras.optimizers, name)() for name in ("SGD", "Adam", "RMSprop", "Adadelta")}
    configs = {name: one.get_config() for name, one in {**layers, **optimizers}.items()}
    shown = {name: {key: plain(v) for key, v in config.items() if key != "name"} for name, config in configs.items()}
    hard = keras.ops.hard_sigmoid(np.array([-2.4, 0, 1, 2.6], dtype=np.float32))
    return {**shown, "hard_sigmoid": np.array(hard).astype(float).tolist()}


inputs = json.load(sys.stdin)
answers = [train(case, inputs["batches"], inputs["sizes"], inputs["steps"]) for case in inputs["cases"]]
versions = {
    "keras": keras.__version__,
    "tensorflow": tf.__version__,
    "numpy": np.__version__,
    "python": platform.python_version(),
}
json.dump({"versions": versions, "defaults": defaults(), "answers": answers}, sys.stdout)
