"""Rows that read one another: operations over a batch, by the same table and chain rule, beside ``mpmath.diff``.

No entry of the program couples rows yet. The operations here stand in the place of ``c = z`` in a graph, or between the
weighted inputs and the activations of a layer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import mpmath
import pytest
from flint import fmpq

from derive import specification
from derive.arithmetic.numbers import as_ball
from derive.arithmetic.precision import precision
from derive.arithmetic.reals import Value
from derive.checked.by_differences import check
from derive.equations.batch import batch_of
from derive.equations.batch_graph import BatchGraph
from derive.equations.chain import Derivation
from derive.equations.run import Iteration, Run, Runner, run
from derive.equations.table import Address, EquationTable
from derive.errors import DeriveError
from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import parse
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Expr, Name, Number, plus
from derive.network import Network, build
from derive.network.graph import Graph, Node
from derive.network.operations import Formula, InputNames, Operation
from derive.network.rows import BetweenRows, OverRows
from derive.ops import OBJECTIVES
from tests.support.random_specs import graph, layered

ZERO = fmpq(0)


class Centred(Operation):
    """One row's value less the mean of all rows'."""

    def __init__(self, place: int) -> None:
        self.place = place

    def formula(self, node: str, inputs: InputNames) -> Expr:
        return Name(inputs[self.place]) - plus(*map(Name, inputs)) / len(inputs)

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        share = Number(fmpq(1, len(inputs)))
        return 1 - share if position == self.place else -share


class MeanCentred(BetweenRows):
    kind = "mean_centred"

    def in_row(self, place: int, count: int) -> Operation:
        return Centred(place)


def over_rows(name: str) -> OverRows:
    return OverRows(OBJECTIVES[name])


def stated(text: str) -> Formula:
    expression = parse(text)
    return Formula(expression, [*"wbuczsdvh"])


def node(name: str, text: str) -> Node:
    operation = stated(text)
    return Node(name, operation, operation.inputs)


PARTS: Mapping[str, tuple[Node, ...]] = {
    "centred": (Node("c", MeanCentred(), ("z",)),),
    "mean_as_a_node": (Node("m", over_rows("mean"), ("z",)), node("c", "z - m")),
    "normalized": (
        Node("m", over_rows("mean"), ("z",)),
        node("d", "z - m"),
        node("s", "d^2"),
        Node("v", over_rows("mean"), ("s",)),
        node("c", "d/sqrt(v + 1/1000)"),
    ),
    "share_of_the_sum": (node("s", "exp(z)"), Node("m", over_rows("sum"), ("s",)), node("c", "s/m")),
    "twice": (Node("d", MeanCentred(), ("z",)), node("s", "d^2 + z"), Node("c", MeanCentred(), ("s",))),
}
"""What stands in place of ``c = z``."""


def mean(values: Sequence[Any]) -> Any:
    return mpmath.fsum(values) / len(values)


def centred(z: Sequence[Any]) -> list[Any]:
    return [one - mean(z) for one in z]


def normalized(z: Sequence[Any]) -> list[Any]:
    d = centred(z)
    return [one / mpmath.sqrt(mean([x * x for x in d]) + mpmath.mpf(1) / 1000) for one in d]


def twice(z: Sequence[Any]) -> list[Any]:
    return centred([d * d + one for d, one in zip(centred(z), z, strict=True)])


WRITTEN_OUT: Mapping[str, Callable[[Sequence[Any]], list[Any]]] = {
    "centred": centred,
    "mean_as_a_node": centred,
    "normalized": normalized,
    "share_of_the_sum": lambda z: [mpmath.exp(one) / mpmath.fsum(map(mpmath.exp, z)) for one in z],
    "twice": twice,
}

START = {"w": "0.7", "b": "-0.2", "u": "1.3"}
ROWS = (("1", "0.5"), ("-0.4", "1"), ("2.5", "-0.3"), ("0.1", "0.1"), ("-1.7", "0.8"))


def text(reduction: str, rows: int, batch: int) -> str:
    values = ", ".join(f"{name} = {value}" for name, value in START.items())
    data = "".join(f"[[data]]\nx = {x}\nt = {t}\n" for x, t in ROWS[:rows])
    return f"""title = "rows"
