"""The objective of a batch: a new one, and penalties, are entries; all their gradients follow by the chain rule.

Each is put beside ``mpmath.diff`` of the whole loss, written out here, through updates with momentum.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import mpmath
import pytest
from flint import fmpq

import derive.checked.by_objective as second
from derive import specification
from derive.arithmetic.elementary import logarithm, quotient, square_root
from derive.arithmetic.numbers import as_ball
from derive.arithmetic.precision import precision
from derive.arithmetic.reals import Value
from derive.checked.by_differences import check
from derive.checked.proof import worked
from derive.equations.batch import batch_of
from derive.equations.chain import derive
from derive.equations.objective import objective_formula, objective_gradient
from derive.equations.run import Run, run
from derive.equations.table import Address, EquationTable
from derive.errors import DeriveError
from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import parse
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Name
from derive.model import Given
from derive.network import Network, build
from derive.ops import OBJECTIVES, Objective, Penalty
from derive.verification.points.training import Training
from tests.equations.test_table import number_at

L2 = Penalty("l2", parse("strength/2*theta^2"))
L1 = Penalty("l1", parse("strength*abs(theta)"))
ELASTIC = Penalty("elastic", parse("strength*(abs(theta) + theta^2/4)"))
ROOT_MEAN = Objective("root_mean", parse("sqrt(total/count)"))
MEAN_OF_LOGS = Objective("logarithm", parse("ln(1 + total)/count"))

TERMS: Mapping[str, Any] = {
    "l2": lambda s, w: s * w * w / 2,
    "l1": lambda s, w: s * abs(w),
    "elastic": lambda s, w: s * (abs(w) + w * w / 4),
}
OBJECTIVE: Mapping[str, Any] = {
    "sum": mpmath.fsum,
    "mean": lambda losses: mpmath.fsum(losses) / len(losses),
    "root_mean": lambda losses: mpmath.sqrt(mpmath.fsum(losses) / len(losses)),
    "logarithm": lambda losses: mpmath.log(1 + mpmath.fsum(losses)) / len(losses),
}
AGAIN: Mapping[str, second.Stated] = {
    "root_mean": second.Stated(
        lambda losses: square_root(sum(losses) / fmpq(len(losses))),
        lambda losses: quotient(fmpq(1, 2 * len(losses)), square_root(sum(losses) / fmpq(len(losses)))),
    ),
    "logarithm": second.Stated(
        lambda losses: logarithm(1 + sum(losses)) / fmpq(len(losses)),
        lambda losses: quotient(fmpq(1, len(losses)), 1 + sum(losses)),
    ),
}
"""The second statement, that an entry of an objective has in the second opinion."""

WEIGHTS = {
    "w1_1_1": "0.4", "w1_1_2": "-0.7", "w1_2_1": "0", "w1_2_2": "1.1", "b1_1": "0.3", "b1_2": "-0.2",
    "w2_1_1": "-0.9", "w2_1_2": "0.6", "b2_1": "0.5",
}  # fmt: skip
ROWS = (("1", "-2", "0.5"), ("0.3", "0.8", "-1"), ("-1.5", "0.1", "2"), ("0.7", "0.7", "0.1"), ("2", "-0.4", "-0.3"))


def text(reduction: str = "mean", rows: int = 5, batch: int = 2, order: str = "simultaneous") -> str:
    w = WEIGHTS
    data = "".join(f"[[data]]\nx = [{a}, {b}]\nt = [{t}]\n" for a, b, t in ROWS[:rows])
    return f"""title = "objective"
