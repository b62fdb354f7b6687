"""SymPy works every line again: it agrees where we are right, sees what is planted, and is asked for no more than it can."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import sympy
from flint import fmpq

import derive
from derive.checked import proof, steps_by_sympy
from derive.checked.proof import worked
from derive.checked.steps_by_sympy import Stepwise, check_size, check_steps
from derive.checked.sympy_at_numbers import at_numbers
from derive.equations.chain import Derivation
from derive.equations.chain import derive as chain_rule
from derive.equations.run import Iteration, Run, Sample
from derive.expressions.grammar import parse
from derive.expressions.sympy_bridge import Branches, as_written, symbol
from derive.expressions.tree import Expr, Number
from derive.network import Network
from tests.support.program import Ran
from tests.support.repository import ROOT

SPECS = sorted([*(ROOT / "examples").glob("*.toml"), *(ROOT / "tests" / "published").glob("*.toml")])


def stepwise(network: Network) -> tuple[int, int]:
    return worked(network, lambda work: (work.opinion.lines, work.opinion.passed_over), by_sympy=True)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_line_of_every_example(path: Path) -> None:
    network = derive.load(path)
    lines, passed_over = stepwise(network)
    training = network.spec.training
    rows = min(training.batch_size or len(network.rows), len(network.rows))
    once = len(network.graph.nodes) + len(network.sympy().steps)
    batch = len(network.parameters) if rows > 1 else 0
    assert (lines, passed_over) == (training.iterations * (rows * once + batch), 0)


@pytest.mark.parametrize("seed", range(6))
def test_random_networks(seed: int) -> None:
    chance = random.Random(seed)
    kinds = ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "identity", "softmax"]
    losses = ["half_squared_error", "mean_squared_error", "absolute_error", "log_cosh", {"name": "huber", "delta": 0.5}]
    sizes = [chance.randint(1, 3) for _ in range(3)]

    def number() -> float:
        return chance.choice([0, 1, -1, round(chance.uniform(-2, 2), 2), round(chance.uniform(-40, 40), 1)])

    layers = [
        {
            "units": units,
            "activation": chance.choice(kinds),
            "weights": [[number() for _ in range(fan_in)] for _ in range(units)],
            "biases": [number() for _ in range(units)],
        }
        for fan_in, units in pairwise(sizes)
    ]
    spec = {
        "network": {"inputs": sizes[0], "loss": chance.choice(losses), "layers": layers},
        "data": [
            {"x": [number() for _ in range(sizes[0])], "t": [number() for _ in range(sizes[-1])]}
            for _ in range(chance.randint(1, 3))
        ],
        "training": {"learning_rate": 0.1, "iterations": 2},
        "conventions": {"relu_at_zero": chance.choice([0, 1, "1/2"]),
                        "update_order": chance.choice(["simultaneous", "sequential"])},
    }  # fmt: skip
    lines, _ = stepwise(derive.load(spec))
    assert lines > 0


@pytest.mark.parametrize(
    "nodes",
    [
        {"f": "(-2)^n * x^3 + sqrt(x)*exp(-x)", "g": "f/(1 + f^2)"},
        {"f": "max(x, y, 2)*min(x, n)", "g": "abs(f - 6) + sign(f)*step(x - 2)"},
        {"f": "log2(x)*log10(y) + ln(x*y)", "g": "tan(f) + sinh(x) - cosh(y)"},
        {"f": "sqrt(2)*sqrt(2) - x", "g": "relu(f) + leaky_relu(f, 1/3) + elu(f)"},  # on a kink, by no rational route
        {"f": "exp(x) - exp(x)*1", "g": "f + x"},
        {"f": "x^10000", "g": "relu(f)/f"},
        {"f": "exp(exp(y*2))", "g": "ln(f)"},
        {"f": "sigmoid(-x*50)", "g": "1/(1 - f)"},
    ],
)
def test_graphs_of_all_kinds(nodes: dict[str, str]) -> None:
    values = {"x": 2, "y": "7/3", "n": 3}
    network = derive.load({"graph": {"values": values, "nodes": nodes, "parameters": ["x", "y"], "output": "g"}})
    lines, passed_over = stepwise(network)
    assert lines > 4
    assert passed_over == 0


def test_what_is_too_far_out_is_passed_over_and_said() -> None:
    network = derive.load({"graph": {"values": {"x": 5000}, "nodes": {"f": "sigmoid(x)", "g": "f*(1 - f)"}}})
    lines, passed_over = stepwise(network)
    assert (lines, passed_over) == (1, 3)  # all but f itself are worked from f, which is 1 to 2,171 digits
    assert "Not included are $3$ lines" in derive.derive(network).notes(check="sympy")


def planted(formula: Callable[[Expr], Expr], name: str) -> Callable[[Derivation, str], Expr]:
    honest = Derivation.gradient

    def gradient(self: Derivation, of: str) -> Expr:
        found = honest(self, of)
        return formula(found) if of == name else found

    return gradient


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("w1_4_3", lambda found: found * Number(fmpq(2))),
        ("w2_1_1", lambda found: found + Number(fmpq(1, 10**26))),
        ("z2_1", lambda found: -found),
        ("a1_2", lambda found: Number(fmpq(0))),
    ],
)
def test_a_planted_step_is_found(monkeypatch: pytest.MonkeyPatch, name: str, wrong: Callable[[Expr], Expr]) -> None:
    """The numbers are right, and difference quotients agree; what is printed beside them is wrong."""
    network = derive.load(ROOT / "examples" / "pass_or_fail.toml")
    assert stepwise(network)[0] == 315
    monkeypatch.setattr(Derivation, "gradient", planted(wrong, name))
    with pytest.raises(derive.DeriveError, match=rf"SymPy finds another number for dE/d{name} \(iteration 1, row 1\)"):
        stepwise(network)


def test_a_planted_value_is_found() -> None:
    """One number of one row in a later iteration that no formula gives."""
    network = derive.load(ROOT / "examples" / "xor_batch.toml")
    derivation = chain_rule(network)

    def spoilt(run: Run) -> Run:
        (first, *others) = run.iterations
        rows = list(first.samples)
        values = {**rows[2].values, "yhat": rows[2].values["yhat"] + fmpq(1, 10**25)}
        rows[2] = Sample(rows[2].row, values, rows[2].gradients)
        again = Iteration(first.number, first.parameters, tuple(rows), first.loss, first.gradients, first.updated)
        return Run(run.network, (again, *others), run.final, run.learning_rate)

    from derive.arithmetic.precision import precision
    from derive.equations.run import run

    with precision(2048):
        assert check_steps(derivation, run(network)) == Stepwise(141, 0)
        with pytest.raises(derive.DeriveError, match=r"another number for yhat \(iteration 1, row 3\)"):
            check_steps(derivation, spoilt(run(network)))


def test_a_planted_reduction_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    network = derive.load(ROOT / "examples" / "xor_batch.toml")
    honest = Derivation.batch_gradient
    monkeypatch.setattr(Derivation, "batch_gradient", lambda self, name, rows: honest(self, name, rows) * 4)
    with pytest.raises(derive.DeriveError, match=r"dE/dw1_1_1 \(iteration 1, all rows\)"):
        stepwise(network)


def test_too_much_work_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    network = derive.load(ROOT / "examples" / "pass_or_fail.toml")
    monkeypatch.setattr(steps_by_sympy, "MAX_PARTS", 100)
    with pytest.raises(derive.DeriveError, match="315 lines, of more than 100 parts"):
        stepwise(network)
    with pytest.raises(derive.DeriveError, match="leave out --check sympy"):
        check_size(network, chain_rule(network))


def test_on_the_command_line(derive: Callable[..., Ran], tmp_path: Path) -> None:
    """The document says so; without the option it is what it was."""
    spec = str(ROOT / "examples" / "mazur.toml")
    plain = derive("notes", spec, "-o", "mazur.md")
    checked = derive("notes", spec, "-o", "checked.md", "--check", "sympy")
    assert (plain.status, checked.status) == (0, 0)
    text = (tmp_path / "checked.md").read_text("utf-8")
    assert "SymPy evaluated every line of the forward and backward passes ($29$ in all)" in text
    assert (tmp_path / "mazur.md").read_bytes() == (ROOT / "output" / "mazur.md").read_bytes()
    wrong = derive("notes", spec, "--check", "maxima")
    assert wrong.status == 2
    assert "known: sympy" in wrong.err


def test_nothing_is_written_where_sympy_disagrees(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from derive.cli import main

    monkeypatch.setattr(Derivation, "gradient", planted(lambda found: found * Number(fmpq(2)), "x"))
    target = tmp_path / "notes.md"
    status = main(["notes", str(ROOT / "examples" / "three_inputs.toml"), "-o", str(target), "--check", "sympy"])
    assert status == 2
    assert not target.exists()
    assert "SymPy finds another number for dg/dx" in capsys.readouterr().err
    assert proof.worked is worked


@pytest.mark.parametrize("shape", ["sigmoid({})", "ln(2 + {})", "tanh({})", "sqrt(1 + {}^2)"])
def test_deep_nesting_takes_no_longer(shape: str) -> None:
    """SymPy's own evaluation takes twice as long with every other level."""
    text = "x"
    for _ in range(24):
        text = shape.format(text)
    network = derive.load({"graph": {"values": {"x": "1/3"}, "nodes": {"f": text, "g": "f*x"}}})
    assert stepwise(network) == (4, 0)


