"""Zeros and ties that no precision proves are recognised by residues."""

import pytest
from flint import arb, fmpq

from derive import derive, loads
from derive.arithmetic.numbers import as_ball, decided_sign
from derive.arithmetic.precision import precision, tracing
from derive.arithmetic.residues import Traced
from derive.render.document import notes

THIRD = fmpq(1, 3)


def traced(value):
    return Traced.of(value)


@pytest.mark.parametrize(
    "difference",
    [
        lambda u: u.exp() / (u.exp() + u.exp()) - fmpq(1, 2),
        lambda u: u.exp() * (-u).exp() - 1,
        lambda u: 1 / (1 + (-u).exp()) - (1 - 1 / (1 + u.exp())),
        lambda u: u.tanh() + (-u).tanh(),
        lambda u: u.cos() - (-u).cos(),
        lambda u: u.log() + (1 / u).log(),
        lambda u: (6 * u).sqrt() ** 2 - 6 * u,
        lambda u: u.erfc() + (-u).erfc() - 2,
        lambda u: (u.exp() + 2) ** 2 - u.exp() ** 2 - 4 * u.exp() - 4,
        lambda u: (u.exp() - u.exp()).exp() - 1,
        lambda u: u.log().exp() - u,
        lambda u: (-u.log()).exp() - 1 / u,
        lambda u: u.exp().log() - u,
        lambda u: u.sin() ** 2 + u.cos() ** 2 - 1,
        lambda u: u.sin() / u.cos() - u.tan(),
        lambda u: u.cosh() ** 2 - u.sinh() ** 2 - 1,
        lambda u: u.tanh() - (u.exp() - (-u).exp()) / (u.exp() + (-u).exp()),
        lambda u: u.cosh() - (-u).cosh(),
        lambda u: u.sqrt() * (2 * u).sqrt() - u * traced(2).sqrt(),
        lambda u: u.erf() + u.erfc() - 1,
    ],
)
def test_identities_are_zero(difference):
    """Each of these is exactly 0; its ball alone does not say so."""
    with precision(128):
        found = difference(traced(THIRD))
        assert not found.ball.is_zero()
        assert found.is_zero()
        assert decided_sign(found) == 0
        assert found.settled() == 0


def test_what_only_looks_like_zero_is_not():
    """A value of 1e-60 is inside every ball of 128 bits around 0, and its residue tells it from 0."""
    with precision(128):
        small = traced(THIRD).exp() - traced(THIRD).exp() + fmpq(1) / fmpq(10) ** 60
        assert small.ball.contains(arb(0)) is True
        assert not small.is_zero()


def test_small_rationals_are_found():
    """A softmax of three equal inputs is 1/3, exactly."""
    with precision(128), tracing():
        e = as_ball(fmpq(7, 10)).exp()
        share = e / (e + e + e)
        assert share.settled() == THIRD
        assert type(e.settled()) is arb


@pytest.mark.parametrize(
    "rational", [fmpq(1, 40_000), fmpq(-199, 8_000_000), fmpq(10**9 + 7, 10**9 + 9), fmpq(-3), fmpq(0), fmpq(10**9)]
)
def test_rationals_are_found_whatever_their_size(rational):
    """Ties of the last printed digit: a product of shares of 200 equal inputs is one."""
    with precision(128), tracing():
        e = as_ball(fmpq(7, 10)).exp()
        settled = (e * rational / e).settled()
        assert type(settled) is fmpq
        assert settled == rational


def test_other_numbers_are_no_rationals():
    """Even where the ball is so wide that it holds many rationals."""
    with precision(128), tracing():
        wide = as_ball(fmpq(7, 10)).exp() * Traced(arb(0, 1e6), 12345**13)
        assert type(wide.settled()) is arb


@pytest.mark.parametrize("given", ["sqrt(2)", "1"])
def test_the_difference_quotient_of_a_loss_that_does_not_change(given):
    """The rows of the data carry residues too: with x = 0 the loss does not depend on w."""
    text = (
        '[network]\ninputs = 1\nloss = "half_squared_error"\n[[network.layers]]\nunits = 1\nweights = [[1]]\n'
        f'[[data]]\nx = [0]\nt = ["{given}"]\n'
    )
    assert r"\frac{E(w_{11}^{1} + h) - E(w_{11}^{1} - h)}{2h}" in notes(loads(text))


@pytest.mark.parametrize(
    ("expression", "x", "value"),
    [
        ("exp(ln(x)) - x", "3", "0"),
        ("exp(x) - 2", '"ln(2)"', "0"),
        ("exp(x - x) - 1", '"sqrt(2)"', "0"),
        ("x*x - 3", '"sqrt(3)"', "0"),
        ("x^(1/3) - 2", "8", "0"),
        ("x^(-2/3)", '"1/27"', "9"),
        ("sin(x)^2 + cos(x)^2 - 1", "1", "0"),
    ],
)
def test_zeros_of_a_first_course(expression, x, value):
    result = derive(loads(f'[graph.values]\nx = {x}\n[graph.nodes]\ny = "{expression}"\n'))
    assert result.loss == value
