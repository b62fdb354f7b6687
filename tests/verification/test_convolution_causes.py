"""A kernel laid on the wrong numbers: each misconception predicts its numbers, worked here by loops over exact fractions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement

Place = Callable[[int, int], tuple[int, int]]
"""From a position and a tap to the tap that is taken and the place in the input."""


@dataclass(frozen=True)
class Net:
    """Convolution with identity, then one linear unit, half the squared error; all numbers exact."""

    kernel: int
    stride: int
    padding: int
    x: tuple[Fraction, ...]
    w: tuple[tuple[Fraction, ...], ...]
    b: tuple[Fraction, ...]
    v: tuple[Fraction, ...]
    t: Fraction

    @classmethod
    def drawn(cls, seed: int, kernel: int, stride: int, padding: int) -> Net:
        one = random.Random(seed)
        length, filters = one.randint(kernel + 2, 7), 2
        positions = (length + 2 * padding - kernel) // stride + 1

        def numbers(count: int) -> tuple[Fraction, ...]:
            return tuple(Fraction(n, 8) for n in one.sample([n for n in range(-24, 24) if n % 8], count))

        return cls(kernel, stride, padding, numbers(length), tuple(numbers(kernel) for _ in range(filters)),
                   numbers(filters), numbers(filters * positions), Fraction(one.randint(1, 9)))  # fmt: skip

    @property
    def positions(self) -> int:
        return len(self.v) // len(self.w)

    def place(self, position: int, tap: int) -> tuple[int, int]:
        return tap, position * self.stride + tap - self.padding

    def toml(self) -> str:
        def listed(numbers: tuple[Fraction, ...]) -> str:
            return "[" + ", ".join(str(float(n)) for n in numbers) + "]"

        return f"""
[network]
inputs = {len(self.x)}
loss = "half_squared_error"
[[network.layers]]
kind = "conv1d"
filters = {len(self.w)}
kernel = {self.kernel}
stride = {self.stride}
padding = {self.padding}
activation = "identity"
weights = [{", ".join(map(listed, self.w))}]
biases = {listed(self.b)}
[[network.layers]]
units = 1
weights = [{listed(self.v)}]
biases = false
[[data]]
x = {listed(self.x)}
t = [{self.t}]
[training]
learning_rate = 0.1
"""

    def terms(self, place: Place) -> Iterator[tuple[int, int, int, int]]:
        """Filter, position, tap and place of every product."""
        for f in range(len(self.w)):
            for p in range(self.positions):
                for k in range(self.kernel):
                    tap, i = place(p, k)
                    if 0 <= i < len(self.x):
                        yield f, p, tap, i

    def numbers(self, forward: Place, backward: Place) -> dict[str, Fraction]:
        """Weighted inputs, output and gradients where the kernel lies so in the two passes."""
        z = {(f, p): self.b[f] for f in range(len(self.w)) for p in range(self.positions)}
        for f, p, k, i in self.terms(forward):
            z[f, p] += self.w[f][k] * self.x[i]
        yhat = sum((self.v[f * self.positions + p] * z[f, p] for f, p in z), Fraction(0))
        delta = {(f, p): (yhat - self.t) * self.v[f * self.positions + p] for f, p in z}
        found = {f"z1_{f + 1}_{p + 1}": value for (f, p), value in z.items()} | {"yhat": yhat}
        for f in range(len(self.w)):
            for k in range(self.kernel):
                found[f"dE/dw1_{f + 1}_{k + 1}"] = Fraction(0)
        found |= {f"dE/dx{i + 1}": Fraction(0) for i in range(len(self.x))}
        for f, p, k, i in self.terms(backward):
            found[f"dE/dw1_{f + 1}_{k + 1}"] += delta[f, p] * self.x[i]
            found[f"dE/dx{i + 1}"] += delta[f, p] * self.w[f][k]
        return found


NETS = [Net.drawn(1, 3, 2, 1), Net.drawn(2, 2, 2, 1), Net.drawn(3, 3, 2, 2)]
MISTAKES: dict[str, Callable[[Net], tuple[Place, Place]]] = {
    "kernel_flipped": lambda n: (lambda p, k: (n.kernel - 1 - k, n.place(p, k)[1]),) * 2,
    "kernel_flipped backward": lambda n: (n.place, lambda p, k: (n.kernel - 1 - k, n.place(p, k)[1])),
    "stride_ignored": lambda n: (lambda p, k: (k, p + k - n.padding),) * 2,
    "padding_ignored": lambda n: (lambda p, k: (k, p * n.stride + k),) * 2,
    "padding_ignored one side": lambda n: (lambda p, k: (k, p * n.stride + k - 2 * n.padding),) * 2,
}


def judged(net: Net, text: str) -> tuple[Judgement, ...]:
    found = Examiner(loads(net.toml())).examine(text, "text")
    assert not found.problem
    return found.judgements


def written(value: Fraction) -> str:
    return f"{float(value):.12f}".rstrip("0").rstrip(".")


@pytest.mark.parametrize("net", NETS, ids=("k3s2p1", "k2s2p1", "k3s2p2"))
def test_the_right_numbers_hold(net: Net) -> None:
    text = "\n".join(f"{name} = {written(value)}" for name, value in net.numbers(net.place, net.place).items())
    assert {j.verdict for j in judged(net, text)} == {"holds"}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("net", NETS, ids=("k3s2p1", "k2s2p1", "k3s2p2"))
def test_numbers_from_the_mistake_have_its_name(net: Net, mistake: str) -> None:
    right, wrong = net.numbers(net.place, net.place), net.numbers(*MISTAKES[mistake](net))
    planted = [name for name in right if right[name] != wrong[name]]
    assert len(planted) > 5
    text = "\n".join(f"{name} = {written(wrong[name])}" for name in right)
    first = next(j for j in judged(net, text) if j.verdict == "wrong")
    assert first.cause == mistake.partition(" ")[0]
    assert first.hint
    every = {each: net.numbers(*where(net)) for each, where in MISTAKES.items()}
    for name in planted:
        (found,) = judged(net, f"{name} = {written(wrong[name])}")
        assert found.verdict == "wrong"
        same = {each.partition(" ")[0] for each, numbers in every.items() if numbers[name] == wrong[name]}
        assert found.cause in same, (name, wrong[name])  # one number alone may be that of two mistakes


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("z1_1_2 = w1_1_3*x2 + w1_1_2*x3 + w1_1_1*x4 + b1_1", "kernel_flipped"),
        ("z1_1_2 = w1_1_1*x1 + w1_1_2*x2 + w1_1_3*x3 + b1_1", "stride_ignored"),
        ("z1_1_2 = w1_1_1*x3 + w1_1_2*x4 + w1_1_3*x5 + b1_1", "padding_ignored"),
        ("z1_1_1 = w1_1_1*x1 + w1_1_2*x2 + w1_1_3*x3 + b1_1", "padding_ignored"),
        ("z1_1_1 = w1_1_3*x1 + b1_1", "padding_ignored"),
    ],
)
def test_formulas_have_the_cause_too(line: str, cause: str) -> None:
    (found,) = judged(NETS[0], line)
    assert (found.verdict, found.cause) == ("wrong", cause)
