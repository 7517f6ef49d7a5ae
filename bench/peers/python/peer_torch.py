"""peer_torch.py FOLDER PRECISION: PyTorch as its users write it, eager, one thread."""

import sys

import torch
from torch import nn

from protocol import serve

DTYPE = {"f64": torch.float64, "f32": torch.float32}[sys.argv[2]]
MODULES = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh}

torch.set_num_threads(1)


class Network:
    def __init__(self, w):
        layers = []
        for index, (weights, biases) in enumerate(w.layers):
            linear = nn.Linear(*weights.shape, dtype=DTYPE)
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(weights.T.copy()))
                linear.bias.copy_(torch.from_numpy(biases))
            layers.append(linear)
            name = w.output if index == len(w.layers) - 1 else w.hidden
            if name in MODULES:
                layers.append(MODULES[name]())
        self.model = nn.Sequential(*layers)
        self.criterion = nn.CrossEntropyLoss() if w.output == "softmax" else nn.MSELoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=w.rate)
        self.x = torch.from_numpy(w.inputs).to(DTYPE)
        self.y = torch.from_numpy(w.targets).to(DTYPE)
        if w.output == "softmax":
            self.y = self.y.argmax(dim=1)
        self.batches = [(self.x[b], self.y[b]) for b in w.batches()]

    def run(self, epochs):
        for _ in range(epochs):
            for x, y in self.batches:
                self.optimizer.zero_grad()
                self.criterion(self.model(x), y).backward()
                self.optimizer.step()

    def loss(self):
        with torch.no_grad():
            return self.criterion(self.model(self.x), self.y)


serve(f"PyTorch {torch.__version__}", Network)
