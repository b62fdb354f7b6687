"""Numbers that no precision proves to be 0: they are given with their bound, and the run goes on."""

import json
from time import process_time

import pytest

pytestmark = pytest.mark.usefixtures("one_proof")

ZERO = "0e-300"


def graph(values, nodes, more=""):
    given = "\n".join(f"{name} = {value}" for name, value in values.items())
    worked = "\n".join(f'{name} = "{formula}"' for name, formula in nodes.items())
    return f'title = "A number near 0"\n[graph]\n[graph.values]\n{given}\n[graph.nodes]\n{worked}\n{more}'


CASES = {
    "power of a power": ({"x": 2, "y": 3}, {"n": "(x^y)^(1/y)", "q": "n + x"}, "4", {"x": "2", "y": ZERO}),
    "power mean": (
        {"a": 3, "b": 3, "p": 2},
        {"q": "((a^p + b^p)/2)^(1/p)"},
        "3",
        {"a": "0.5", "b": "0.5", "p": ZERO},
    ),
    "softened maximum": (
        {"u": 4, "v": 4, "k": 2},
        {"q": "ln(exp(k*u) + exp(k*v))/k - ln(2)/k"},
        "4.00000000000",
        {"u": "0.5", "v": "0.5", "k": ZERO},
    ),
    "root of exp": ({"x": 3}, {"n": "exp(x)^(1/x)", "q": "n*x"}, "8.15484548538", {"x": "2.71828182846"}),
    "root of exp(2x)": ({"x": "0.3"}, {"q": "sqrt(exp(2*x)) - exp(x)"}, ZERO, {"x": ZERO}),
    "logarithm of a square": ({"x": 3}, {"q": "ln(x^2) - 2*ln(x)"}, ZERO, {"x": "0"}),
    "logarithm of a product": ({"x": "2.5", "y": "1.5"}, {"q": "ln(x*y) - ln(x) - ln(y)"}, ZERO, {"x": "0", "y": "0"}),
    "softplus": ({"z": "1.5"}, {"q": "softplus(z) - softplus(-z) - z"}, ZERO, {"z": "0"}),
    "tanh by sigmoid": ({"z": "1.5"}, {"q": "tanh(z) - (2*sigmoid(2*z) - 1)"}, ZERO, {"z": ZERO}),
    "sigmoids": ({"z": "1.5"}, {"q": "sigmoid(z) + sigmoid(-z) - 1"}, "0", {"z": "0"}),
    "logarithm": ({"x": 8}, {"q": "log2(x) - 3"}, "0", {"x": "0.180336880111"}),
    "circle": ({"x": "0.4"}, {"q": "sin(x)^2 + cos(x)^2 - 1"}, "0", {"x": "0"}),
    "hyperbola": ({"x": "0.4"}, {"q": "cosh(x)^2 - sinh(x)^2 - 1"}, "0", {"x": "0"}),
}
"""Values, nodes, the output, and the derivatives by the values: as they are printed, proven zeros as 0."""


@pytest.mark.parametrize("name", CASES)
def test_the_run_goes_on(derive, tmp_path, name):
    values, nodes, output, gradients = CASES[name]
    (tmp_path / "spec.toml").write_text(graph(values, nodes))
    ran = derive("gradients", "spec.toml", "--to", "json")
    assert ran.status == 0, ran.err
    found = json.loads(ran.out)
    first = found["iterations"][0]
    assert first["loss"] == output
    assert {by: entry["value"] for by, entry in first["gradients"].items()} == gradients
    unproven = [by for by, value in gradients.items() if value == ZERO]
    assert all("exact" not in first["gradients"][by] for by in unproven)
    said = ["0e-300: 0 or smaller than 1e-300 in size; no precision proves which"]
    assert found.get("notes", []) == (said if unproven or output == ZERO else [])


@pytest.mark.parametrize("style", ["graph", "routes"])
@pytest.mark.parametrize("name", ["power of a power", "power mean", "logarithm of a square", "tanh by sigmoid"])
def test_the_document_says_so_and_holds(derive, tmp_path, name, style):
    values, nodes, output, gradients = CASES[name]
    update = "[training]\nlearning_rate = 0.1\n" if name == "power of a power" else ""
    (tmp_path / "spec.toml").write_text(graph(values, nodes, update))
    for ending in ("md", "tex", "json"):
        assert derive("notes", "spec.toml", "--style", style, "-o", f"out.{ending}").status == 0
    text = (tmp_path / "out.md").read_text()
    assert text.count("0 or smaller than $10^{-300}$ in size: no precision proves which.") >= 1
    assert text.count("We write 0 for it.") == (output == ZERO) + (ZERO in gradients.values()) or update
    ran = derive("verify", "spec.toml", "out.md", "out.tex")
    assert ran.status == 0, ran.out


