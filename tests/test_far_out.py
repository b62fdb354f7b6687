"""Far out a function is its limit and a tiny correction: both are worked, at any number of digits asked for."""

import json

import pytest
from flint import arb, fmpq

from derive.numbers import exponential, precision, tracing
from derive.offsets import Offset

CASES = [
    ("sigmoid(x)", "100000", "1.00000000000", lambda x: (-x).exp()),
    ("sigmoid(x)", "-100000", lambda x: x.exp(), lambda x: x.exp()),
    ("sigmoid(x)", "-1000000", lambda x: x.exp(), lambda x: x.exp()),
    ("1/(1 + exp(-x))", "100000", "1.00000000000", lambda x: (-x).exp()),
    ("tanh(x)", "-300000", "-1.00000000000", lambda x: 4 * (2 * x).exp()),
    ("tanh(x)*2", "-30000", "-2.00000000000", lambda x: 8 * (2 * x).exp()),
    ("gelu(x)", "1000", "1000.00000000", "1.00000000000"),
    ("gelu(x) + x", "-8000", "-8000.00000000", "1.00000000000"),
    ("softplus(x)", "-200000", lambda x: x.exp(), lambda x: x.exp()),
    ("softplus(x)", "200000", "200000.000000", "1.00000000000"),
    ("softplus(x)", "20000000", "20000000.0000", "1.00000000000"),
    ("elu(x)", "-1000000", "-1.00000000000", lambda x: x.exp()),
    ("silu(x)", "100000", "100000.000000", "1.00000000000"),
    ("-ln(1 - sigmoid(x))", "100000", "100000.000000", "1.00000000000"),
    ("exp(-x^2)", "2000", lambda x: (-x * x).exp(), lambda x: -2 * x * (-x * x).exp()),
]
"""Formula, x, value and derivative: as printed, or to be worked from x (where the correction to that is far below)."""


def is_right(text, expected, x, digits):
    if isinstance(expected, str):
        return arb(text).overlaps(arb(expected)) or (arb(text) - arb(expected)).abs_upper() < arb(10) ** -6
    with precision(4 * digits + 200):
        true = expected(arb(x))
        mantissa, _, exponent = text.partition("e")
        written = arb(mantissa) * arb(10) ** int(exponent or 0)
        return abs(written / true - 1) < arb(10) ** (1 - digits)


@pytest.mark.parametrize("digits", [12, 30, 200])
@pytest.mark.parametrize("case", CASES)
def test_value_and_derivative(derive, tmp_path, case, digits):
    formula, x, value, gradient = case
    (tmp_path / "spec.toml").write_text(f'[graph.values]\nx = {x}\n[graph.nodes]\nq = "{formula}"\n')
    ran = derive("gradients", "spec.toml", "--digits", digits, "--to", "json")
    assert ran.status == 0, ran.err
    first = json.loads(ran.out)["iterations"][0]
    if digits == 12 and isinstance(value, str):
        assert first["loss"] == value
    assert is_right(first["loss"], value, x, digits)
    assert is_right(first["gradients"]["x"]["value"], gradient, x, digits)


@pytest.mark.parametrize(
    "case",
    [
        ("sigmoid", "binary_cross_entropy", 100000, 0, "100000.000000"),
        ("sigmoid", "binary_cross_entropy", -100000, 1, "100000.000000"),
        ("sigmoid", "binary_cross_entropy", 1000, 1, "5.07595889755e-435"),
        ("sigmoid", "half_squared_error", 100000, 1, "6.34730480247e-86860"),
        ("tanh", "half_squared_error", -30000, 1, "2.00000000000"),
        ("identity", "log_cosh", 100000, 0, "99999.3068528"),
        ("softplus", "half_squared_error", -200000, 1, "0.500000000000"),
    ],
)
@pytest.mark.parametrize("style", ["routes", "delta", "matrix", "graph"])
def test_saturated_networks(derive, tmp_path, case, style):
    activation, loss, x, t, expected = case
    (tmp_path / "spec.toml").write_text(
        f'[network]\ninputs = 1\nloss = "{loss}"\n[[network.layers]]\nunits = 1\nactivation = "{activation}"\n'
        f"weights = [[1]]\n[[data]]\nx = [{x}]\nt = [{t}]\n[training]\nlearning_rate = 0.5\n"
    )
    found = json.loads(derive("gradients", "spec.toml", "--to", "json").out)
    assert found["iterations"][0]["loss"] == expected
    assert derive("notes", "spec.toml", "--style", style, "-o", "out.md").status == 0


