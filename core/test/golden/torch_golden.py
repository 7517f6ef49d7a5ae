#!/usr/bin/env python3
"""Writes torch_training.json, PyTorch's figures that the C++ tests compare with, in float64.

    python3 core/test/golden/torch_golden.py        (Debian: python3-torch 1.13, python3-numpy)

A setting that an experiment leaves out is left to PyTorch's default, so the defaults are compared
too (but for the learning rate of sgd, which has none). The networks start from np.random.randn and
zero biases. Of the seeds, each case takes the first whose run is smooth enough for a comparison to
1e-10: the loss falls, no corner of an activation or loss comes close (an exact 0 is no danger: both
sides have it), and a run from parameters that differ by 1e-14 ends within 1e-11.
"""

import inspect
import itertools
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
EPOCHS = 50
MARGIN = 1e-6  # no closer to a corner during a run
SMOOTH = 1e-3  # no corner so near the initial parameters: central differences hold
SEEDS = 200

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, arXiv:2302.06675, algorithm 2; defaults of the authors' code."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            rate, (beta1, beta2) = group["lr"], group["betas"]
            for p in group["params"]:
                momentum = self.state[p].setdefault("momentum", torch.zeros_like(p))
                direction = torch.sign(beta1 * momentum + (1 - beta1) * p.grad)
                p.sub_(rate * (direction + group["weight_decay"] * p))
                momentum.copy_(beta2 * momentum + (1 - beta2) * p.grad)


OPTIMIZERS = {
    "sgd": torch.optim.SGD,
    "adagrad": torch.optim.Adagrad,
    "adadelta": torch.optim.Adadelta,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "nadam": torch.optim.NAdam,
    "rprop": torch.optim.Rprop,
    "lion": Lion,
}
KEYWORDS = {
    "learningRate": "lr",
    "weightDecay": "weight_decay",
    "learningRateDecay": "lr_decay",
    "momentumDecay": "momentum_decay",
    "epsilon": "eps",
}
PAIRS = {
    "betas": ("beta1", "beta2"),
    "etas": ("etaMinus", "etaPlus"),
    "step_sizes": ("stepSizeMinimum", "stepSizeMaximum"),
}

ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "selu": F.selu,
    "softplus": F.softplus,
    "softsign": F.softsign,
    "silu": F.silu,
    "gelu": F.gelu,
    "mish": F.mish,
    "sine": torch.sin,
    "softmax": lambda z: torch.softmax(z, dim=1),
}
CORNERS = {  # distance of the pre-activations from what is not smooth
    "relu": torch.abs,
    "leaky_relu": torch.abs,
    "selu": torch.abs,
    "softplus": lambda z: 20 - z,  # PyTorch takes z itself from there on
}

LOSSES = {  # of logits, outputs and targets
    "mse": lambda z, a, y: F.mse_loss(a, y),
    "mae": lambda z, a, y: F.l1_loss(a, y),
    "huber": lambda z, a, y: F.huber_loss(a, y),
    "binary_cross_entropy": lambda z, a, y: F.binary_cross_entropy_with_logits(z, y),
    "cross_entropy": lambda z, a, y: F.cross_entropy(z, y),
    "hinge": lambda z, a, y: torch.clamp(1 - a * y, min=0).mean(),
}
LOSS_CORNERS = {
    "mae": lambda a, y: torch.abs(a - y),
    "hinge": lambda a, y: torch.abs(1 - a * y),
}

FEATURES = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1_squared": lambda x1, x2: x1 * x1,
    "x2_squared": lambda x1, x2: x2 * x2,
    "x1_x2": lambda x1, x2: x1 * x2,
    "sin_x1": lambda x1, x2: torch.sin(x1),
    "sin_x2": lambda x1, x2: torch.sin(x2),
}


def points(seed, samples, inputs, targets):
    """Inputs in -1.5 to 1.5 with three decimals, and what `targets` draws for them."""
    random = np.random.RandomState(seed)
    x = random.uniform(-1.5, 1.5, (samples, inputs)).round(3)
    y = np.asarray(targets(random, x), dtype=float).round(3)
    return {"kind": "points", "inputs": x.tolist(), "targets": y.tolist()}


