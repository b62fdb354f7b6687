"""Far out a function is its limit and a tiny correction: both are worked, at any number of digits asked for."""

import json
import re

import pytest
from flint import arb, fmpq

from derive.arithmetic.elementary import exponential
from derive.arithmetic.offsets import Offset
from derive.arithmetic.precision import precision, tracing

pytestmark = pytest.mark.usefixtures("one_proof")

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
    ("exp(-x)^2", "10000000", lambda x: (-2 * x).exp(), lambda x: -2 * (-2 * x).exp()),
    ("sigmoid(-x)^2", "10000000", lambda x: (-2 * x).exp(), lambda x: -2 * (-2 * x).exp()),
    ("(1 - tanh(x))^2", "10000000", lambda x: 4 * (-4 * x).exp(), lambda x: -16 * (-4 * x).exp()),
    ("softplus(-x)^3", "10000000", lambda x: (-3 * x).exp(), lambda x: -3 * (-3 * x).exp()),
    ("exp(-x)^(5/2)", "10000000", lambda x: (-5 * x / 2).exp(), lambda x: -5 * (-5 * x / 2).exp() / 2),
    ("1/(1 - sigmoid(x))", "10000000", lambda x: x.exp(), lambda x: x.exp()),
    ("ln(1 - tanh(x)^2)", "100000", "-199998.613706", "-2.00000000000"),
    ("1/(1 - tanh(x)^2)", "100000", lambda x: (2 * x).exp() / 4, lambda x: (2 * x).exp() / 2),
    ("sqrt(1 - tanh(x)^2)", "100000", lambda x: 2 * (-x).exp(), lambda x: -2 * (-x).exp()),
    ("1/(1 - sigmoid(x)^3)", "100000", lambda x: x.exp() / 3, lambda x: x.exp() / 3),
    ("1 - sqrt(sigmoid(x))", "100000", lambda x: (-x).exp() / 2, lambda x: -(-x).exp() / 2),
    ("cosh(exp(-x)) - 1", "100000", lambda x: (-2 * x).exp() / 2, lambda x: -(-2 * x).exp()),
    ("1 - cos(exp(-x))", "100000", lambda x: (-2 * x).exp() / 2, lambda x: -(-2 * x).exp()),
    ("sin(exp(-x)) + 1 - 1", "100000", lambda x: (-x).exp(), lambda x: -(-x).exp()),
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


SEQUENTIAL = [
    ("sigmoid", "0.534446645389", "8.77021005307e-43431"),
    ("tanh", "0.580025658386", "2.20932901985e-86859"),
]


@pytest.mark.parametrize(("activation", "expected", "delta"), SEQUENTIAL)
def test_sequential_updates(derive, tmp_path, activation, expected, delta):
    """δ1 by hand: δ2 = 2 yhat a2' and the new w2 = 1 - 0.5 δ2, times the slope e^-100000 (tanh: 4 e^-200000)."""
    (tmp_path / "spec.toml").write_text(
        f'[network]\ninputs = 1\nloss = "squared_error"\n[[network.layers]]\nunits = 1\nactivation = "{activation}"\n'
        f'weights = [[1]]\n[[network.layers]]\nunits = 1\nactivation = "{activation}"\nweights = [[1]]\n'
        "[[data]]\nx = [100000]\nt = [0]\n[training]\nlearning_rate = 0.5\n"
        '[conventions]\nupdate_order = "sequential"\n'
    )
    first = json.loads(derive("gradients", "spec.toml", "--to", "json").out)["iterations"][0]
    assert first["loss"] == expected
    with precision(300):
        y = 1 / (1 + arb(-1).exp()) if activation == "sigmoid" else arb(1).tanh()
        slope = y * (1 - y) if activation == "sigmoid" else 1 - y * y
        delta2 = 2 * y * slope
        factor = (arb(-100000)).exp() if activation == "sigmoid" else 4 * arb(-200000).exp()
        right = delta2 * (1 - delta2 / 2) * factor
        assert abs(arb(first["samples"][0]["gradients"]["z1_1"]) / right - 1) < arb(10) ** -11
    assert first["samples"][0]["gradients"]["z1_1"] == delta
    for style in ("routes", "delta", "matrix", "graph"):
        assert derive("notes", "spec.toml", "--style", style, "-o", "out.md").status == 0
        assert derive("verify", "spec.toml", "out.md").status == 0


