"""Random starting values: the same numbers on every platform and every version of Python.

The generator is SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA
2014). A uniform number is ``low + (high - low) u`` with ``u = k/2^53``; a normal one comes from two uniform ones
by Box and Muller (1958), evaluated in certified balls and rounded half away from zero, so that no platform's
``log`` or ``cos`` can change a digit.

Each layer's weights and each layer's biases have a stream of their own: two tables with the same seed in
different layers give different numbers, the same table in the same place gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from flint import arb, fmpq

from derive.arithmetic.numbers import plain
from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.precision import enough_precision
from derive.arithmetic.reals import Value
from derive.expressions.tree import Negative, Number
from derive.model import Given
from derive.records import record

HALF = fmpq(1, 2)
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


@record
class Random:
    """A table ``{random = "normal", …}``: ``first`` and ``second`` are mean and std, or low and high."""

    kind: Literal["normal", "uniform"]
    first: Value
    second: Value
    decimals: int
    seed: int

    def numbers(self, count: int, stream: int) -> tuple[Given, ...]:
        """``count`` numbers of the stream with this number (one for each table of a network)."""
        words = splitmix64(_start(self.seed, stream))
        draw = self._normal if self.kind == "normal" else self._uniform
        numbers = draw(words)
        return tuple(written(next(numbers), self.decimals) for _ in range(count))

    def _uniform(self, words: Iterator[int]) -> Iterator[int]:
        for word in words:
            u = fmpq(word >> 11, 1 << 53)
            yield from self._rounded(lambda u=u: (self.first + (self.second - self.first) * u,))  # type: ignore[misc]

    def _normal(self, words: Iterator[int]) -> Iterator[int]:
        if self.second == 0:
            while True:
                yield from self._rounded(lambda: (self.first,))
        for word in words:
            u = fmpq(2 * (word >> 11) + 1, 1 << 54)
            turn = fmpq(2 * (next(words) >> 11) + 1, 1 << 53)  # of half a circle

            def pair(u: fmpq = u, turn: fmpq = turn) -> tuple[arb, arb]:
                radius = (-2 * arb(u).log()).sqrt() * self.second
                sine, cosine = arb(turn).sin_cos_pi()
                return self.first + radius * cosine, self.first + radius * sine

            yield from self._rounded(pair)

    def _rounded(self, compute: Callable[[], tuple[Value, ...]]) -> tuple[int, ...]:
        """Numbers in units of the last decimal, with certainty."""
        scale = 10**self.decimals
        return enough_precision(lambda: tuple([_nearest(value * scale) for value in compute()]))


def splitmix64(seed: int) -> Iterator[int]:
    """The generator's 64-bit words.

    >>> [hex(word) for word, _ in zip(splitmix64(1234567), range(2))]
    ['0x599ed017fb08fc85', '0x2c73f08458540fa5']
    """
    state = seed
    while True:
        state = (state + GOLDEN) & MASK
        yield _mixed(state)


def _start(seed: int, stream: int) -> int:
    """Where a stream starts: seed and stream play different parts, or seed 3 of one would be seed 5 of another."""
    return _mixed((_mixed(seed & MASK) + GOLDEN * (stream + 1)) & MASK)


def _mixed(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def _nearest(value: Value) -> int:
    """The nearest whole number, half away from zero; Undecided where a ball holds several."""
    if type(value) is fmpq:
        size = int((abs(value) + HALF).floor())
        return size if value >= 0 else -size
    below = (abs(plain(value)) + arb(HALF)).floor().unique_fmpz()
    if below is None or not (value > 0 or value < 0 or below == 0):
        raise Undecided
    return int(below) if value > 0 else -int(below)


def written(units: int, decimals: int) -> Given:
    """``units`` of the last place as a number with so many decimals.

    >>> written(-477, 4).text, written(0, 4).text
    ('-0.0477', '0')
    """
    if units == 0:
        return Given("0", Number(fmpq(0), "0"))
    digits = str(abs(units)).zfill(decimals + 1)
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    number = Number(fmpq(abs(units), 10**decimals), text)
    return Given(text, number) if units > 0 else Given("-" + text, Negative(number))
