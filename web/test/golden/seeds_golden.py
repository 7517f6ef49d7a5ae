"""Final losses of the post's program under a dozen seeds, by NumPy: writes seeds.json beside this file.

Run with NumPy 1.24: python3 web/test/golden/seeds_golden.py
"""
import json
import pathlib

import numpy as np

SEEDS = [0, 1, 7, 30, 42, 50, 65, 107, 143, 158, 185, 199]
SETTINGS = [(2, 0.1), (2, 1.0), (3, 1.0), (4, 1.0)]
EPOCHS = 10000

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
y = np.array([[0], [1], [1], [0]], dtype=float)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def final_loss(seed, units, rate):
    np.random.seed(seed)
    W1 = np.random.randn(2, units)
    W2 = np.random.randn(units, 1)
    b1 = np.zeros((1, units))
    b2 = np.zeros((1, 1))
    for _ in range(EPOCHS):
        a1 = sigmoid(X @ W1 + b1)
        a2 = sigmoid(a1 @ W2 + b2)
        d_z2 = 2 * (a2 - y) / y.size * a2 * (1 - a2)
        d_z1 = (d_z2 @ W2.T) * a1 * (1 - a1)
        W2 -= rate * (a1.T @ d_z2)
        b2 -= rate * d_z2.sum(axis=0, keepdims=True)
        W1 -= rate * (X.T @ d_z1)
        b1 -= rate * d_z1.sum(axis=0, keepdims=True)
    a2 = sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)
    return float(np.mean((y - a2) ** 2))


figures = [
    {"units": units, "rate": rate, "losses": {str(seed): final_loss(seed, units, rate) for seed in SEEDS}}
    for units, rate in SETTINGS
]
path = pathlib.Path(__file__).with_name("seeds.json")
path.write_text(json.dumps({"numpy": np.__version__, "epochs": EPOCHS, "figures": figures}, indent=2) + "\n")