[graph]
parameters = ["w", "b", "u"]
values = {{{values}}}
[graph.nodes]
z = "w*x + b"
c = "z"
f = "(tanh(u*c + b) - t)^2"
{data}[training]
optimizer = {{name = "momentum", momentum = 0.5}}
learning_rate = 0.2
iterations = 3
batch_size = {batch}
reduction = "{reduction}"
"""


def coupled(which: str, reduction: str = "mean", rows: int = 5, batch: int = 5) -> Network:
    """The network of :func:`text` with an operation over the batch."""
    network = build(specification.loads(text(reduction, rows, batch), "rows.toml"))
    first, _, last = network.graph.nodes
    return replace(network, graph=Graph(network.graph.leaves, (first, *PARTS[which], last), network.graph.output))


def losses(which: str, p: Mapping[str, Any], rows: Sequence[int]) -> list[Any]:
    data = [tuple(map(mpmath.mpf, ROWS[row - 1])) for row in rows]
    c = WRITTEN_OUT[which]([p["w"] * x + p["b"] for x, _ in data])
    return [(mpmath.tanh(p["u"] * one + p["b"]) - t) ** 2 for one, (_, t) in zip(c, data, strict=True)]


def same(found: Value, wanted: Any) -> None:
    got = mpmath.mpf(as_ball(found).mid().str(120, radius=False))
    assert abs(got - wanted) < mpmath.mpf(10) ** -50, (found, wanted)


@pytest.mark.parametrize(("reduction", "rows", "batch"), [("mean", 5, 5), ("sum", 4, 4), ("mean", 5, 3), ("sum", 2, 1)])
@pytest.mark.parametrize("which", PARTS)
def test_gradients_over_the_batch_are_those_of_the_whole_written_out(
    which: str, reduction: str, rows: int, batch: int
) -> None:
    network = coupled(which, reduction, rows, batch)
    assert network.couples_rows
    with precision(500), mpmath.workdps(130):
        found = run(network)
        p = {name: mpmath.mpf(value) for name, value in START.items()}
        velocity = dict.fromkeys(p, mpmath.mpf(0))
        for k, iteration in enumerate(found.iterations):
            of = batch_of(network, k)

            def objective(name: str, value: Any, p: Any = p, of: Any = of) -> Any:
                each = losses(which, {**p, name: value}, of)
                return mean(each) if reduction == "mean" else mpmath.fsum(each)

            same(iteration.loss, objective("w", p["w"]))
            gradients = {n: mpmath.diff(lambda x, n=n: objective(n, x), p[n], h=mpmath.mpf(10) ** -60) for n in p}
            velocity = {name: velocity[name] / 2 + value for name, value in gradients.items()}
            p = {name: value - velocity[name] / 5 for name, value in p.items()}
            for name, value in gradients.items():
                same(iteration.gradients[name], value)
                same(iteration.updated[name], p[name])
        assert found.final is not None
        each = losses(which, p, range(1, rows + 1))
        same(found.final.loss, mean(each) if reduction == "mean" else mpmath.fsum(each))


def number_at(found: Run, address: Address) -> Value:
    """The run's number at an address; what belongs to the batch is the same in each of its rows."""
    what, name, _, step, row = address
    here = found.iterations[step]
    if what == "value" and name in here.parameters:
        return here.parameters[name]
    sample = next(sample for sample in here.samples if row in {0, sample.row})
    return sample.values[name] if what == "value" else sample.gradients[name]


@pytest.mark.parametrize("which", PARTS)
def test_the_table_states_every_number_of_rows_that_read_one_another(which: str) -> None:
    network = coupled(which, rows=5, batch=3)
    table, count = EquationTable(network), 0
    with precision(300):
        found = run(network)
        for k, iteration in enumerate(found.iterations):
            for address, value in addresses(network, k, iteration):
                equation = table.of(address)
                assert equation is not None
                numbers = {name: number_at(found, operand) for name, operand in equation.operands.items()}
                difference = as_ball(evaluate(equation.formula, numbers)) - value
                assert abs(difference) < fmpq(1, 10**60), (address, plain(equation.formula))
                count += 1
    assert count > 50