[network]
inputs = 2
loss = "squared_error"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[{w["w1_1_1"]}, {w["w1_1_2"]}], [{w["w1_2_1"]}, {w["w1_2_2"]}]]
biases = [{w["b1_1"]}, {w["b1_2"]}]
[[network.layers]]
units = 1
weights = [[{w["w2_1_1"]}, {w["w2_1_2"]}]]
biases = [{w["b2_1"]}]
{data}[conventions]
update_order = "{order}"
[training]
optimizer = {{name = "momentum", momentum = 0.5}}
learning_rate = 0.1
iterations = 3
batch_size = {batch}
reduction = "{reduction}"
"""


def loss_of(w: Mapping[str, Any], row: tuple[str, str, str]) -> Any:
    """The squared error of the network, written out."""
    x1, x2, t = map(mpmath.mpf, row)
    a1 = mpmath.tanh(w["w1_1_1"] * x1 + w["w1_1_2"] * x2 + w["b1_1"])
    a2 = mpmath.tanh(w["w1_2_1"] * x1 + w["w1_2_2"] * x2 + w["b1_2"])
    return (w["w2_1_1"] * a1 + w["w2_1_2"] * a2 + w["b2_1"] - t) ** 2


Penalties = Sequence[tuple[Penalty, str]]


def objective(w: Mapping[str, Any], rows: Sequence[int], reduction: str, penalties: Penalties) -> Any:
    """The objective of a batch, written out: no bias is penalized."""
    found = OBJECTIVE[reduction]([loss_of(w, ROWS[row - 1]) for row in rows])
    for penalty, strength in penalties:
        terms = (TERMS[penalty.name](mpmath.mpf(strength), w[name]) for name in w if name.startswith("w"))
        found += mpmath.fsum(terms)
    return found


def slope(w: Mapping[str, Any], name: str, *how: Any) -> Any:
    """The derivative of the objective by one parameter; on the kink of a penalty, the mean of both sides."""

    def moved(value: Any) -> Any:
        return objective({**w, name: value}, *how)

    return mpmath.diff(moved, w[name], h=mpmath.mpf(10) ** -60)


def network_of(source: str, penalties: Penalties = ()) -> Network:
    given = tuple((penalty, Given(strength, parse(strength))) for penalty, strength in penalties)
    return replace(build(specification.loads(source, "objective.toml")), penalties=given)


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two more objectives, each with its second statement."""
    more = {entry.name: entry for entry in (ROOT_MEAN, MEAN_OF_LOGS)}
    monkeypatch.setattr(sys.modules["derive.network.build"], "OBJECTIVES", {**OBJECTIVES, **more})
    monkeypatch.setattr(second, "OBJECTIVES_AGAIN", {**second.OBJECTIVES_AGAIN, **AGAIN})


def with_objective(name: str, rows: int, batch: int, penalties: Penalties) -> Network:
    """The network with any objective: a spec knows those of the product alone."""
    known = network_of(text(rows=rows, batch=batch), penalties)
    return replace(known, spec=replace(known.spec, training=replace(known.spec.training, reduction=name)))


CASES = [
    ("mean", 5, 2, ((L2, "0.1"),)),
    ("sum", 5, 5, ((L2, "3/7"),)),
    ("mean", 1, 1, ((L2, "0.01"),)),
    ("mean", 4, 3, ((L1, "0.2"),)),
    ("sum", 3, 2, ((L1, "0.05"), (L2, "0.3"))),
    ("mean", 5, 5, ((ELASTIC, "0.25"),)),
    ("root_mean", 5, 2, ()),
    ("root_mean", 5, 5, ((L2, "0.5"),)),
    ("root_mean", 1, 1, ()),
    ("logarithm", 4, 4, ((L1, "0.1"),)),
]


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(("name", "rows", "batch", "penalties"), CASES)
def test_losses_and_gradients_are_those_of_the_whole_written_out(
    name: str, rows: int, batch: int, penalties: Penalties
) -> None:
    network = with_objective(name, rows, batch, penalties)
    with precision(500), mpmath.workdps(130):
        found = run(network)
        w = {key: mpmath.mpf(value) for key, value in WEIGHTS.items()}
        velocity = dict.fromkeys(w, mpmath.mpf(0))
        for k, iteration in enumerate(found.iterations):
            how = batch_of(network, k), name, penalties
            same(iteration.loss, objective(w, *how))
            gradients = {key: slope(w, key, *how) for key in w}
            for key, value in gradients.items():
                same(iteration.gradients[key], value)
                velocity[key] = velocity[key] / 2 + value
            w = {key: value - velocity[key] / 10 for key, value in w.items()}
            for key, value in w.items():
                same(iteration.updated[key], value)
        assert found.final is not None
        same(found.final.loss, objective(w, range(1, rows + 1), name, penalties))


def same(found: Value, wanted: Any) -> None:
    ball = as_ball(found)
    got = mpmath.mpf(ball.mid().str(120, radius=False))
    assert abs(got - wanted) < mpmath.mpf(10) ** -50, (found, wanted)


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(("name", "rows", "batch", "penalties"), CASES)
def test_the_table_states_what_the_run_has(name: str, rows: int, batch: int, penalties: Penalties) -> None:
    network = with_objective(name, rows, batch, penalties)
    table = EquationTable(network)
    with precision(300):
        found = run(network)
        for k, iteration in enumerate(found.iterations):
            agrees(table, found, Address("loss", step=k), iteration.loss)
            for parameter, value in iteration.gradients.items():
                agrees(table, found, Address("batch", parameter, step=k), value)
        assert found.final is not None
        agrees(table, found, Address("loss", step=len(found.iterations)), found.final.loss)