def test_nested_branches_are_refused() -> None:
    network = derive.load({"graph": {"values": {"x": 1}, "nodes": {"f": "relu(relu(relu(relu(relu(x)))))"}}})
    with pytest.raises(derive.DeriveError, match="leave out --check sympy"):
        stepwise(network)


def test_a_kink_that_sympy_cannot_see_is_passed_over() -> None:
    """Inside one formula only we know that the argument is 0."""
    network = derive.load(
        {"graph": {"values": {"x": 2}, "nodes": {"f": "relu(sqrt(3)*sqrt(5) - sqrt(15) + x - 2) + x"}}}
    )
    assert stepwise(network) == (0, 2)


@pytest.mark.parametrize(
    ("formula", "b", "value"),
    [
        ("relu(relu(b))", "1/3", "1/3"),
        ("relu(relu(b))", -2, 0),
        ("clip(clip(b, -1, 1), 0, 1)", "1/2", "1/2"),
        ("clip(clip(b, -1, 1), 0, 1)", 5, 1),
        ("hard_sigmoid(hard_sigmoid(b))", 0, "7/12"),
        ("hard_sigmoid(hard_sigmoid(b))", 9, "2/3"),
        ("step(relu(b))", 0, 1),
    ],
)
def test_kinks_inside_kinks(formula: str, b: str | int, value: str | int) -> None:
    """SymPy makes If-then-else, And, Or and Not of a comparison of branches with a number."""
    network = derive.load({"graph": {"values": {"b": b}, "nodes": {"f": formula, "g": "f*b"}}})
    assert stepwise(network) == (4, 0)
    made = as_written(parse(formula), fmpq(0))
    assert at_numbers(made, {symbol("b"): sympy.Rational(b)}) == sympy.Rational(value)


