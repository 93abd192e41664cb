"""
NumPy's side of every kind of work: back-propagation through time by hand, as well as NumPy allows.

One-hot rows are gathered, not multiplied; every buffer is made once; a step of time is one product and a few passes over
whole rows of all gates (numpy_cells.py); weight gradients are one product over all steps; Adam runs on one flat vector of
all parameters.
"""

import os
import platform

from serve import serve, workload

os.environ["OPENBLAS_NUM_THREADS"] = str(workload()["threads"])

import numpy as np  # noqa: E402
from numpy_cells import CELLS, GATES, LSTM, f32  # noqa: E402


class Model:
    """Stacked layers and a head on T steps of B rows, with all parameters in one vector and their gradients in another."""

    def __init__(self, workload, given, T, B):
        cell, self.V, self.H = workload["cell"], workload["vocabSize"], workload["hiddenSize"]
        self.T, self.B, self.L = T, B, workload["numLayers"]
        names = [name for name in given if name.startswith(("rnn.", "head."))]
        size = sum(given[name].size for name in names)
        self.value, self.grad = np.empty(size, f32), np.empty(size, f32)
        self.w, self.g = {}, {}
        at = 0
        for name in names:
            array = given[name]
            piece = slice(at, at + array.size)
            self.w[name] = self.value[piece].reshape(array.shape)
            self.g[name] = self.grad[piece].reshape(array.shape)
            self.w[name][...] = array
            at += array.size
        G = GATES[cell]
        self.cells = [CELLS[cell](T, B, self.H) for _ in range(self.L)]
        self.h = [np.zeros((T + 1, B, self.H), f32) for _ in range(self.L)]
        self.z = np.empty((T, B, G * self.H), f32)
        self.dz = np.empty((T, B, G * self.H), f32)
        self.dx = np.empty((T, B, self.H), f32)
        self.dh, self.dh_before = np.empty((B, self.H), f32), np.empty((B, self.H), f32)
        self.logits = np.empty((T * B, self.V), f32)

    def layer(self, l):
        """The parameters of a layer, and W_hhᵀ in the order in which the products read it."""
        w = {name: self.w[f"rnn.{name}_l{l}"] for name in ("weight_ih", *self.cells[l].biases)}
        w["hh"] = self.w[f"rnn.weight_hh_l{l}"]
        w["hhT"] = np.ascontiguousarray(w["hh"].T)
        return w

    def forward(self, ids):
        for l, cell in enumerate(self.cells):
            w = self.layer(l)
            if l == 0:
                np.take(np.ascontiguousarray(w["weight_ih"].T), ids, axis=0, out=self.z)
            else:
                below = self.h[l - 1][1:].reshape(-1, self.H)
                np.matmul(below, w["weight_ih"].T, out=self.z.reshape(-1, self.z.shape[2]))
            self.z += w["bias_ih"]
            h = self.h[l]
            for t in range(self.T):
                cell.forward(t, self.z[t], h[t], w, h[t + 1])
        top = self.h[-1][1:].reshape(-1, self.H)
        np.matmul(top, self.w["head.weight"].T, out=self.logits)
        self.logits += self.w["head.bias"]
        return self.logits

    def backward(self, one_hot, dlogits):
        top = self.h[-1][1:].reshape(-1, self.H)
        np.matmul(dlogits.T, top, out=self.g["head.weight"])
        dlogits.sum(axis=0, out=self.g["head.bias"])
        np.matmul(dlogits, self.w["head.weight"], out=self.dx.reshape(-1, self.H))
        for l in reversed(range(self.L)):
            self.layer_backward(l, one_hot)

    def layer_backward(self, l, one_hot):
        cell, w, h, G = self.cells[l], self.layer(l), self.h[l], self.dz.shape[2]
        cell.start_backward()
        self.dh_before.fill(0)
        for t in reversed(range(self.T)):
            np.add(self.dx[t], self.dh_before, out=self.dh)
            cell.backward(t, self.dh, h[t], w, self.dz[t], self.dh_before)
        dz = self.dz.reshape(-1, G)
        below = one_hot if l == 0 else self.h[l - 1][1:].reshape(-1, self.H)
        np.matmul(dz.T, below, out=self.g[f"rnn.weight_ih_l{l}"])
        dz.sum(axis=0, out=self.g[f"rnn.bias_ih_l{l}"])
        dy = cell.recurrent_upstream(self.dz).reshape(-1, G)
        np.matmul(dy.T, h[:-1].reshape(-1, self.H), out=self.g[f"rnn.weight_hh_l{l}"])
        if "bias_hh" in cell.biases:
            dy.sum(axis=0, out=self.g[f"rnn.bias_hh_l{l}"])
        if l > 0:
            np.matmul(dz, w["weight_ih"], out=self.dx.reshape(-1, self.H))


