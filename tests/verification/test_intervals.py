"""An enclosure holds every value that its expression takes: at random points of random intervals, kinks included."""

from __future__ import annotations

import random

import pytest
from flint import arb, fmpq

from derive.arithmetic.numbers import plain
from derive.arithmetic.outcomes import OutsideDomain
from derive.arithmetic.precision import precision, tracing
from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import parse
from derive.expressions.tree import Number, walk
from derive.verification.comparing.intervals import Interval, TooWide, enclosure
from derive.verification.comparing.scale import bits_between, extent, near_rational
from derive.verification.judging.evidence import rational

FORMULAS = (
    "x*y - x/3", "x^2*y", "x^3 - y^2", "1/(2 + y^2)", "x/y", "exp(x*y)", "sigmoid(x)*(1 - sigmoid(y))", "tanh(x - y)",
    "relu(x)*y", "leaky_relu(x, 0.1)", "elu(x, 1.222)", "abs(x)*y", "max(x, y, 0.2)", "min(x, -y)", "softplus(x)",
    "gelu(x)", "silu(y)", "sin(x) + cos(y)", "cosh(x)/3", "sqrt(2 + x)", "ln(3 + y)", "2^x", "sign(x)*step(y)",
    "relu'(x)", "elu'(x, 1.222)", "leaky_relu'(x, 0.1)", "abs'(y)", "sigmoid'(x)", "tanh'(y)", "gelu'(x)", "silu'(y)",
)  # fmt: skip


def drawn(one: random.Random) -> fmpq:
    return fmpq(one.randint(-1500, 1500), 1000)


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_value_is_inside(formula: str) -> None:
    expr, one = parse(formula, names=("x", "y"), marks=True), random.Random(formula)
    for _ in range(40):
        ends = {name: sorted((drawn(one), drawn(one))) for name in "xy"}
        spans = {name: Interval(*pair) for name, pair in ends.items()}
        try:
            span = enclosure(expr, spans.__getitem__)
        except TooWide:
            continue
        for _ in range(10):
            point = {name: low + (high - low) * fmpq(one.randint(0, 8), 8) for name, (low, high) in ends.items()}
            value = evaluate(expr, point)
            assert span.meets(Interval.point(value)), (ends, point)


def test_a_kink_inside_has_both_slopes() -> None:
    span = enclosure(parse("elu'(x, 1.222)", names=("x",), marks=True), lambda _: Interval(fmpq(-1, 1000), fmpq(1)))
    assert span.low <= 1
    assert span.high >= fmpq(1222, 1000)


def test_a_divisor_that_may_be_zero_is_too_wide_and_zero_is_outside() -> None:
    expr = parse("1/x", names=("x",))
    with pytest.raises(TooWide):
        enclosure(expr, lambda _: Interval(fmpq(-1), fmpq(1)))
    with pytest.raises(OutsideDomain):
        enclosure(expr, lambda _: Interval.point(fmpq(0)))


def test_residues_stay_inside() -> None:
    """Where values are traced, the hull of two of them is a plain ball."""
    with precision(768), tracing():
        expr = parse("sin(x) + exp(x)*x", names=("x",))
        span = enclosure(expr, lambda _: Interval(fmpq(1, 3), fmpq(1, 2))).settled()
        points = [enclosure(expr, lambda _, at=at: Interval.point(at)) for at in (fmpq(1, 3), fmpq(1, 2))]
        hull = points[0].hull(points[1])
    assert span.low < span.high
    assert plain(hull.low) < plain(hull.high)


@pytest.mark.parametrize(
    ("formula", "least", "most"),
    [("x + 1", 0, 192), ("x + 1/2^900", 1800, 4000), ("x + exp(-2000)", 5000, 6500), ("x^4000 + x", 3000, 9000)],
)
def test_bits_show_the_smallest_part(formula: str, least: int, most: int) -> None:
    expr = parse(formula, names=("x",))
    assert sum(isinstance(part, Number) for part in walk(expr))
    assert least <= bits_between([extent((expr,), lambda _: fmpq(3, 5), fmpq(0))]) <= most


@pytest.mark.parametrize("power", [-7_000_000_000, 7_000_000_000])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_far_out_takes_no_gigabytes(sign, power):
    """A fraction with the digits of e^(-5,000,000,000) would fill the memory; no number that can be written is near it."""
    value = sign * arb(2) ** power
    near = near_rational(value)
    assert (near > 0) == (sign > 0)
    assert abs(near) < fmpq(1, 10**10_000) if power < 0 else abs(near) > 10**10_000
    if power < 0:
        assert rational(value, -1) < value < rational(value, 1)
    for end in (rational(value, -1), rational(value, 1)) if power > 0 else ():
        assert (end > 0) == (sign > 0)
        assert 10**10_000 < abs(end) < fmpq(2) ** 60_000