def test_conditions_of_every_form() -> None:
    b = sympy.Symbol("b", real=True)
    low, high = b > 1, b < 3
    for condition, true in [
        (sympy.And(low, high), {2}), (sympy.Or(~low, ~high), {1, 3}), (sympy.Not(sympy.And(low, high), evaluate=False), {1, 3}),
        (sympy.ITE(low, high, sympy.false, evaluate=False), {2}), (sympy.ITE(low, high, b < 0, evaluate=False), {2}),
    ]:  # fmt: skip
        formula = sympy.Piecewise((1, condition), (0, True), evaluate=False)
        assert {at for at in (1, 2, 3) if at_numbers(formula, {b: sympy.Integer(at)}) == 1} == true


@pytest.mark.parametrize(
    ("formula", "gradients"),
    [
        ("max(relu(b), max(b, a, b), hard_tanh(a, -1, 2))", {"a": 0, "b": 6}),
        ("min(relu(b), relu(-a))", {"a": 0, "b": 6}),
        ("max(relu(b), relu(a), b)", {"a": 0, "b": 6}),
    ],
)
def test_conditions_with_branches_of_several_symbols(formula: str, gradients: dict[str, int]) -> None:
    """SymPy itself has no If-then-else of these; a condition that is left as it is has a value all the same."""
    a = "-4" if "-a" in formula else "1/2"
    network = derive.load(
        {"graph": {"values": {"a": a, "b": 3}, "nodes": {"f": formula, "g": "f*b"}, "parameters": ["a", "b"]}}
    )
    assert stepwise(network) == (5, 0)
    made = derive.derive(network)
    assert {name: made.gradient(name).exact for name in gradients} == gradients
    known = {"a": sympy.Rational(a), "b": 3, "dg/df": 3, "f": sympy.Integer(3)}
    for name, value in gradients.items():
        slope = network.sympy().step(name).rhs
        assert slope.subs({part: known[str(part)] for part in slope.free_symbols}) == value


@pytest.fixture
def unmade(monkeypatch: pytest.MonkeyPatch) -> None:
    """SymPy gives up branches, as it does where it cannot fold them."""

    def refused(*_: object, **__: object) -> object:
        raise NotImplementedError

    monkeypatch.setattr(Branches, "unfolded", refused)


@pytest.mark.usefixtures("unmade")
def test_a_slope_that_sympy_cannot_make_is_passed_over_or_an_error_with_a_mend() -> None:
    network = derive.load(
        {"graph": {"values": {"a": "1/2", "b": 3}, "nodes": {"f": "max(a, b)", "g": "f*b"}, "parameters": ["a", "b"]}}
    )
    assert stepwise(network) == (3, 2)
    assert "Not included are $2$ lines" in derive.derive(network).notes(check="sympy")
    gradient = derive.derive(network).gradient("b")
    ways: list[Callable[[], object]] = [
        lambda: gradient.sympy,
        lambda: network.sympy().steps,
        lambda: network.sympy().step("a"),
    ]
    for asked in ways:
        with pytest.raises(derive.DeriveError, match="SymPy cannot make") as caught:
            asked()
        assert "several nodes" in caught.value.hint
    assert len(network.sympy().nodes) == 2
    shown = network.sympy()._repr_latex_()  # what Jupyter asks for
    assert shown.count(r"&= \dots") == 2


def test_a_kink_of_a_number_beside_one_of_a_quantity() -> None:
    network = derive.load(
        {"graph": {"values": {"b": 3}, "nodes": {"f": "max(relu(b), leaky_relu(1, 0.1))", "g": "f*b"}}}
    )
    assert stepwise(network) == (4, 0)
    assert derive.derive(network).gradient("b").exact == 6