def test_saturated_softmax(derive, tmp_path):
    """The first of the outputs may be the smallest one: what is subtracted in the exponents is the largest."""
    for weights, expected in (("[[0], [1]]", "100000.000000"), ("[[1], [0]]", "3.56294956531e-43430")):
        (tmp_path / "spec.toml").write_text(
            '[network]\ninputs = 1\nloss = "cross_entropy"\n[[network.layers]]\nunits = 2\nactivation = "softmax"\n'
            f"weights = {weights}\n[[data]]\nx = [100000]\nt = [1, 0]\n"
        )
        found = json.loads(derive("gradients", "spec.toml", "--to", "json").out)
        assert found["iterations"][0]["loss"] == expected


@pytest.mark.parametrize("traced", [False, True])
def test_arithmetic_beside_a_rational(traced):
    """Each result against the same worked with bits enough to see both parts in one ball."""
    with precision(128), tracing(traced):
        c = exponential(fmpq(-1000))
        one = 1 / (1 + c)
        assert isinstance(one, Offset)
        results = [1 - one, one * one - 1, one**3 - 1, 2 * one - 2, (one - 1) / one, one / (2 - one) - 1, -one + 1,
                   abs(1 - one), one.log(), (one - 1).exp() - 1, one - fmpq(1, 2) - fmpq(1, 2)]  # fmt: skip
        found = [result.settled() for result in results]
        assert one < 1 and not one > 1 and one <= 1 and not one >= 1 and one > fmpq(1, 2) and c > 0 and not c.is_zero()
    with precision(4000):
        c = arb(-1000).exp()
        one = 1 / (1 + c)
        true = [1 - one, one * one - 1, one**3 - 1, 2 * one - 2, (one - 1) / one, one / (2 - one) - 1, -one + 1,
                abs(1 - one), one.log(), (one - 1).exp() - 1, one - 1]  # fmt: skip
        for result, expected in zip(found, true, strict=True):
            assert result.overlaps(expected)
            assert abs(result / expected - 1) < arb(2) ** -100


@pytest.mark.parametrize(("formula", "x"), [("sigmoid(x)", 100000), ("tanh(x)", -300000), ("softplus(x)", -200000)])
def test_documents_and_claims(derive, tmp_path, formula, x):
    """What is too small to be written in a claim stands on the page as 0, and the page says so."""
    (tmp_path / "spec.toml").write_text(f'[graph.values]\nx = {x}\n[graph.nodes]\nq = "{formula}"\n')
    for style in ("graph", "routes"):
        assert derive("notes", "spec.toml", "--style", style, "-o", "out.md").status == 0
        assert "not exactly 0, but smaller than $10^{-300}$ in size" in (tmp_path / "out.md").read_text()
        ran = derive("verify", "spec.toml", "out.md")
        assert ran.status == 0, ran.out
    (tmp_path / "claims.txt").write_text("dq/dx = 0\ndq/dx = 1e-200\ndq/dx = 0.5\n")
    found = json.loads(derive("verify", "spec.toml", "claims.txt", "--to", "json").out)
    assert [claim["verdict"] for claim in found["claims"]] == ["rounding", "wrong", "wrong"]


def test_a_false_identity_far_out_is_wrong(derive, tmp_path):
    """q = q^2 is false by 10^-43430 and no more."""
    (tmp_path / "spec.toml").write_text('[graph.values]\nx = 100000\n[graph.nodes]\nq = "sigmoid(x)"\n')
    (tmp_path / "claims.txt").write_text("q = 1/(1 + exp(-x))\nq = q^2\ndq/dx = q*(1 - q)\ndq/dx = 2*q*(1 - q)\n")
    found = json.loads(derive("verify", "spec.toml", "claims.txt", "--to", "json").out)
    assert [claim["verdict"] for claim in found["claims"]] == ["holds", "wrong", "holds", "wrong"]