def test_softmax_divides_by_what_lacks_to_1(derive, tmp_path):
    """Binary cross entropy at a saturated softmax: E = 500000 + 500000, and δ is 2 and -2: an update takes 4 from z1 - z2."""
    (tmp_path / "spec.toml").write_text(
        '[network]\ninputs = 1\nloss = "binary_cross_entropy"\n[[network.layers]]\nunits = 2\n'
        'activation = "softmax"\nweights = [[1e6], [5e5]]\n[[data]]\nx = [1]\nt = [0, 1]\n'
        "[training]\nlearning_rate = 0.5\n"
    )
    found = json.loads(derive("gradients", "spec.toml", "--to", "json").out)
    gradients = found["iterations"][0]["samples"][0]["gradients"]
    assert found["iterations"][0]["loss"] == "1000000.00000"
    assert (gradients["z1_1"], gradients["z1_2"]) == ("2.00000000000", "-2.00000000000")
    assert found["final"]["loss"] == "999992.000000"


def test_what_is_not_decided_names_its_node(derive, tmp_path):
    """x - (x + e^-x) with an x that is no rational: no precision parts it from 0."""
    (tmp_path / "spec.toml").write_text(
        '[graph.values]\nx = "sqrt(2)*100000"\n[graph.nodes]\ns = "x + exp(-x)"\nd = "1/(s - x)"\n'
    )
    ran = derive("gradients", "spec.toml")
    assert ran.status == 2
    assert "spec.toml: d: no precision decides whether a divisor is 0" in ran.err


PAST_WRITING = {
    "the wrong class": ("cross_entropy", "softmax", 2, "[[1], [0]]", "0, 1"),
    "the right class": ("cross_entropy", "softmax", 2, "[[1], [0]]", "1, 0"),
    "three classes": ("cross_entropy", "softmax", 3, "[[1], [0], [0.5]]", "0, 0, 1"),
    "binary": ("binary_cross_entropy", "sigmoid", 1, "[[1]]", "0"),
    "binary, of a softmax": ("binary_cross_entropy", "softmax", 2, "[[1], [0]]", "0, 1"),
    "squared": ("squared_error", "tanh", 2, "[[1], [-1]]", "1, 0"),
    "a kink": ("absolute_error", "sigmoid", 2, "[[1], [-1]]", "1, 0"),
    "hinge": ("hinge", "tanh", 1, "[[1]]", "1"),
    "an update by nearly nothing": ("half_squared_error", "sigmoid", 1, "[[-1]]", "0"),
    "the same, farther out": ("half_squared_error", "sigmoid", 1, "[[-60]]", "0"),
}
FALSE_WITH_0 = re.compile(r"\\ln\s?\(0\)|\\frac\{[^{}]*\}\{0\}|\\ln\s?\(1 - 1\.0+\)|\\frac\{[^{}]*\}\{1 - 1\.0+\}|/0\b")
"""A logarithm of 0, and a division by it."""


@pytest.mark.parametrize("style", ["routes", "delta", "matrix", "graph"])
@pytest.mark.parametrize("name", PAST_WRITING)
def test_no_false_line(derive, tmp_path, name, style):
    """Where a number is too small to be written, no line divides by the 0 that stands for it, or is wrong otherwise."""
    loss, activation, units, weights, targets = PAST_WRITING[name]
    (tmp_path / "spec.toml").write_text(
        f'[network]\ninputs = 1\nloss = "{loss}"\n[[network.layers]]\nunits = {units}\nactivation = "{activation}"\n'
        f"weights = {weights}\n[[data]]\nx = [100000]\nt = [{targets}]\n[training]\nlearning_rate = 0.5\n"
    )
    assert derive("notes", "spec.toml", "--style", style, "-o", "out.md").status == 0
    document = (tmp_path / "out.md").read_text()
    assert not FALSE_WITH_0.search(document)
    found = json.loads(derive("verify", "spec.toml", "out.md", "--to", "json").out)
    assert [c for c in found["claims"] if c["verdict"] in ("wrong", "follows")] == []


def test_a_power_past_the_limit_is_not_passed_over(derive, tmp_path):
    """2.5 times 10^20000 is not 2.5."""
    (tmp_path / "spec.toml").write_text('[graph.values]\nx = 2.5\n[graph.nodes]\nq = "2*x"\n')
    (tmp_path / "claims.tex").write_text(
        "$x = 2.5 \\times 10^{20000}$\n\n$q = 5 \\cdot 10^{-20000}$\n\n$x = 2.5 \\times 10^{0}$\n"
    )
    found = json.loads(derive("verify", "spec.toml", "claims.tex", "--to", "json").out)
    assert [c["verdict"] for c in found["claims"]] == ["unreadable", "unreadable", "holds"]
