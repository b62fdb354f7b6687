"""The table of equations against the run: every number of a run is what its equation gives with the run's numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flint import fmpq

from derive import specification
from derive.arithmetic.numbers import as_ball
from derive.arithmetic.precision import precision
from derive.arithmetic.reals import Value as Number
from derive.equations.batch import batch_of
from derive.equations.objective import BatchNumbers, objective_formula, objective_gradient
from derive.equations.run import Run, run
from derive.equations.table import Address, EquationTable
from derive.expressions.evaluate import evaluate
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Name
from derive.network import Network, build
from tests.checked.test_reference import with_momentum
from tests.support.random_specs import graph, layered


def number_at(found: Run, address: Address) -> Number:
    """The run's number at an address."""
    what, name, _, step, row = address
    if what == "rate":
        assert found.learning_rate is not None
        return found.learning_rate
    if what == "hyperparameter":
        return found.hyperparameters[name]
    if what == "batch":
        return found.iterations[step].gradients[name]
    last = step == len(found.iterations)
    if name in found.network.states:
        return found.iterations[step - 1].new_states[name] if last else found.iterations[step].states[name]
    here = found.final if last else found.iterations[step]
    assert here is not None
    if not row:
        return here.parameters[name]
    sample = next((sample for sample in here.samples if sample.row == row), None)
    if sample is None:  # a parameter, which is the same in all rows
        return here.parameters[name]
    return sample.values[name] if what == "value" else sample.gradients[name]


def addresses(found: Run) -> Iterator[tuple[Address, Number]]:
    """Every number of a run that has an equation, with its address."""
    network = found.network
    for k, iteration in enumerate(found.iterations):
        for sample in iteration.samples:
            for node in network.graph.nodes:
                yield Address("value", node.name, step=k, row=sample.row), sample.values[node.name]
            for name in network.graph.names:
                if name in sample.gradients and name != network.output:
                    yield Address("gradient", name, step=k, row=sample.row), sample.gradients[name]
        yield Address("loss", step=k), iteration.loss
        for name, value in iteration.gradients.items():
            yield Address("batch", name, step=k), value
        for name, value in (*iteration.updated.items(), *iteration.new_states.items()):
            yield Address("value", name, step=k + 1), value


SPECS = [
    *(layered(seed) for seed in range(8)),
    *(graph(seed) for seed in range(4)),
    *(with_momentum(layered(seed), seed) for seed in range(8)),
    *(with_momentum(graph(seed), seed) for seed in range(3)),
]


def network_of(text: str) -> Network:
    return build(specification.loads(text, "random.toml"))


@pytest.mark.parametrize("text", SPECS, ids=range(len(SPECS)))
def test_every_number_of_a_run_is_what_its_equation_gives(text: str) -> None:
    network = network_of(text)
    table, count = EquationTable(network), 0
    with precision(300):
        found = run(network)
        for address, value in addresses(found):
            equation = table.of(address)
            assert equation is not None
            numbers = {name: number_at(found, operand) for name, operand in equation.operands.items()}
            worked = evaluate(equation.formula, numbers, network.relu_at_zero)
            difference = as_ball(worked) - value
            assert abs(difference) < fmpq(1, 10**60), (address, plain(equation.formula))
            count += 1
    assert count > len(network.graph.nodes)


def test_what_is_given_has_no_equation() -> None:
    network = network_of(with_momentum(layered(3), 3))
    table = EquationTable(network)
    state, parameter = next(iter(network.states)), next(iter(network.trained))
    given = [Address("value", name, row=1) for name in (*network.inputs, *network.start)]
    given += [Address("value", state), Address("value", parameter), Address("rate")]
    assert [table.of(address) for address in given] == [None] * len(given)


def test_local_derivatives_have_equations() -> None:
    network = network_of('title = "l"\n[graph]\nvalues = {x = 3, y = -4}\nnodes = {f = "x*x*y"}')
    found = EquationTable(network).of(Address("local", "f", "y", row=1))
    assert found is not None
    assert plain(found.formula) == "x^2"
    assert EquationTable(network).of(Address("local", "f", "f", row=1)) is None


@pytest.mark.parametrize("order", ["sequential", "simultaneous"])
@pytest.mark.parametrize("seed", range(6))
def test_local_derivatives_are_those_that_the_gradients_use(seed: int, order: str) -> None:
    """Where later layers are updated first, the way back to an activation goes by their new weights."""
    text = layered(seed).replace("[conventions]", f'[conventions]\nupdate_order = "{order}"')
    network = network_of(text)
    assert network.spec.sequential == (order == "sequential")
    table, count = EquationTable(network), 0
    with precision(300):
        found = run(network)
        for k, iteration in enumerate(found.iterations):
            row = iteration.samples[0].row
            for layer in network.layers[1:]:
                for source in layer.sources:
                    back: Number = fmpq(0)
                    for z in layer.z:
                        equation = table.of(Address("local", z, source, k, row))
                        assert equation is not None
                        numbers = {name: number_at(found, operand) for name, operand in equation.operands.items()}
                        local = evaluate(equation.formula, numbers, network.relu_at_zero)
                        back = back + as_ball(local) * as_ball(iteration.samples[0].gradients[z])
                    assert abs(as_ball(back) - as_ball(iteration.samples[0].gradients[source])) < fmpq(1, 10**60)
                    count += 1
    assert count or len(network.layers) == 1


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_fast_reduction_is_that_of_the_table(reduction: str) -> None:
    text = "\n".join(line for line in layered(1).splitlines() if not line.startswith("reduction"))
    network = network_of(text.replace("[training]", f'[training]\nreduction = "{reduction}"'))
    for count in (1, 2, 7):
        values = [fmpq(k * k - 3, k + 2) for k in range(count)]
        names = {f"s{k}": value for k, value in enumerate(values)}
        each, numbers = tuple(map(Name, names)), BatchNumbers(network)
        assert numbers.loss(values) == evaluate(objective_formula(network, each), names)
        assert numbers.gradient(values) == evaluate(objective_gradient(network, "w1_1_1", each), names)
    for fast in (BatchNumbers(network).loss, BatchNumbers(network).gradient):
        assert fast([fmpq(1), fmpq(2)]) == (fmpq(3, 2) if reduction == "mean" else 3)


def test_batches_begin_again_at_the_top() -> None:
    rows = "".join(f"[[data]]\nx = {k}\n" for k in range(1, 6))
    more = "[training]\nlearning_rate = 0.1\niterations = 4\nbatch_size = 2\n"
    network = network_of(f'title = "b"\n[graph]\nvalues = {{w = 2}}\nnodes = {{f = "w*x"}}\n{rows}{more}')
    assert [batch_of(network, step) for step in range(-1, 5)] == [
        (1, 2, 3, 4, 5), (1, 2), (3, 4), (5,), (1, 2), (1, 2, 3, 4, 5),
    ]  # fmt: skip
