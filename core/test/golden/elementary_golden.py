#!/usr/bin/env python3
"""Writes elementary.json, mpmath's values of the elementary functions.

    python3 core/test/golden/elementary_golden.py        (Debian: python3-mpmath)

points[name]: rows [x, high, low, exponent]; the function at x is (high + low) 2^exponent, to 106
bits. They hold the reference of the C++ test (core/test/reference_math.h) against an independent
witness.
"""

import json
import math
import pathlib
import random

import mpmath

HERE = pathlib.Path(__file__).parent
COUNT = 150
FUNCTIONS = {
    "exp": (mpmath.exp, -745, 709),
    "log": (mpmath.log, 0, 10),
    "tanh": (mpmath.tanh, -20, 20),
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), -745, 745),
    "expm1": (mpmath.expm1, -40, 709),
    "log1p": (mpmath.log1p, -1, 10),
    "erf": (mpmath.erf, -6, 6),
    "sin": (mpmath.sin, -1e6, 1e6),
    "cos": (mpmath.cos, -1e6, 1e6),
}


def arguments(name, low, high):
    """Uniform, and of every magnitude down to the subnormals (sin, cos: up to the largest, too)."""
    draw = random.Random(name)
    for i in range(COUNT):
        x = draw.uniform(low, high)
        yield (x, math.ldexp(x, -draw.randrange(8)), math.ldexp(x, -draw.randrange(1060)))[i % 3]
    if name in ("sin", "cos"):
        for _ in range(COUNT):
            yield math.ldexp(draw.uniform(-2, 2), draw.randrange(20, 1023))
        # The double that comes nearest to a multiple of pi/2 (W. Kahan).
        yield 6381956970095103.0 * 2.0**797
    if name == "log":
        for _ in range(COUNT):
            yield 1 + draw.uniform(-1, 1) * 2.0 ** -draw.randrange(50)


def row(function, x):
    """[x, high, low, exponent] with 1 <= |high| <= 2."""
    with mpmath.workprec(2400):
        value = function(mpmath.mpf(x))
        exponent = 0 if value == 0 else int(mpmath.floor(mpmath.log(abs(value), 2)))
        value *= mpmath.mpf(2) ** -exponent
        high = float(value)
        return [x, high, float(value - high), exponent]


def main():
    points = {
        name: [row(function, x) for x in arguments(name, low, high)]
        for name, (function, low, high) in FUNCTIONS.items()
    }
    about = __doc__.split("\n\n")[2].replace("\n", " ").strip()
    lines = [
        f'    "{name}": [\n' + ",\n".join(f"      {json.dumps(r)}" for r in rows) + "\n    ]"
        for name, rows in points.items()
    ]
    text = (
        f'{{\n  "about": {json.dumps(about)},\n  "mpmath": "{mpmath.__version__}",\n'
        '  "points": {\n' + ",\n".join(lines) + "\n  }\n}\n"
    )
    (HERE / "elementary.json").write_text(text)


if __name__ == "__main__":
    main()
