"""Rounding: half away from zero, certain in every digit."""

from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.precision import bounding, precision
from derive.arithmetic.rounding import Policy, Shown, decimal_string


@pytest.mark.parametrize(
    ("policy", "value", "text"),
    [
        (Policy("decimals", 2), fmpq(2675, 1000), "2.68"),
        (Policy("decimals", 2), fmpq(-2675, 1000), "-2.68"),
        (Policy("decimals", 0), fmpq(5, 2), "3"),
        (Policy("significant", 4), fmpq(2, 3), "0.6667"),
        (Policy("significant", 3), fmpq(9995, 1000), "10.0"),
        (Policy("significant", 3), fmpq(9994, 1000), "9.99"),
        (Policy("significant", 4), fmpq(17, 5), "3.4"),
        (Policy("significant", 4), fmpq(-318, 25), "-12.72"),
        (Policy("significant", 4), fmpq(1, 22000), "4.545e-5"),
        (Policy("decimals", 4), fmpq(1, 22000), "4.5e-5"),
        (Policy("significant", 4), fmpq(1, 20000), "5e-5"),
        (Policy("significant", 4), fmpq(456, 10000), "0.0456"),
        (Policy("significant", 4), fmpq(0), "0"),
        (Policy("significant", 4), fmpq(123456, 7), "1.764e4"),
    ],
)
def test_printed(policy, value, text):
    """Ties away from zero, padding where rounded, powers of ten where plain digits would vanish."""
    assert policy.shown(value).text == text


def test_exactness_is_known():
    """= where exact, ≈ where rounded."""
    assert Policy().shown(fmpq(17, 5)).exact
    assert not Policy().shown(fmpq(1, 3)).exact
    assert Policy().shown(fmpq(1, 20000)).exact


def test_a_ball_that_holds_a_tie_is_undecided():
    """No digit is guessed."""
    with precision(64), pytest.raises(Undecided):
        Policy("decimals", 2).shown(arb(fmpq(1, 8)) + arb(0, 1e-18))


@given(st.fractions(min_value=-(10**6), max_value=10**6), st.integers(1, 30))
def test_ball_and_rational_round_alike(value, digits):
    """The quick way by doubles, the ball's way and integer arithmetic give the same digits."""
    exact = fmpq(value.numerator, value.denominator)
    with precision(400):
        try:
            ball = decimal_string(arb(exact), digits)
        except Undecided:  # a tie, or exactly 0
            return
    assert Fraction(ball) == Fraction(decimal_string(exact, digits))


@given(st.fractions(min_value=-(10**6), max_value=10**6).filter(bool), st.integers(1, 12))
def test_nothing_is_further_than_half_a_unit(value, digits):
    """A printed number is within half a unit of its last place."""
    text = decimal_string(fmpq(value.numerator, value.denominator), digits)
    printed = Fraction(text)
    size = Fraction(10) ** (len(str(int(abs(value)))) if abs(value) >= 1 else 0)
    if abs(value) < 1:
        while abs(value) * 10 < size:
            size /= 10
    assert abs(printed - value) <= size / Fraction(10) ** digits / 2


@given(
    st.fractions(min_value=-(10**6), max_value=10**6),
    st.sampled_from(["significant", "decimals"]),
    st.integers(1, 9),
)
def test_what_is_printed_is_what_it_says(value, kind, digits):
    """``Shown.value`` is the printed number, and ``exact`` tells the truth."""
    exact = fmpq(value.numerator, value.denominator)
    shown = Policy(kind, digits).shown(exact)
    assert shown.value == fmpq(*Fraction(shown.text).as_integer_ratio())
    assert shown.exact == (shown.value == exact)


def test_a_ball_that_is_exactly_a_tie_is_rounded_away_from_zero():
    assert decimal_string(arb(fmpq(-21, 2)), 2) == "-11"
    assert decimal_string(arb(fmpq(21, 2)), 2) == "11"


def test_a_ball_around_zero_is_printed_by_its_bound_only_where_nothing_finer_is_left():
    ball = arb(0, "1e-400")
    for printed in (lambda: decimal_string(ball, 12), lambda: Policy().shown(ball)):
        with pytest.raises(Undecided):
            printed()
    with bounding():
        assert decimal_string(ball, 12) == "0e-300"
        assert Policy().shown(ball) == Shown("0", exact=False)
        assert decimal_string(fmpq(0), 12) == "0"
        for undecided, digits in ((arb(0, "1e-200"), 12), (ball, 500)):  # it may be as large as 10^-200, as 10^-400
            with pytest.raises(Undecided):
                decimal_string(undecided, digits)


@pytest.mark.parametrize("digits", [3, 4, 5, 6])
def test_a_tie_that_nothing_decides_is_printed_with_digits_enough(digits):
    with precision(2000):
        ball = arb(fmpq(12345, 1000)) + arb(0, "1e-400")
        with bounding():
            shown = Policy("significant", digits).shown(ball).text
            assert shown == {3: "12.3", 4: "12.345", 5: "12.345", 6: "12.3450"}[digits]
            assert decimal_string(ball, 12) == "12.3450000000"
