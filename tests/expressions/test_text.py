"""Trees as a person types them."""

import pytest
from flint import fmpq

from derive.expressions.grammar import parse
from derive.expressions.print_text import ascii as plain
from derive.expressions.print_text import decimal
from derive.expressions.tree import Derivative, Name, Negative, Number, Product, Sum


@pytest.mark.parametrize(
    "text",
    [
        "1/(1 + exp(-z))",
        "-a*b",
        "a - b + c",
        "2*x^3",
        "(a + b)/c",
        "a/b*c",
        "a*(b/c)",
        "(a*b)*c",
        "a - (-b)",
        "(-a)*b",
        "-(a + b)",
        "(a + b) - (c - d)",
        "x^(-1/2)",
        "max(0, 1 - t*yhat)",
        "0.10*x + 1e-3",
    ],
)
def test_good_text_stays(text):
    """Text with no bracket too many comes back as it was written."""
    assert text == plain(parse(text))


def test_numbers_without_a_spelling():
    """A number made by calculation prints as a decimal where it has one, or as a quotient."""
    assert plain(Product((Number(fmpq(1, 8)), Name("x")))) == "0.125*x"
    assert plain(Product((Number(fmpq(1, 3)), Name("x")))) == "1/3*x"
    assert plain(Product((Name("x"), Number(fmpq(1, 3))))) == "x*(1/3)"
    assert plain(Sum((Name("x"), Number(fmpq(-3, 2))))) == "x - 1.5"
    assert plain(Product((Name("x"), Number(fmpq(-3))))) == "x*(-3)"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (fmpq(0), "0"),
        (fmpq(-5), "-5"),
        (fmpq(1, 20), "0.05"),
        (fmpq(-12345, 1000), "-12.345"),
        (fmpq(1, 7), None),
        (fmpq(1, 2**10), "0.0009765625"),
    ],
)
def test_decimal(value, shown):
    """Terminating decimals in full, others not at all."""
    assert shown == decimal(value)


def test_a_derivative_still_to_be_taken():
    """The working of a derivation can be read in plain text too."""
    assert plain(Negative(Derivative(parse("z + 1"), "z"))) == "-d/dz [z + 1]"