def agrees(table: EquationTable, found: Run, address: Address, value: Value) -> None:
    equation = table.of(address)
    assert equation is not None
    numbers = {name: number_at(found, operand) for name, operand in equation.operands.items()}
    worked = as_ball(evaluate(equation.formula, numbers)) - value
    assert abs(worked) < fmpq(1, 10**60), (address, plain(equation.formula))


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(("name", "rows", "batch", "penalties"), CASES)
def test_the_second_opinion_agrees_and_verification_works_the_same(
    name: str, rows: int, batch: int, penalties: Penalties
) -> None:
    network = with_objective(name, rows, batch, penalties)
    with precision(200):
        found = run(network)
        assert check(found, ("w1_1_1", "w1_2_2", "b1_1"), symbolic=rows < 3).digits >= 12
        start, data = found.iterations[0].parameters, [run_row(network, row) for row in range(1, rows + 1)]
        passes = Training(network, start, data, found.learning_rate)
        for k, iteration in enumerate(found.iterations):
            assert abs(as_ball(passes.loss(k)) - iteration.loss) < fmpq(1, 10**40)
            for parameter, value in iteration.gradients.items():
                assert abs(as_ball(passes.gradient(parameter, k)) - value) < fmpq(1, 10**40)


def run_row(network: Network, row: int) -> dict[str, Value]:
    return {name: evaluate(given.expression, {}) for name, given in network.rows[row - 1].items()}


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize("name", ["mean", "root_mean"])
def test_a_gradient_that_forgets_a_part_of_the_objective_is_refused(name: str) -> None:
    """Without the penalty, with half of it, or with the slope of another objective."""
    network = with_objective(name, 5, 5, ((L2, "0.1"),))
    with precision(4096):
        found = run(network)
        first = found.iterations[0]
        check(found, symbolic=False)
        right = first.gradients["w1_2_2"]
        wrong = [right - fmpq(11, 100), right - fmpq(11, 200), right * fmpq(5), right + fmpq(1, 10**9)]
        for value in wrong:
            doctored = replace(first, gradients={**first.gradients, "w1_2_2": value})
            with pytest.raises(DeriveError, match="disagree"):
                check(replace(found, iterations=(doctored, *found.iterations[1:])), symbolic=False)


def test_sequential_updates_have_the_penalty_in_every_layer() -> None:
    network = network_of(text(order="sequential"), ((L2, "0.1"),))
    bare = network_of(text(order="sequential"))
    with precision(300):
        found, without = run(network), run(bare)
        check(found, symbolic=False)
        for name in ("w2_1_1", "b2_1"):  # the last layer's are derivatives of the objective
            difference = found.iterations[0].gradients[name] - without.iterations[0].gradients[name]
            wanted = fmpq(1, 10) * found.iterations[0].parameters[name] if name[0] == "w" else fmpq(0)
            assert abs(as_ball(difference) - wanted) < fmpq(1, 10**60)


def test_formulas_are_those_that_a_book_would_state() -> None:
    losses, gradients = [Name("E[1]"), Name("E[2]")], [Name("g[1]"), Name("g[2]")]
    network = network_of(text(), ((L2, "0.1"),))
    assert plain(objective_gradient(network, "w2_1_1", gradients)) == "(g[1] + g[2])/2 + 0.1*w2_1_1"
    assert (
        plain(objective_gradient(network, "w2_1_1", gradients, factor_first=True)) == "1/2*(g[1] + g[2]) + 0.1*w2_1_1"
    )
    assert plain(objective_gradient(network, "b2_1", gradients)) == "(g[1] + g[2])/2"
    assert plain(objective_formula(network_of(text("sum")), losses)) == "E[1] + E[2]"
    assert plain(objective_formula(network_of(text()), losses, factor_first=True)) == "1/2*(E[1] + E[2])"
    assert plain(objective_formula(network_of(text()), losses[:1])) == "E[1]"


def test_the_gradient_in_symbols_has_the_penalty() -> None:
    derivation = derive(network_of(text(), ((L2, "0.1"),)))
    found = plain(derivation.batch_gradient("w2_1_1", (1, 2)))
    assert found == "(delta2_1[1]*a1_1[1] + delta2_1[2]*a1_1[2])/2 + 0.1*w2_1_1"
    alone = derive(network_of(text(rows=1, batch=1), ((L2, "0.1"),)))
    assert plain(alone.batch_gradient("w2_1_1", (1,))) == "delta2_1*a1_1 + 0.1*w2_1_1"


def test_no_document_is_made_that_would_leave_the_penalty_out() -> None:
    with pytest.raises(DeriveError, match="no document shows them yet"):
        worked(network_of(text(), ((L2, "0.1"),)), lambda found: found)


def test_a_graph_has_all_its_parameters_penalized() -> None:
    source = 'title = "g"\n[graph]\nparameters = ["w", "b"]\nvalues = {w = 3, b = -4, x = 2}\nnodes = {f = "w*x + b"}'
    network = network_of(source, ((L2, "2"),))
    with precision(100):
        found = run(network).iterations[0]
    assert (found.loss, dict(found.gradients)) == (2 + 9 + 16, {"w": 2 + 6, "b": 1 - 8})
