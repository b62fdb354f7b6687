"""Numbers: exact while they can be, certain always."""

import pytest
from flint import arb, fmpq

from derive.arithmetic import elementary, numbers
from derive.arithmetic.numbers import parse_decimal
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import enough_precision


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1", fmpq(1, 10)),
        ("-3", fmpq(-3)),
        ("1e-3", fmpq(1, 1000)),
        ("2.50", fmpq(5, 2)),
        ("1_000", fmpq(1000)),
    ],
)
def test_decimals_are_exact_as_written(text, expected):
    """0.1 is one tenth, never a binary float."""
    assert parse_decimal(text) == expected


def test_precision_rises_until_a_sign_is_decided():
    """sin²x + cos²x - 1 + 1e-60 is positive, which 128 bits cannot tell."""
    seen = []

    def sign():
        from flint import ctx

        seen.append(ctx.prec)
        x = arb(fmpq(1, 3))
        return numbers.decided_sign(x.sin() ** 2 + x.cos() ** 2 - 1 + fmpq(1) / fmpq(10) ** 60)

    assert enough_precision(sign) == 1
    assert seen[0] == 128
    assert len(seen) > 1


def test_a_zero_that_no_precision_proves_is_given_up():
    """A ball around 0 stays undecided at every precision; the search ends."""
    x = fmpq(1, 3)
    with pytest.raises(Undecided):
        enough_precision(lambda: numbers.decided_sign(arb(x).sin() ** 2 + arb(x).cos() ** 2 - 1), last=512)


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda: elementary.logarithm(fmpq(-3)), "ln of -3"),
        (lambda: elementary.logarithm(fmpq(0)), "ln of 0"),
        (lambda: elementary.square_root(fmpq(-1, 4)), "sqrt of -0.25"),
        (lambda: elementary.quotient(fmpq(1), fmpq(0)), "division by 0"),
        (
            lambda: elementary.power(fmpq(-2), fmpq(1, 3)),
            "a power of -2 with an exponent that is no whole number",
        ),
        (lambda: elementary.power(fmpq(0), fmpq(-1)), "division by 0"),
        (lambda: elementary.exponential(fmpq(10) ** 8), "exp of 100000000"),
    ],
)
def test_outside_the_domain_is_named(compute, message):
    """The error says which function met which value."""
    with pytest.raises(OutsideDomain) as caught:
        compute()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (elementary.power(fmpq(2, 3), fmpq(-2)), fmpq(9, 4)),
        (elementary.power(fmpq(9, 4), fmpq(1, 2)), fmpq(3, 2)),
        (elementary.power(fmpq(0), fmpq(0)), fmpq(1)),
        (elementary.exponential(fmpq(0)), fmpq(1)),
        (elementary.logarithm(fmpq(1)), fmpq(0)),
    ],
)
def test_rational_results_stay_exact(value, expected):
    """A rational result of rational numbers is held exactly."""
    assert type(value) is fmpq
    assert value == expected


def test_huge_rationals_become_balls():
    """Time and memory stay bounded: 3^100000 is a ball."""
    assert type(elementary.power(fmpq(3), fmpq(100_000))) is arb


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 10])
def test_powers_of_balls_around_zero(exponent):
    """The power of a ball that holds 0 is a ball, not a failure."""
    ball = elementary.power(arb(0, 1e-20), fmpq(exponent))
    assert ball.is_finite()
    assert ball.contains(arb(0 if exponent else 1))
