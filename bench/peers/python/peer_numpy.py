"""peer_numpy.py FOLDER PRECISION: the network written with NumPy's arrays, as in the post."""

import sys

import numpy as np

from protocol import serve

DTYPE = {"f64": np.float64, "f32": np.float32}[sys.argv[2]]


def activate(name, z):
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if name == "tanh":
        return np.tanh(z)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def slope(name, a):
    return a * (1 - a) if name == "sigmoid" else 1 - a * a


class Network:
    def __init__(self, w):
        self.w = w
        self.x, self.y = w.inputs.astype(DTYPE), w.targets.astype(DTYPE)
        self.weights = [weights.astype(DTYPE) for weights, _ in w.layers]
        self.biases = [biases.astype(DTYPE) for _, biases in w.layers]
        self.names = [w.hidden] * (len(w.layers) - 1) + [w.output]
        self.batches = [(self.x[b], self.y[b]) for b in w.batches()]

    def forward(self, x):
        a = [x]
        for weights, biases, name in zip(self.weights, self.biases, self.names):
            a.append(activate(name, a[-1] @ weights + biases))
        return a

    def step(self, x, y):
        a = self.forward(x)
        if self.w.output == "softmax":
            dz = (a[-1] - y) / DTYPE(len(x))
        else:
            dz = (a[-1] - y) * DTYPE(2 / y.size) * slope(self.w.output, a[-1])
        rate = DTYPE(self.w.rate)
        for l in reversed(range(len(self.weights))):
            d_weights = a[l].T @ dz
            d_biases = dz.sum(axis=0)
            if l > 0:
                dz = dz @ self.weights[l].T * slope(self.w.hidden, a[l])
            self.weights[l] -= rate * d_weights
            self.biases[l] -= rate * d_biases

    def run(self, epochs):
        for _ in range(epochs):
            for x, y in self.batches:
                self.step(x, y)

    def loss(self):
        a = self.forward(self.x)[-1]
        if self.w.output == "softmax":
            return -(self.y * np.log(a)).sum() / len(a)
        return ((a - self.y) ** 2).mean()


serve(f"NumPy {np.__version__}", Network)
