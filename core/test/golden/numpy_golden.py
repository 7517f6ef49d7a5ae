#!/usr/bin/env python3
"""Writes the golden figures of NumPy that the C++ and JavaScript tests compare with.

    python3 core/test/golden/numpy_golden.py        (Debian: python3-numpy, python3-mpmath)

numpy_randn.json      what np.random.seed and np.random.randn give for the seeds 0 to 999
numpy_training.json   losses and parameters of the post's run and of plain networks, trained here

Every number is written in the fewest digits that read back to the same double.
"""

import json
import math
import pathlib
import platform

import mpmath
import numpy as np

HERE = pathlib.Path(__file__).parent
SEEDS = 1000
WIDTHS = range(2, 9)
DRAWS = 3 * WIDTHS[-1]  # a 2-w-1 network draws 2 w and then w numbers


def fnv1a(values):
    """FNV-1a, 64 bits, over the little-endian bytes of the doubles: 16 hexadecimal digits."""
    digest = 0xCBF29CE484222325
    for byte in np.asarray(values, dtype="<f8").tobytes():
        digest = (digest ^ byte) * 0x100000001B3 % 2**64
    return f"{digest:016x}"


def rounded_log(x):
    """The double nearest to ln x."""
    with mpmath.workprec(300):
        log = mpmath.log(mpmath.mpf(x))
    with mpmath.workprec(53):
        return float(+log)


def randn_with_rounded_log(seed, count):
    """NumPy's legacy randn, its logarithm correctly rounded."""
    state = np.random.RandomState(seed)
    values = []
    while len(values) < count:
        a, b = 2.0 * state.random_sample() - 1.0, 2.0 * state.random_sample() - 1.0
        square = a * a + b * b
        if 0.0 < square < 1.0:
            scale = math.sqrt(-2.0 * rounded_log(square) / square)
            values += [scale * b, scale * a]
    return values[:count]


def log_digest(count):
    """Of ln x rounded correctly, x = u 2^k, u and then k + 1000 = floor(2000 u') drawn from seed 1."""
    draws = np.random.RandomState(1).random_sample(2 * count).tolist()
    points = [math.ldexp(u, int(2000 * v) - 1000) for u, v in zip(draws[::2], draws[1::2])]
    return fnv1a([rounded_log(x) for x in points])


def randn_figures():
    """One stream a seed: the widths of 2-w-1 networks read prefixes of it, which is asserted."""
    streams, exceptions = [], []
    for seed in range(SEEDS):
        np.random.seed(seed)
        stream = np.random.randn(DRAWS)
        for width in WIDTHS:
            np.random.seed(seed)
            first, second = np.random.randn(2, width), np.random.randn(width, 1)
            assert np.array_equal(np.append(first, second), stream[: 3 * width])
        streams.append(fnv1a(stream))
        for index, (numpy, rounded) in enumerate(zip(stream, randn_with_rounded_log(seed, DRAWS))):
            if numpy != rounded:
                ulps = round((numpy - rounded) / math.ulp(rounded))
                exceptions.append(
                    {"seed": seed, "index": index, "numpy": numpy, "rounded": rounded, "ulps": ulps}
                )
    samples = []
    for seed in (0, 1, 42, 999, 2**32 - 1):
        np.random.seed(seed)
        samples.append({"seed": seed, "values": np.random.randn(DRAWS).tolist()})
    return {
        "about": f"np.random.seed(seed); np.random.randn({DRAWS}), whose first 3 w numbers are the "
        "weights of a 2-w-1 network. streams[seed]: FNV-1a 64 of their little-endian bytes. "
        "exceptions: the numbers for which the C library under NumPy did not round log correctly; "
        "ulps counts from rounded to numpy. log: digest of correctly rounded logarithms.",
        "numpy": np.__version__,
        "libc": " ".join(platform.libc_ver()),
        "draws": DRAWS,
        "log": {"count": 20000, "digest": log_digest(20000)},
        "exceptions": exceptions,
        "samples": samples,
        "streams": streams,
    }


ACTIVATIONS = {  # name: (value, derivative in terms of z and a)
    "identity": (lambda z: z, lambda z, a: np.ones_like(z)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a * a),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(z.dtype)),
}

XOR = {"kind": "xor"}


def samples_of(data):
    if data["kind"] == "xor":
        data = {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [[0], [1], [1], [0]]}
    return np.array(data["inputs"], dtype=float), np.array(data["targets"], dtype=float)


def forward(inputs, layers, parameters):
    """z and a of every layer; a[0] is the input."""
    zs, activations = [], [inputs]
    for layer, (weights, biases) in zip(layers, parameters):
        zs.append(activations[-1] @ weights + biases)
        activations.append(ACTIVATIONS[layer["activation"]][0](zs[-1]))
    return zs, activations


def flat(parameters):
    return np.concatenate([p.ravel() for pair in parameters for p in pair]).tolist()