class Adam:
    """On one vector. √(v/c₂) + ε = (√v + ε·√c₂)/√c₂ saves a pass."""

    def __init__(self, value, lr, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.value, self.lr, self.b1, self.b2, self.epsilon = value, lr, beta1, beta2, epsilon
        self.m, self.v, self.t, self.tmp = np.zeros_like(value), np.zeros_like(value), 0, np.empty_like(value)

    def step(self, grad):
        self.t += 1
        m, v, tmp = self.m, self.v, self.tmp
        m *= f32(self.b1)
        m += np.multiply(grad, f32(1 - self.b1), out=tmp)
        np.multiply(grad, grad, out=tmp)
        tmp *= f32(1 - self.b2)
        v *= f32(self.b2)
        v += tmp
        root = (1 - self.b2**self.t) ** 0.5
        np.sqrt(v, out=tmp)
        tmp += f32(self.epsilon * root)
        np.divide(m, tmp, out=tmp)
        tmp *= f32(self.lr * root / (1 - self.b1**self.t))
        self.value -= tmp


def softmax_(logits):
    """Rows of scores become probabilities, in place."""
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)


def train(workload, given):
    T, B, V = workload["seqLen"], workload["batchSize"], workload["vocabSize"]
    model = Model(workload, given, T, B)
    optimizer = Adam(model.value, workload["learningRate"])
    ids, targets, rows = given["ids"], given["targets"].reshape(-1), np.arange(T * B)
    one_hot = np.zeros((T * B, V), f32)
    one_hot[rows, ids.reshape(-1)] = 1
    clip, losses = workload["clipNorm"], []

    def step():
        p = model.forward(ids)
        softmax_(p)
        loss = -np.log(p[rows, targets]).mean(dtype=np.float64)
        p[rows, targets] -= f32(1)
        p *= f32(1 / (T * B))
        model.backward(one_hot, p)
        norm = float(np.sqrt(np.dot(model.grad, model.grad)))
        if norm > clip:
            model.grad *= f32(clip / (norm + 1e-6))
        optimizer.step(model.grad)
        if len(losses) < workload["checkSteps"]:
            losses.append(float(loss))
        return T * B

    while len(losses) < workload["checkSteps"]:
        step()
    return {"check": losses, "step": step}


def sample(workload, given):
    model = Model(workload, given, 1, 1)
    layers = [model.layer(l) for l in range(model.L)]
    columns = np.ascontiguousarray(layers[0]["weight_ih"].T) + layers[0]["bias_ih"]
    head, bias = np.ascontiguousarray(model.w["head.weight"].T), model.w["head.bias"]
    rng = np.random.default_rng(1)
    cells, state = model.cells, model.h

    def read(token):
        x = columns[token : token + 1]
        for l, cell in enumerate(cells):
            if l > 0:
                x = h @ layers[l]["weight_ih"].T + layers[l]["bias_ih"]
            h = state[l][1]
            cell.forward(0, x, state[l][0], layers[l], h)
            state[l][0] = h
            if isinstance(cell, LSTM):
                cell.c[0] = cell.c[1]
        return (h @ head)[0] + bias

    token, greedy = 0, []
    while len(greedy) < workload["checkSteps"]:
        p = read(token)
        token = int(p.argmax())
        greedy.append(float(-np.log(np.exp(p - p[token]).sum())))

    def step():
        nonlocal token
        p = read(token)
        p -= p.max()
        np.exp(p, out=p)
        total = np.cumsum(p)
        token = min(int(np.searchsorted(total, rng.random() * total[-1], side="right")), len(p) - 1)
        return 1

    return {"check": greedy, "step": step}


def product(workload, given):
    a = given["a"].T if workload["transposeA"] else given["a"]
    b = given["b"]
    flops = 2 * workload["m"] * workload["k"] * workload["n"]
    out = np.matmul(a, b)

    def step():
        np.matmul(a, b, out=out)
        return flops

    check = [float(out[0, 0]), float(out[-1, -1]), float(out.sum(dtype=np.float64))]
    return {"check": check, "step": step}


def prepare(workload, given):
    kind = {"train": train, "sample": sample, "product": product}[workload["kind"]]
    versions = {"NumPy": np.__version__, "OpenBLAS": openblas(), "Python": platform.python_version()}
    return {**kind(workload, given), "versions": versions}


def openblas():
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{blas['version']} ({blas['name']})"


serve(prepare)