def one_hot(random, x):
    return np.eye(3)[np.arange(len(x)) % 3]


DATA = {
    "space": points(1, 11, 3, lambda random, x: random.uniform(-0.9, 0.9, (len(x), 2))),
    "far": points(2, 13, 2, lambda random, x: random.uniform(-4, 4, (len(x), 1))),
    "sides": points(3, 12, 2, lambda random, x: x[:, :1] * x[:, 1:] > 0),
    "shares": points(4, 13, 2, lambda random, x: random.uniform(0, 1, (len(x), 3))),
    "classes": points(5, 14, 2, one_hot),
    "signs": points(6, 12, 3, lambda random, x: np.sign(random.uniform(-1, 1, (len(x), 2)))),
}


def xor_targets(experiment):
    if experiment["layers"][-1]["activation"] == "softmax":
        return [[1, 0], [0, 1], [0, 1], [1, 0]]
    signs = experiment["loss"] == "hinge" or experiment["layers"][-1]["activation"] == "tanh"
    no = -1 if signs else 0
    return [[no], [1], [1], [no]]


def samples_of(experiment):
    if isinstance(experiment["data"], str):
        data = DATA[experiment["data"]]
    else:
        data = {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": xor_targets(experiment)}
    x, y = (torch.tensor(data[name], dtype=torch.float64) for name in ("inputs", "targets"))
    if "features" in experiment:
        columns = [FEATURES[name](x[:, 0], x[:, 1]) for name in experiment["features"]]
        x = torch.stack(columns, dim=1)
    return x, y


def initial_parameters(experiment, fan_in):
    """W1, b1, W2, ... as numpy_randn says."""
    random = np.random.RandomState(experiment["initializer"]["seed"])
    parameters = []
    for layer in experiment["layers"]:
        parameters.append(torch.tensor(random.randn(fan_in, layer["units"])))
        parameters.append(torch.zeros(layer["units"]))
        fan_in = layer["units"]
    return parameters


def optimizer_of(experiment, parameters):
    settings = dict(experiment["optimizer"])
    optimizer = OPTIMIZERS[settings.pop("kind")]
    defaults = inspect.signature(optimizer).parameters
    keywords = {"lr": 0.1} if optimizer is torch.optim.SGD else {}
    for keyword, names in PAIRS.items():
        if keyword in defaults:
            pair = zip(names, defaults[keyword].default)
            keywords[keyword] = tuple(settings.pop(name, value) for name, value in pair)
    keywords.update({KEYWORDS.get(name, name): value for name, value in settings.items()})
    return optimizer(parameters, **keywords)


def warmup_cosine(warmup, minimum, rate):
    def factor(epoch):
        if epoch < warmup:
            return (epoch + 1) / warmup
        wave = (1 + math.cos(math.pi * (epoch - warmup) / (EPOCHS - warmup))) / 2
        return (minimum + (rate - minimum) * wave) / rate

    return factor


def schedule_of(experiment, optimizer):
    schedule = experiment.get("schedule", {"kind": "constant"})
    kinds = torch.optim.lr_scheduler
    if schedule["kind"] == "step":
        return kinds.StepLR(optimizer, schedule["stepSize"], schedule["gamma"])
    if schedule["kind"] == "exponential":
        return kinds.ExponentialLR(optimizer, schedule["gamma"])
    if schedule["kind"] == "cosine":
        return kinds.CosineAnnealingLR(optimizer, EPOCHS, schedule["minimum"])
    if schedule["kind"] == "warmup_cosine":
        rate = optimizer.defaults["lr"]
        factor = warmup_cosine(schedule["warmup"], schedule["minimum"], rate)
        return kinds.LambdaLR(optimizer, factor)
    return kinds.ExponentialLR(optimizer, 1)


class Run:
    def __init__(self, experiment, disturbance=0):
        self.experiment = experiment
        self.x, self.y = samples_of(experiment)
        self.parameters = initial_parameters(experiment, self.x.shape[1])
        random = np.random.RandomState(0)
        for p in self.parameters:
            p *= torch.tensor(1 + disturbance * random.choice([-1, 1], p.shape))
            p.requires_grad_()
        self.optimizer = optimizer_of(experiment, self.parameters)
        self.rate = self.optimizer.defaults["lr"]
        self.schedule = schedule_of(experiment, self.optimizer)
        self.margin = math.inf  # from the nearest corner met so far, exact zeros left out
        self.on_corner = False  # those exact zeros

    def approach(self, distance):
        self.on_corner |= bool(torch.any(distance == 0))
        if torch.any(distance != 0):
            self.margin = min(self.margin, distance[distance != 0].min().item())

    def loss(self, x, y):
        a = x
        for layer, index in zip(self.experiment["layers"], itertools.count(0, 2)):
            z = a @ self.parameters[index] + self.parameters[index + 1]
            a = ACTIVATIONS[layer["activation"]](z)
            if layer["activation"] in CORNERS:
                self.approach(CORNERS[layer["activation"]](z))
        name = self.experiment["loss"]
        if name in LOSS_CORNERS:
            self.approach(LOSS_CORNERS[name](a, y))
        return LOSSES[name](z, a, y)

    def differentiate(self, x, y):
        loss = self.loss(x, y)
        penalty = self.experiment.get("regularization", {})
        for weights in self.parameters[::2]:
            loss = loss + penalty.get("l1", 0) * weights.abs().sum()
            loss = loss + penalty.get("l2", 0) * 0.5 * (weights**2).sum()
        self.optimizer.zero_grad()
        loss.backward()

    def gradient(self):
        self.differentiate(self.x, self.y)
        return torch.cat([p.grad.flatten() for p in self.parameters]).tolist()

    def flat(self):
        return torch.cat([p.detach().flatten() for p in self.parameters]).tolist()

    def apply_edits(self, epoch):
        for edit in self.experiment.get("edits", []):
            if edit["epoch"] == epoch and "learningRate" in edit:
                for group in self.optimizer.param_groups:
                    group["lr"] *= edit["learningRate"] / self.rate
                self.rate = edit["learningRate"]
            elif edit["epoch"] == epoch:
                values = torch.tensor(self.flat())
                values[edit["parameter"]] = edit["value"]
                torch.nn.utils.vector_to_parameters(values, self.parameters)

    def train_epoch(self):
        size = self.experiment.get("batchSize", 0) or len(self.x)
        for x, y in zip(self.x.split(size), self.y.split(size)):
            self.differentiate(x, y)
            self.optimizer.step()
        self.schedule.step()

    def train(self):
        """The losses at epochs 0 to EPOCHS."""
        losses = []
        for epoch in range(EPOCHS):
            self.apply_edits(epoch)
            losses.append(self.loss(self.x, self.y).item())
            self.train_epoch()
        return losses + [self.loss(self.x, self.y).item()]


def close(a, b):
    return all(abs(v - w) <= 1e-11 * max(1, abs(w)) for v, w in zip(a, b))


def figures_of(experiment):
    """None where the run is not smooth enough."""
    run = Run(experiment)
    figures = {"experiment": experiment, "gradient": run.gradient()}
    figures["smooth"] = run.margin > SMOOTH and not run.on_corner
    figures["losses"], figures["final"] = run.train(), run.flat()
    twin = Run(experiment, disturbance=1e-14)
    disturbed = twin.train() + twin.flat()
    falls = 0 < figures["losses"][-1] < figures["losses"][0]
    stable = close(disturbed, figures["losses"] + figures["final"])
    return figures if falls and stable and run.margin > MARGIN else None


def first_smooth(experiment):
    for seed in range(SEEDS):
        experiment["initializer"] = {"kind": "numpy_randn", "seed": seed}
        figures = figures_of(experiment)
        if figures:
            return figures
    raise RuntimeError(f"no seed gives a smooth run: {experiment}")


XOR = {"kind": "xor"}
FAST = {"kind": "sgd", "learningRate": 0.2}


def case(data, shape, loss="mse", optimizer=FAST, batch=0, **fields):
    """shape: "3 tanh, 1 sigmoid" and the like."""
    layers = [layer.split() for layer in shape.split(", ")]
    experiment = {
        "data": data,
        "layers": [{"units": int(units), "activation": name} for units, name in layers],
        "loss": loss,
        "optimizer": optimizer,
        "epochs": EPOCHS,
    }
    if batch:
        experiment |= {"batchSize": batch, "shuffle": False}
    return experiment | fields


def activation_cases():
    slow, adam = {"kind": "sgd", "learningRate": 0.02}, {"kind": "adam", "learningRate": 0.01}
    momentum = {"kind": "sgd", "learningRate": 0.05, "momentum": 0.5}
    for name in ACTIVATIONS:
        yield case("space", f"4 tanh, 2 {name}", optimizer=momentum)
        if name == "softmax":
            yield case(XOR, "3 tanh, 2 softmax", optimizer=momentum)
            continue
        yield case("space", f"5 {name}, 2 identity", optimizer=momentum, batch=4)
        yield case(XOR, f"3 {name}, 1 sigmoid", "binary_cross_entropy")
        yield case("sides", f"4 {name}, 3 {name}, 1 {name}", "huber", optimizer=adam)
        yield case("far", f"3 {name}, 3 {name}, 3 {name}, 1 identity", optimizer=slow, batch=5)


def loss_cases():
    slow, momentum = FAST | {"learningRate": 0.05}, FAST | {"momentum": 0.9, "learningRate": 0.02}
    yield case("space", "2 identity", optimizer=slow)
    yield case(XOR, "2 sigmoid, 1 sigmoid")
    yield case(XOR, "3 tanh, 1 tanh", batch=3)
    for loss in ("mae", "huber"):
        yield case("far", "1 identity", loss, optimizer=slow)
        yield case("far", "5 tanh, 1 identity", loss, optimizer=momentum, batch=5)
        yield case("shares", "4 softplus, 3 softmax", loss, optimizer=slow)
        yield case("space", "4 silu, 3 sine, 3 tanh, 2 identity", loss, optimizer=slow)
    binary = "binary_cross_entropy"
    yield case("sides", "1 sigmoid", binary, batch=5)
    yield case("shares", "4 tanh, 3 sigmoid", binary)
    yield case("shares", "4 relu, 3 gelu, 3 sigmoid", binary, optimizer=momentum, batch=4)
    yield case("sides", "4 elu, 4 tanh, 3 mish, 1 sigmoid", binary, optimizer=slow)
    yield case(XOR, "4 tanh, 2 softmax", "cross_entropy")
    yield case("classes", "3 softmax", "cross_entropy", batch=4)
    yield case("classes", "5 tanh, 3 softmax", "cross_entropy", batch=5)
    yield case("shares", "4 softsign, 3 selu, 3 softmax", "cross_entropy", optimizer=slow)
    yield case("classes", "4 silu, 4 tanh, 3 sine, 3 softmax", "cross_entropy", optimizer=momentum)
    yield case(XOR, "4 tanh, 1 identity", "hinge", optimizer=slow)
    yield case("signs", "2 identity", "hinge", optimizer=slow, batch=5)
    yield case("signs", "4 tanh, 2 tanh", "hinge")
    yield case("signs", "4 gelu, 3 tanh, 2 sine", "hinge", optimizer=slow, batch=4)
    yield case("signs", "4 tanh, 4 leaky_relu, 3 tanh, 2 identity", "hinge", optimizer=momentum)


OPTIMIZER_SETTINGS = {
    "sgd": [
        {},
        {"learningRate": 0.05, "momentum": 0.9},
        {"momentum": 0.8, "dampening": 0.3},
        {"learningRate": 0.02, "momentum": 0.9, "nesterov": True},
        {"weightDecay": 0.02},
        {"momentum": 0.7, "nesterov": True, "weightDecay": 0.01},
        {"momentum": 0.5, "dampening": 0.5, "weightDecay": 0.05},
    ],
    "adagrad": [
        {},
        {"learningRate": 0.1, "learningRateDecay": 0.05},
        {"learningRate": 0.2, "epsilon": 1e-3, "weightDecay": 0.01},
        {"learningRate": 0.05, "learningRateDecay": 0.5, "weightDecay": 0.1},
    ],
    "adadelta": [
        {},
        {"learningRate": 0.5, "rho": 0.5},
        {"epsilon": 1e-3},
        {"learningRate": 2, "rho": 0.95, "epsilon": 1e-4, "weightDecay": 0.02},
    ],
    "rmsprop": [
        {},
        {"learningRate": 0.005, "alpha": 0.9, "momentum": 0.5},
        {"alpha": 0.8, "centered": True},
        {"learningRate": 0.002, "momentum": 0.9, "centered": True, "weightDecay": 0.01},
        {"epsilon": 1e-3, "weightDecay": 0.1},
        {"alpha": 0.5, "epsilon": 0.1, "centered": True},
    ],
    "adam": [
        {},
        {"learningRate": 0.05},
        {"learningRate": 0.02, "beta1": 0.5, "beta2": 0.9},
        {"learningRate": 0.05, "amsgrad": True},
        {"learningRate": 0.01, "epsilon": 1e-3, "weightDecay": 0.05},
        {"learningRate": 0.01, "beta1": 0},
        {"learningRate": 0.03, "beta2": 0.95, "amsgrad": True, "weightDecay": 0.1},
    ],
    "adamw": [
        {},
        {"learningRate": 0.05, "weightDecay": 0.2},
        {"learningRate": 0.02, "beta1": 0.5, "beta2": 0.9, "weightDecay": 0},
        {"learningRate": 0.05, "amsgrad": True},
        {"learningRate": 0.01, "beta1": 0.8, "epsilon": 1e-3, "weightDecay": 0.5},
    ],
    "nadam": [
        {},
        {"learningRate": 0.02, "momentumDecay": 0.1},
        {"learningRate": 0.01, "beta1": 0.5, "beta2": 0.95},
        {"learningRate": 0.02, "weightDecay": 0.05, "epsilon": 1e-4},
        {"learningRate": 0.02, "momentumDecay": 0},
        {"learningRate": 0.01, "beta1": 0.99, "momentumDecay": 2},
    ],
    "rprop": [
        {},
        {"etaMinus": 0.3, "etaPlus": 1.1},
        {"learningRate": 0.05, "stepSizeMinimum": 0.001, "stepSizeMaximum": 0.1},
        {"learningRate": 0.002, "etaMinus": 0.7, "etaPlus": 1.5, "stepSizeMaximum": 0.03},
    ],
    "lion": [
        {},
        {"learningRate": 0.01},
        {"learningRate": 0.005, "beta1": 0.8, "beta2": 0.95},
        {"learningRate": 0.01, "weightDecay": 0.3},
        {"learningRate": 0.002, "beta1": 0.5, "beta2": 0.6, "weightDecay": 0.1},
    ],
}


def optimizer_cases():
    networks = itertools.cycle(
        [
            ("space", "2 tanh", "mse"),
            (XOR, "3 tanh, 1 sigmoid", "mse"),
            ("classes", "4 tanh, 3 sigmoid, 3 softmax", "cross_entropy"),
            ("space", "3 silu, 4 tanh, 3 softplus, 2 identity", "huber"),
            ("sides", "5 tanh, 1 sigmoid", "binary_cross_entropy"),
        ]
    )
    batches = itertools.cycle([0, 5, 0, 4])
    for kind, variants in OPTIMIZER_SETTINGS.items():
        for settings, network, batch in zip(variants, networks, batches):
            yield case(*network, optimizer={"kind": kind, **settings}, batch=batch)


def penalty_cases():
    adam, adamw = {"kind": "adam", "learningRate": 0.02}, {"kind": "adamw", "learningRate": 0.02}
    decay = {"kind": "sgd", "weightDecay": 0.1}
    absolute, square, both = {"l1": 0.01}, {"l2": 0.05}, {"l1": 0.005, "l2": 0.02}
    binary = "binary_cross_entropy"
    yield case("space", "4 tanh, 2 identity", regularization=absolute)
    yield case("space", "4 tanh, 2 identity", batch=4, regularization=square)
    yield case("sides", "4 tanh, 1 sigmoid", binary, adam, batch=5, regularization=both)
    yield case("space", "2 identity", "huber", decay, regularization=both)
    yield case(XOR, "3 tanh, 1 sigmoid", optimizer=adamw, regularization=square)


def schedule_cases():
    adam = {"kind": "adam", "learningRate": 0.05}
    momentum = {"kind": "sgd", "learningRate": 0.1, "momentum": 0.9}
    schedules = [
        {"kind": "step", "stepSize": 7, "gamma": 0.5},
        {"kind": "exponential", "gamma": 0.93},
        {"kind": "cosine", "minimum": 0.001},
        {"kind": "warmup_cosine", "warmup": 8, "minimum": 0.002},
    ]
    for schedule in schedules:
        yield case("space", "4 tanh, 2 identity", optimizer=FAST, schedule=schedule)
        yield case("sides", "4 tanh, 1 sigmoid", "mse", adam, 5, schedule=schedule)
        yield case(XOR, "3 tanh, 1 sigmoid", optimizer=momentum, schedule=schedule)
    yield case("space", "4 tanh, 2 identity", optimizer={"kind": "rprop"}, schedule=schedules[0])
    adamw = {"kind": "adamw", "learningRate": 0.02, "weightDecay": 0.3}
    yield case("space", "4 tanh, 2 identity", optimizer=adamw, schedule=schedules[2])


def edit_cases():
    rates = [
        {"epoch": 0, "learningRate": 0.02},
        {"epoch": 10, "learningRate": 0.2},
        {"epoch": 31, "learningRate": 0.05},
    ]
    values = [
        {"epoch": 5, "parameter": 2, "value": 0.25},
        {"epoch": 20, "parameter": 0, "value": -0.5},
    ]
    step = {"kind": "step", "stepSize": 10, "gamma": 0.7}
    momentum = {"kind": "sgd", "learningRate": 0.1, "momentum": 0.5}
    adam = {"kind": "adam", "learningRate": 0.01}
    yield case("space", "4 tanh, 2 identity", edits=rates)
    yield case("space", "4 tanh, 2 identity", optimizer=adam, batch=4, edits=rates)
    yield case(XOR, "3 tanh, 1 sigmoid", optimizer=momentum, schedule=step, edits=rates)
    yield case("sides", "4 tanh, 1 sigmoid", optimizer=momentum, edits=values)
    yield case("sides", "4 tanh, 1 sigmoid", optimizer=adam, batch=5, edits=rates + values)
    yield case("space", "4 tanh, 2 identity", optimizer={"kind": "rprop"}, edits=rates)


def feature_cases():
    curved = ["x1_squared", "x2_squared", "sin_x1", "sin_x2"]
    yield case("sides", "1 sigmoid", "binary_cross_entropy", features=["x1", "x2", "x1_x2"])
    yield case("far", "3 tanh, 1 identity", optimizer={"kind": "adam"}, features=curved)


def all_cases():
    return itertools.chain(
        activation_cases(),
        loss_cases(),
        optimizer_cases(),
        penalty_cases(),
        schedule_cases(),
        edit_cases(),
        feature_cases(),
    )


def write(figures):
    """JSON with one line an entry and an element of its lists."""
    lines = []
    for key, value in figures.items():
        if isinstance(value, list):
            value = "[\n    " + ",\n    ".join(map(json.dumps, value)) + "\n  ]"
        else:
            value = json.dumps(value)
        lines.append(f'  "{key}": {value}')
    (HERE / "torch_training.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    write(
        {
            "about": "gradient: of loss plus penalty on all samples at the initial parameters; "
            f"losses: at epochs 0 to {EPOCHS}, on all samples, without the penalty; final: "
            "parameters in the end; smooth: no corner is near the initial parameters. An "
            "experiment whose data is a name takes it from data.",
            "torch": torch.__version__,
            "numpy": np.__version__,
            "data": DATA,
            "cases": [first_smooth(experiment) for experiment in all_cases()],
        }
    )
