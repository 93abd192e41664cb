"""
The recurrent cells of the NumPy peer: one step of time forward and one backward, on buffers that are made once. `z` is
what the inputs give to all gates, `w["hhT"]` is W_hhᵀ as it is read. The mathematics stands in packages/{rnn,lstm,gru}/src.
"""

import numpy as np

GATES = {"lstm": 4, "gru": 3, "rnn": 1}
f32 = np.float32


def sigmoid_(z):
    """σ in place."""
    z *= f32(0.5)
    np.tanh(z, out=z)
    z += f32(1)
    z *= f32(0.5)


class LSTM:
    """z = x·W_ihᵀ + h·W_hhᵀ + b, gates i f g o; c = f⊙c + i⊙g; h = o⊙tanh c."""

    biases = ("bias_ih",)

    def __init__(self, T, B, H):
        self.gates = np.empty((T, B, 4 * H), f32)
        self.c = np.zeros((T + 1, B, H), f32)
        self.tanh_c = np.empty((T, B, H), f32)
        self.dc, self.t = np.empty((B, H), f32), np.empty((B, H), f32)
        self.u = np.empty((B, 4 * H), f32)
        self.scale = np.repeat(np.array([0.5, 0.5, 1, 0.5], f32), H)  # σ(x) = ½·tanh(½·x) + ½
        self.shift = np.repeat(np.array([0.5, 0.5, 0, 0.5], f32), H)
        self.H = H
        # views, made once: np.split at every step would take as long as a small product
        self.parts = [[row[:, k * H : (k + 1) * H] for k in range(4)] for row in self.gates]

    def forward(self, t, z, h, w, out):
        c, gates = self.c, self.gates[t]
        np.matmul(h, w["hhT"], out=gates)
        gates += z
        gates *= self.scale
        np.tanh(gates, out=gates)
        gates *= self.scale
        gates += self.shift
        i, f, g, o = self.parts[t]
        np.multiply(f, c[t], out=c[t + 1])
        c[t + 1] += np.multiply(i, g, out=self.t)
        np.tanh(c[t + 1], out=self.tanh_c[t])
        np.multiply(o, self.tanh_c[t], out=out)

    def start_backward(self):
        self.dc.fill(0)

    def backward(self, t, dh, h, w, dz, dh_before):
        H, dc, u, tmp = self.H, self.dc, self.u, self.t
        gates, tanh_c = self.gates[t], self.tanh_c[t]
        i, f, g, o = self.parts[t]
        di, df, dg, do = dz[:, :H], dz[:, H : 2 * H], dz[:, 2 * H : 3 * H], dz[:, 3 * H :]
        np.multiply(dh, tanh_c, out=do)
        np.multiply(tanh_c, tanh_c, out=tmp)  # dc += dh⊙o⊙(1 − tanh² c)
        np.subtract(f32(1), tmp, out=tmp)
        tmp *= o
        tmp *= dh
        dc += tmp
        np.multiply(dc, g, out=di)
        np.multiply(dc, self.c[t], out=df)
        np.multiply(dc, i, out=dg)
        dc *= f
        np.multiply(gates, gates, out=u)  # σ′ = σ − σ², tanh′ = 1 − tanh²
        np.subtract(gates[:, : 2 * H], u[:, : 2 * H], out=u[:, : 2 * H])
        np.subtract(f32(1), u[:, 2 * H : 3 * H], out=u[:, 2 * H : 3 * H])
        np.subtract(gates[:, 3 * H :], u[:, 3 * H :], out=u[:, 3 * H :])
        dz *= u
        np.matmul(dz, w["hh"], out=dh_before)

    def recurrent_upstream(self, dz):
        return dz  # dL/d(h·W_hhᵀ)


class RNN:
    """h = tanh(x·W_ihᵀ + h·W_hhᵀ + b)."""

    biases = ("bias_ih",)

    def __init__(self, T, B, H):
        self.h = np.empty((T, B, H), f32)
        self.t = np.empty((B, H), f32)

    def forward(self, t, z, h, w, out):
        np.matmul(h, w["hhT"], out=out)
        out += z
        np.tanh(out, out=out)
        self.h[t] = out

    def start_backward(self):
        pass

    def backward(self, t, dh, h, w, dz, dh_before):
        np.multiply(self.h[t], self.h[t], out=self.t)
        np.subtract(f32(1), self.t, out=self.t)
        np.multiply(dh, self.t, out=dz)
        np.matmul(dz, w["hh"], out=dh_before)

    def recurrent_upstream(self, dz):
        return dz


class GRU:
    """r, z = σ(…); n = tanh(x·W_n + b_n + r⊙(h·U_n + b_hn)); h = (1 − z)⊙n + z⊙h: the reset gate behind the product."""

    biases = ("bias_ih", "bias_hh")

    def __init__(self, T, B, H):
        self.rz = np.empty((T, B, 2 * H), f32)
        self.n, self.s = np.empty((T, B, H), f32), np.empty((T, B, H), f32)
        self.y = np.empty((B, 3 * H), f32)
        self.t = np.empty((B, H), f32)
        self.u = np.empty((B, 2 * H), f32)
        self.dy = np.empty((T, B, 3 * H), f32)
        self.H = H

    def forward(self, t, x, h, w, out):
        H, y, n = self.H, self.y, self.n[t]
        np.matmul(h, w["hhT"], out=y)
        y += w["bias_hh"]
        rz = self.rz[t]
        np.add(x[:, : 2 * H], y[:, : 2 * H], out=rz)
        sigmoid_(rz)
        r, z = rz[:, :H], rz[:, H:]
        self.s[t] = y[:, 2 * H :]
        np.multiply(r, self.s[t], out=n)
        n += x[:, 2 * H :]
        np.tanh(n, out=n)
        np.subtract(h, n, out=out)  # n + z⊙(h − n)
        out *= z
        out += n

    def start_backward(self):
        pass

    def backward(self, t, dh, h, w, dz, dh_before):
        H, tmp, u = self.H, self.t, self.u
        rz, n, dy = self.rz[t], self.n[t], self.dy[t]
        r, z = rz[:, :H], rz[:, H:]
        dn = dz[:, 2 * H :]
        np.subtract(f32(1), z, out=dn)
        dn *= dh
        np.multiply(n, n, out=tmp)
        np.subtract(f32(1), tmp, out=tmp)
        dn *= tmp
        np.multiply(dn, self.s[t], out=dz[:, :H])
        np.subtract(h, n, out=tmp)
        np.multiply(dh, tmp, out=dz[:, H : 2 * H])
        np.multiply(rz, rz, out=u)
        np.subtract(rz, u, out=u)
        dz[:, : 2 * H] *= u
        dy[:, : 2 * H] = dz[:, : 2 * H]
        np.multiply(dn, r, out=dy[:, 2 * H :])
        np.matmul(dy, w["hh"], out=dh_before)
        np.multiply(dh, z, out=tmp)
        dh_before += tmp

    def recurrent_upstream(self, dz):
        return self.dy


CELLS = {"lstm": LSTM, "gru": GRU, "rnn": RNN}
