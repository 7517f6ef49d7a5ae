"""Reading a workload, and the protocol that README.md describes."""

import json
import sys
import time

import numpy as np

ACTIVATIONS = ["sigmoid", "tanh", "softmax"]


class Workload:
    """A network, its start and its data: see README.md."""

    def __init__(self, folder, name):
        numbers = Numbers(np.fromfile(f"{folder}/{name}.bin"))
        self.samples, self.batch = int(next(numbers)), int(next(numbers))
        self.rate = next(numbers)
        self.hidden = ACTIVATIONS[int(next(numbers))]
        self.output = ACTIVATIONS[int(next(numbers))]
        self.units = [int(next(numbers)) for _ in range(int(next(numbers)))]
        self.inputs = numbers.take(self.samples, self.units[0])
        self.targets = numbers.take(self.samples, self.units[-1])
        self.layers = []
        for fan_in, fan_out in zip(self.units, self.units[1:]):
            self.layers.append((numbers.take(fan_in, fan_out), numbers.take(1, fan_out)[0]))

    def batches(self):
        return [slice(first, first + self.batch) for first in range(0, self.samples, self.batch)]


class Numbers:
    """One number after the other, or many at once."""

    def __init__(self, numbers):
        self.numbers, self.at = numbers, 0

    def __next__(self):
        self.at += 1
        return self.numbers[self.at - 1]

    def take(self, rows, columns):
        first, self.at = self.at, self.at + rows * columns
        return self.numbers[first : self.at].reshape(rows, columns).copy()


def clocks():
    """The wall clock's nanoseconds and the processor's: other programs may be running."""
    return time.perf_counter_ns(), time.process_time_ns()


def serve(version, make):
    """Answers line after line. make(workload) gives something with run(epochs) and loss()."""
    for line in sys.stdin:
        if line.strip() == "version":
            answer = {"version": version}
        else:
            name, *counts = line.split()
            epochs, runs = map(int, counts)
            times = []
            for _ in range(runs):
                work = make(Workload(sys.argv[1], name))
                before = clocks()
                work.run(epochs)
                times.append(min(now - then for now, then in zip(clocks(), before)))
            nanoseconds = sorted(times)[runs // 2] / epochs
            answer = {"nanoseconds": nanoseconds, "loss": float(work.loss())}
        print(json.dumps(answer), flush=True)