def test_claims_about_it(derive, tmp_path):
    """0 holds with a note; another number is wrong, however small it is written."""
    values, nodes, *_ = CASES["power of a power"]
    (tmp_path / "spec.toml").write_text(graph(values, nodes))
    (tmp_path / "claims.txt").write_text("dq/dy = 0\ndq/dy ~ 0\ndq/dy = 0.000\ndq/dy = 0.1\ndq/dy = 1e-30\ndq/dx = 2\n")
    found = json.loads(derive("verify", "spec.toml", "claims.txt", "--to", "json").out)
    assert [claim["verdict"] for claim in found["claims"]] == ["holds", "holds", "holds", "wrong", "wrong", "holds"]
    assert [claim["expected"] for claim in found["claims"][3:5]] == ["0e-300", "0e-300"]


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        ("relu(ln(x^2) - 2*ln(x))", "on which side of 0 the argument of relu is"),
        ("abs(ln(x^2) - 2*ln(x))", "on which side of 0 the argument of abs is"),
        ("step(ln(x^2) - 2*ln(x))", "on which side of 0 the argument of step is"),
        ("1/(ln(x^2) - 2*ln(x))", "whether a divisor is 0"),
        ("ln(ln(x^2) - 2*ln(x))", "whether the argument of ln is above 0"),
        ("sqrt(ln(x^2) - 2*ln(x))", "whether the argument of sqrt is below 0"),
        ("max(ln(x^2), 2*ln(x))", "which argument of max it is"),
    ],
)
def test_a_decision_needs_the_proof(derive, tmp_path, formula, what):
    (tmp_path / "spec.toml").write_text(graph({"x": 3}, {"q": formula}))
    for command in (("gradients", "spec.toml"), ("notes", "spec.toml", "-o", "out.md")):
        ran = derive(*command)
        assert ran.status == 2
        assert ran.err.startswith(f"spec.toml: q: no precision decides {what}\n")
    assert not (tmp_path / "out.md").exists()


@pytest.mark.parametrize("digits", [12, 50, 1000])
def test_the_bound_is_as_fine_as_the_digits(derive, tmp_path, digits):
    values, nodes, *_ = CASES["power mean"]
    (tmp_path / "spec.toml").write_text(graph(values, nodes))
    found = json.loads(derive("gradients", "spec.toml", "--digits", digits, "--to", "json").out)
    assert found["iterations"][0]["gradients"]["p"]["value"] == f"0e-{max(300, digits)}"


def test_table_and_csv_have_it_too(derive, tmp_path):
    values, nodes, *_ = CASES["power of a power"]
    (tmp_path / "spec.toml").write_text(graph(values, nodes))
    assert "\n1,y,3,0e-300,," in derive("gradients", "spec.toml", "--to", "csv").out
    table = derive("gradients", "spec.toml").out
    assert table.endswith("\n\n0e-300: 0 or smaller than 1e-300 in size; no precision proves which\n")


def test_a_rounding_tie_that_nothing_decides_is_printed_with_one_digit_more(derive, tmp_path):
    """The last value is 1.5 and nothing proves it; without decimals that would be 1 or 2."""
    nodes = {"n": "ln(x^3)/(2*ln(x))", "q": "n*y"}
    (tmp_path / "spec.toml").write_text(graph({"x": 5, "y": 1}, nodes, "[numbers]\ndecimals = 0\n"))
    assert derive("notes", "spec.toml", "-o", "out.md").status == 0
    assert r"&\approx 1.5" in (tmp_path / "out.md").read_text()


LAYERED = """
title = "A unit that is always 0"
[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = {name = "zero", expression = "softplus(z) - softplus(-z) - z"}
weights = [[0.5], [-1]]
[[network.layers]]
units = 1
weights = [[1, 2]]
[[data]]
x = [1]
t = [1]
[[data]]
x = [2]
t = [0]
[training]
learning_rate = 0.1
iterations = 2
"""


LAYERS = [(style, rounding) for style in ("routes", "graph", "delta", "matrix") for rounding in ("end", "step")]
QUICK = [("routes", "end"), ("delta", "step")]


@pytest.mark.parametrize(
    ("style", "rounding"),
    [case if case in QUICK else pytest.param(*case, marks=pytest.mark.slow) for case in LAYERS],
)
def test_units_of_a_layer(derive, tmp_path, style, rounding):
    """The activations are 0 identically, so that their slopes are 0, and are seen to be; their values are not."""
    (tmp_path / "spec.toml").write_text(f'{LAYERED}[numbers]\nrounding = "{rounding}"\n')
    found = json.loads(derive("gradients", "spec.toml", "--to", "json").out)
    gradients = {name: entry["value"] for name, entry in found["iterations"][0]["gradients"].items()}
    assert gradients == {
        "w1_1_1": "0", "w1_2_1": "0", "b1_1": "0", "b1_2": "0",
        "w2_1_1": ZERO, "w2_1_2": ZERO, "b2_1": "-0.500000000000",
    }  # fmt: skip
    assert found["final"]["loss"] == "0.207012500000"
    assert derive("notes", "spec.toml", "--style", style, "-o", "out.md").status == 0
    text = (tmp_path / "out.md").read_text()
    assert text.count("are 0 or smaller than $10^{-300}$ in size: no precision proves which. We write 0 for them.") == 2
    ran = derive("verify", "spec.toml", "out.md")
    assert ran.status == 0, ran.out


@pytest.mark.slow
def test_a_large_network_takes_seconds(derive, tmp_path):
    """The search ends at fewer bits where there is much to be worked."""
    weights = ", ".join(f"[{', '.join(f'0.{(7 * i + j) % 9 + 1}' for j in range(20))}]" for i in range(20))
    activation = '{name = "zero", expression = "softplus(z) - softplus(-z) - z"}'
    layer = f"[[network.layers]]\nunits = 20\nactivation = {activation}\nweights = [{weights}]\n"
    (tmp_path / "spec.toml").write_text(
        f'[network]\ninputs = 20\nloss = "squared_error"\n{layer * 3}'
        f"[[data]]\nx = [{', '.join(['1'] * 20)}]\nt = [{', '.join(['0'] * 20)}]\n"
        "[training]\nlearning_rate = 0.1\niterations = 10\n"
    )
    before = process_time()
    ran = derive("gradients", "spec.toml", "--to", "json")
    assert ran.status == 0, ran.err
    assert process_time() - before < 30
    assert json.loads(ran.out)["final"]["loss"] == ZERO