def addresses(network: Network, k: int, iteration: Iteration) -> list[tuple[Address, Value]]:
    found = [(Address("loss", step=k), iteration.loss)]
    found += [(Address("batch", name, step=k), value) for name, value in iteration.gradients.items()]
    for sample in iteration.samples:
        for one in network.graph.nodes:
            row = 0 if isinstance(one.operation, OverRows) else sample.row
            found.append((Address("value", one.name, step=k, row=row), sample.values[one.name]))
            if one.name != network.output:
                found.append((Address("gradient", one.name, step=k, row=row), sample.gradients[one.name]))
        found += [(Address("gradient", name, step=k, row=sample.row), sample.gradients[name]) for name in START]
    return found


def test_a_formula_names_the_same_quantity_in_other_rows() -> None:
    table = EquationTable(coupled("centred", rows=3, batch=3))
    value = table.of(Address("value", "c", row=2))
    gradient = table.of(Address("gradient", "z", row=2))
    assert value is not None
    assert gradient is not None
    assert plain(value.formula) == "z[2] - (z[1] + z[2] + z[3])/3"
    assert value.operands["z[3]"] == Address("value", "z", row=3)
    assert plain(gradient.formula) == "-df/dc[1]*(1/3) + df/dc[2]*(1 - 1/3) - df/dc[3]*(1/3)"
    assert gradient.operands["df/dc[3]"] == Address("gradient", "c", row=3)
    local = table.of(Address("local", "c", "z", row=2))
    assert local is not None
    assert plain(local.formula) == "1 - 1/3"


def test_a_number_of_the_batch_collects_the_gradients_of_all_rows() -> None:
    table = EquationTable(coupled("mean_as_a_node", rows=3, batch=3))
    value, gradient = table.of(Address("value", "m")), table.of(Address("gradient", "m"))
    assert value is not None
    assert gradient is not None
    assert plain(value.formula) == "(z[1] + z[2] + z[3])/3"
    assert plain(gradient.formula) == "-df/dc[1] - df/dc[2] - df/dc[3]"


NETWORKS = [*(layered(seed) for seed in range(10)), *(graph(seed) for seed in range(6))]


