"""
Keras' side of every kind of work, on TensorFlow. Training is `train_on_batch` of a compiled model, as `fit` does it;
sampling is one graph that reads a token and draws the next. See serve.py.
"""

import os
import platform

from serve import serve, workload

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import tensorflow as tf  # noqa: E402

threads = workload()["threads"]
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)

import keras  # noqa: E402
import numpy as np  # noqa: E402

GATES = {"lstm": 4, "gru": 3, "rnn": 1}


def kernel(cell, array):
    """[G·H, I] of PyTorch as [I, G·H] of Keras; a GRU's gates r z n are z r h there."""
    blocks = np.split(array, GATES[cell], axis=0)
    if cell == "gru":
        blocks[0], blocks[1] = blocks[1], blocks[0]
    return np.concatenate(blocks, axis=0).T


def weights_of(workload, given):
    cell, weights = workload["cell"], []
    for l in range(workload["numLayers"]):
        bias = kernel(cell, given[f"rnn.bias_ih_l{l}"])
        if cell == "gru":
            bias = np.stack([bias, kernel(cell, given[f"rnn.bias_hh_l{l}"])])
        matrices = [kernel(cell, given[f"rnn.weight_{which}_l{l}"]) for which in ("ih", "hh")]
        weights += [*matrices, bias]
    return [*weights, given["head.weight"].T, given["head.bias"]]


def model_of(workload, given, seq_len):
    cell, vocab, hidden = workload["cell"], workload["vocabSize"], workload["hiddenSize"]
    layer = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "rnn": keras.layers.SimpleRNN}[cell]
    layers = [layer(hidden, return_sequences=True) for _ in range(workload["numLayers"])]
    model = keras.Sequential([keras.Input((seq_len, vocab)), *layers, keras.layers.Dense(vocab)])
    model.set_weights(weights_of(workload, given))
    return model


def train(workload, given):
    vocab, units = workload["vocabSize"], workload["seqLen"] * workload["batchSize"]
    model = model_of(workload, given, workload["seqLen"])
    model.compile(
        # its ε stands beside √v, not √v̂, and so counts 18 to 32 times as much in the first three steps, which are compared
        optimizer=keras.optimizers.Adam(workload["learningRate"], epsilon=4e-10, global_clipnorm=workload["clipNorm"]),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,  # XLA is no faster here, and takes three times as long to compile
    )
    x = tf.one_hot(given["ids"].T, vocab)
    y = tf.constant(given["targets"].T)
    losses = []

    def step():
        value = model.train_on_batch(x, y)
        if len(losses) < workload["checkSteps"]:
            losses.append(float(value))
        return units

    while len(losses) < workload["checkSteps"]:
        # train_on_batch returns the mean of the losses since the last reset
        model.reset_metrics()
        step()
    return {"check": losses, "step": step}


def sample(workload, given):
    vocab, hidden = workload["vocabSize"], workload["hiddenSize"]
    model = model_of(workload, given, 1)
    cells, head = [layer.cell for layer in model.layers[:-1]], model.layers[-1]
    width = 2 if workload["cell"] == "lstm" else 1
    zeros = [[tf.zeros((1, hidden)) for _ in range(width)] for _ in cells]

    def read(token, states):
        x = tf.one_hot(token, vocab)
        after = []
        for cell, state in zip(cells, states):
            x, state = cell(x, state)
            after.append(list(state) if isinstance(state, (list, tuple)) else [state])
        return head(x), after

    @tf.function
    def likeliest(token, states):
        logits, states = read(token, states)
        return tf.argmax(logits, 1, output_type=tf.int32), tf.reduce_max(tf.nn.log_softmax(logits)), states

    @tf.function
    def drawn(token, states):
        logits, states = read(token, states)
        return tf.random.categorical(logits, 1, dtype=tf.int32)[0], states

    token, states, greedy = tf.constant([0]), zeros, []
    while len(greedy) < workload["checkSteps"]:
        token, probability, states = likeliest(token, states)
        greedy.append(float(probability))

    def step():
        nonlocal token, states
        token, states = drawn(token, states)
        int(token[0])
        return 1

    step()
    return {"check": greedy, "step": step}


def product(workload, given):
    a, b = tf.constant(given["a"]), tf.constant(given["b"])
    flops = 2 * workload["m"] * workload["k"] * workload["n"]
    transposed = workload["transposeA"]

    @tf.function
    def multiply(a, b):
        return tf.linalg.matmul(a, b, transpose_a=transposed)

    def step():
        multiply(a, b)
        return flops

    out = multiply(a, b).numpy()
    check = [float(out[0, 0]), float(out[-1, -1]), float(out.sum(dtype=np.float64))]
    return {"check": check, "step": step}


def prepare(workload, given):
    kind = {"train": train, "sample": sample, "product": product}[workload["kind"]]
    versions = {"Keras": keras.__version__, "TensorFlow": tf.__version__, "Python": platform.python_version()}
    return {**kind(workload, given), "versions": versions}


serve(prepare)
