"""The 21-parameter network of article 001 with ever other numbers: by ``derive``, in floats, and by handcalcs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log
from typing import Any

from flint import arb

from derive import network, specification
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import decimal_string
from derive.equations.run import run
from derive.model import DataRow, Spec
from derive.network import Network
from derive.specification.numerals import given
from tests.benchmarks.measure import ROOT

EXAMPLE = ROOT / "examples" / "pass_or_fail.toml"


@dataclass(frozen=True)
class Numbers:
    """Decimal numbers of one calculation: weights and biases of both layers, and the input."""

    w: Sequence[Sequence[str]]
    b: Sequence[str]
    v: Sequence[str]
    c: str
    x: Sequence[str]

    @classmethod
    def drawn(cls, draw: random.Random) -> Numbers:
        def decimals(count: int, digits: int = 4) -> list[str]:
            return [f"{draw.uniform(-0.3, 0.3):.{digits}f}" for _ in range(count)]

        inputs = [str(draw.randint(1, 10)) for _ in range(3)]
        return cls([decimals(3) for _ in range(4)], decimals(4), decimals(4), decimals(1)[0], inputs)

    def flat(self) -> list[float]:
        """As handcalcs' function takes them: input, target, rate, parameters."""
        words = [*self.x, "1", "0.5", *(word for row in self.w for word in row), *self.b, *self.v, self.c]
        return [float(word) for word in words]


def example() -> Spec:
    """The article's spec, one iteration."""
    read = specification.load(EXAMPLE)
    return replace(read, training=replace(read.training, iterations=1))


def without_update(base: Spec) -> Spec:
    """The same, gradients only."""
    return replace(base, training=replace(base.training, learning_rate=None))


def with_numbers(base: Spec, numbers: Numbers) -> Network:
    """The article's network with other numbers."""
    assert base.network is not None
    hidden, output = base.network.layers
    hidden = replace(
        hidden,
        weights=tuple(tuple(map(given, row)) for row in numbers.w),
        biases=tuple(map(given, numbers.b)),
    )
    output = replace(output, weights=(tuple(map(given, numbers.v)),), biases=(given(numbers.c),))
    row = DataRow(tuple(map(given, numbers.x)), (given("1"),))
    return network.build(replace(base, network=replace(base.network, layers=(hidden, output)), data=(row,)))


def proven(made: Network, digits: int = 6) -> list[Value]:
    """All gradients, each proven to lie within half a unit of its last digit."""
    gradients = list(run(made).iterations[0].gradients.values())
    bits = digits * 10 // 3 + 2
    assert all(value.rel_accuracy_bits() >= bits or value == 0 for value in gradients if type(value) is arb)
    return gradients


def printed(made: Network, digits: int = 6) -> list[str]:
    """The same, as decimal strings."""
    return [decimal_string(value, digits) for value in proven(made, digits)]


def floats(numbers: Any, x: Sequence[float], t: float) -> list[float]:
    """The same gradients by plain loops over floats."""
    w, b, v, c = numbers
    a = []
    for j in range(4):
        z = b[j]
        for i in range(3):
            z += w[j][i] * x[i]
        a.append(1 / (1 + exp(-z)))
    z = c
    for j in range(4):
        z += v[j] * a[j]
    yhat = 1 / (1 + exp(-z))
    _ = -(t * log(yhat) + (1 - t) * log(1 - yhat))
    delta = (-t / yhat + (1 - t) / (1 - yhat)) * yhat * (1 - yhat)
    weights, biases = [], []
    for j in range(4):
        inner = delta * v[j] * a[j] * (1 - a[j])
        biases.append(inner)
        for i in range(3):
            weights.append(inner * x[i])  # noqa: PERF401 - plain loops are what is compared
    return [*weights, *biases, *(delta * each for each in a), delta]