@pytest.mark.parametrize("source", NETWORKS, ids=range(len(NETWORKS)))
def test_rows_worked_one_by_one_are_those_of_the_graph_of_the_batch(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values and gradients of each row; and by the chain rule in symbols from the objective, each batch gradient."""
    network = build(specification.loads(source.replace("sequential", "simultaneous"), "random.toml"))
    with precision(300):
        first = Runner(network).iteration(1, Runner(network).start())
        monkeypatch.setattr(Network, "couples_rows", True)
        together = Runner(network).iteration(1, Runner(network).start())
        assert first.gradients.keys() == together.gradients.keys()
        for name, value in first.gradients.items():
            close(together.gradients[name], value)
        for one, other in zip(first.samples, together.samples, strict=True):
            assert one.gradients.keys() <= other.gradients.keys() | network.start.keys()
            for name, value in one.gradients.items():
                close(other.gradients[name], value)
            for name, value in one.values.items():
                close(other.values[name], value)
        by_the_general_rule(network, first)


def by_the_general_rule(network: Network, iteration: Iteration) -> None:
    """Each step of the chain rule from the objective down, evaluated with the numbers of those before it."""
    batch = BatchGraph(network, tuple(sample.row for sample in iteration.samples))
    numbers = {**iteration.parameters, **batch.joined([sample.values for sample in iteration.samples])}
    numbers[batch.total] = sum((numbers[f"{network.output}[{row}]"] for row in batch.rows), ZERO)
    derivation = Derivation(network, batch.whole)
    for one in batch.whole.backward_nodes:
        if one.name in batch.whole.ancestors:
            gradient = derivation.gradient(one.name)
            numbers[network.names.gradient(one.name)] = evaluate(gradient, numbers, network.relu_at_zero)
    for name, value in iteration.gradients.items():
        close(evaluate(derivation.gradient(name), numbers, network.relu_at_zero), value)


def close(found: Value, wanted: Value) -> None:
    assert abs(as_ball(found) - wanted) <= fmpq(1, 10**60) * (1 + abs(as_ball(wanted)))


def test_layers_are_normalized_over_the_batch_and_softmax_reads_it() -> None:
    """Between the weighted inputs and a softmax, unit by unit: the wiring of siblings in each row is kept."""
    source = """title = "l"
[network]
inputs = 2
loss = "cross_entropy"
[[network.layers]]
units = 3
activation = "softmax"
weights = [[0.1, -0.4], [0.7, 0.2], [-0.3, 0.5]]
biases = [0.1, 0, -0.2]
[[data]]
x = [1, 2]
t = [1, 0, 0]
[[data]]
x = [-1, 0.5]
t = [0, 0.4, 0.6]
[[data]]
x = [0.3, -0.8]
t = [0, 1, 0]
"""
    known = build(specification.loads(source, "l.toml"))
    names = {f"z1_{j}": f"c1_{j}" for j in (1, 2, 3)}
    nodes = [
        one._replace(inputs=tuple(names[z] for z in one.inputs)) if one.name in known.outputs else one
        for one in known.graph.nodes
    ]
    nodes[3:3] = [Node(c, MeanCentred(), (z,)) for z, c in names.items()]
    network = replace(known, graph=Graph(known.graph.leaves, tuple(nodes), known.graph.output))
    w = {name: mpmath.mpf(given.text) for name, given in known.start.items()}
    data = [((1, 2), (1, 0, 0)), ((-1, "0.5"), (0, "0.4", "0.6")), (("0.3", "-0.8"), (0, 1, 0))]

    def objective(name: str, value: Any) -> Any:
        p = {**w, name: value}
        x = [tuple(map(mpmath.mpf, row)) for row, _ in data]
        c = [centred([p[f"w1_{j}_1"] * a + p[f"w1_{j}_2"] * b + p[f"b1_{j}"] for a, b in x]) for j in (1, 2, 3)]
        each = []
        for s, (_, t) in enumerate(data):
            powers = [mpmath.exp(unit[s]) for unit in c]
            each.append(-sum(mpmath.mpf(k) * mpmath.log(p / sum(powers)) for k, p in zip(t, powers, strict=True)))
        return mean(each)

    with precision(500), mpmath.workdps(130):
        found = run(network).iterations[0]
        w = {name: mpmath.mpf(given.text) for name, given in known.start.items()}
        for name, value in w.items():
            same(found.gradients[name], mpmath.diff(lambda x, n=name: objective(n, x), value, h=mpmath.mpf(10) ** -60))
        close(found.gradients["b1_1"], ZERO)  # a bias before the centring is taken away by it


@pytest.mark.parametrize("which", PARTS)
def test_the_second_opinion_sees_what_rows_do_to_one_another(which: str) -> None:
    """Right gradients pass; those that take the other rows for constants are refused."""
    network = coupled(which)
    with precision(4096):
        found = run(network)
        assert check(found, ("w", "u"), symbolic=True).digits >= 12
        first = found.iterations[0]
        samples = [replace(s, gradients={**s.gradients, "z": s.gradients["z"] + fmpq(1, 10**6)}) for s in first.samples]
        alone = replace(first, samples=tuple(samples))
        with pytest.raises(DeriveError, match="disagree"):
            check(replace(found, iterations=(alone, *found.iterations[1:])), symbolic=False)


def test_a_message_names_the_row_whose_node_has_no_value() -> None:
    network = coupled("centred", rows=3, batch=3)
    nodes = (*network.graph.nodes[:-1], node("f", "sqrt(c - 1)"))
    broken = replace(network, graph=Graph(network.graph.leaves, nodes, "f"))
    with precision(100), pytest.raises(DeriveError, match=r"data\[1\]: f: "):
        run(broken)