def train(experiment, epochs, loss_epochs, prediction_epoch=None):
    """Full-batch gradient descent on the mean squared error, as in the post."""
    inputs, targets = samples_of(experiment["data"])
    layers, rate = experiment["layers"], experiment["optimizer"]["learningRate"]
    np.random.seed(experiment["initializer"]["seed"])
    parameters, fan_in = [], inputs.shape[1]
    for layer in layers:
        weights = np.random.randn(fan_in, layer["units"])
        parameters.append([weights, np.zeros((1, layer["units"]))])
        fan_in = layer["units"]

    figures = {"experiment": experiment, "epochs": epochs, "losses": [], "initial": flat(parameters)}
    for epoch in range(epochs + 1):
        zs, activations = forward(inputs, layers, parameters)
        error = activations[-1] - targets
        if epoch in loss_epochs:
            figures["losses"].append([epoch, float(np.mean(error**2))])
        if epoch == prediction_epoch:
            figures["predictions"] = activations[-1].ravel().tolist()
        if epoch == epochs:
            break
        gradient = 2 * error / error.size
        for index in reversed(range(len(layers))):
            derivative = ACTIVATIONS[layers[index]["activation"]][1]
            gradient = gradient * derivative(zs[index], activations[index + 1])
            weights, biases = parameters[index]
            step = [activations[index].T @ gradient, gradient.sum(axis=0, keepdims=True)]
            gradient = gradient @ weights.T
            parameters[index] = [weights - rate * step[0], biases - rate * step[1]]
    figures["final"] = flat(parameters)
    return figures


def experiment(data, shape, rate, seed):
    """shape: "3 tanh, 1 sigmoid" and the like."""
    layers = [layer.split() for layer in shape.split(", ")]
    return {
        "data": data,
        "layers": [{"units": int(units), "activation": name} for units, name in layers],
        "initializer": {"kind": "numpy_randn", "seed": seed},
        "optimizer": {"kind": "sgd", "learningRate": rate},
    }


def curve():
    """13 points of a curve in the plane, one value each."""
    x = [round(-1.5 + 0.25 * i, 2) for i in range(13)]
    return {
        "kind": "points",
        "inputs": [[v, round(math.cos(2 * v), 3)] for v in x],
        "targets": [[round(0.8 * math.sin(2 * v), 3)] for v in x],
    }


def cloud():
    """7 points in space, two values each."""
    generator = np.random.RandomState(7)
    inputs = generator.uniform(-1, 1, (7, 3)).round(3)
    targets = np.stack([inputs[:, 0] * inputs[:, 1], inputs[:, 2] ** 2 - 0.3], axis=1).round(3)
    return {"kind": "points", "inputs": inputs.tolist(), "targets": targets.tolist()}


def training_figures():
    post = train(
        experiment(XOR, "2 sigmoid, 1 sigmoid", 0.1, 42),
        10000,
        [*range(0, 10000, 1000), 9999, 10000],
        prediction_epoch=9999,
    )
    cases = [(experiment(XOR, "2 sigmoid, 1 sigmoid", 0.1, seed), 10000) for seed in range(12)]
    cases += [
        (experiment(XOR, "1 sigmoid", 0.5, 3), 1000),
        (experiment(XOR, "2 sigmoid, 1 sigmoid", 1.0, 5), 5000),
        (experiment(XOR, "3 tanh, 1 sigmoid", 0.5, 1), 3000),
        (experiment(XOR, "4 relu, 1 sigmoid", 0.3, 8), 2000),
        (experiment(XOR, "8 tanh, 8 tanh, 1 identity", 0.02, 2), 60),
        (experiment(XOR, "5 sigmoid, 4 tanh, 3 relu, 1 sigmoid", 0.1, 11), 1000),
        (experiment(curve(), "1 identity", 0.1, 4), 500),
        (experiment(curve(), "6 tanh, 1 identity", 0.05, 6), 2000),
        (experiment(curve(), "9 relu, 5 sigmoid, 1 tanh", 0.05, 9), 1000),
        (experiment(cloud(), "2 identity", 0.1, 10), 500),
        (experiment(cloud(), "5 tanh, 2 identity", 0.1, 12), 1000),
        (experiment(cloud(), "6 relu, 2 tanh", 0.1, 13), 1000),
        (experiment(cloud(), "4 tanh, 3 identity, 5 sigmoid, 2 identity", 0.05, 14), 1000),
    ]
    return {
        "about": "Full-batch gradient descent on the mean squared error. losses: [epoch, loss] "
        "before that epoch's update; initial, final: W1 (fan_in x fan_out, row-major), b1, W2, ...; "
        "predictions: of the post's last forward pass, epoch 9999.",
        "numpy": np.__version__,
        "post": post,
        "cases": [
            train(case, epochs, sorted({0, 1, 10, epochs // 10, epochs // 2, epochs})) for case, epochs in cases
        ],
    }


def write(name, figures):
    """JSON with one line an entry and an element of its lists."""
    lines = []
    for key, value in figures.items():
        if isinstance(value, list):
            value = "[\n    " + ",\n    ".join(map(json.dumps, value)) + "\n  ]"
        else:
            value = json.dumps(value)
        lines.append(f'  "{key}": {value}')
    (HERE / name).write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    write("numpy_randn.json", randn_figures())
    write("numpy_training.json", training_figures())
