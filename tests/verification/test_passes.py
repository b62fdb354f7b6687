"""The passes that claims are judged by, made as far as somebody asks, against the table of equations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flint import fmpq

from derive import specification
from derive.arithmetic.numbers import as_ball
from derive.arithmetic.precision import precision
from derive.arithmetic.reals import Value
from derive.equations.run import Runner
from derive.equations.table import Address, EquationTable
from derive.expressions.evaluate import evaluate
from derive.network import Network, build
from derive.verification.points.training import Training
from tests.checked.test_reference import with_momentum
from tests.support.random_specs import convolutional, graph, layered


def passes_of(network: Network) -> Training:
    runner = Runner(network)
    return Training(network, runner.start(), runner.rows, runner.learning_rate)


def at(passes: Training, address: Address) -> Value:
    """The number at an address, asked for by itself."""
    what, name, by, step, row = address
    if what == "value":
        return passes.at(step, row).value(name) if row else passes.parameter(name, step)
    if what == "gradient":
        return passes.at(step, row).derivative(passes.network.output, name)
    if what == "local":
        here = passes.at(step, row)
        first, *others = (here.local(use) for use in passes.graph.uses[by] if use.node.name == name)
        return sum(others, first)
    if what == "rate":
        assert passes.rate is not None
        return passes.rate
    if what == "hyperparameter":
        return passes.hyperparameters[name]
    return passes.loss(step) if what == "loss" else passes.gradient(name, step)


def asked(network: Network, passes: Training) -> list[Address]:
    found = []
    for row in passes.batch(0):
        found += [Address("value", node.name, row=row) for node in network.graph.nodes]
        found += [Address("gradient", name, row=row) for name in network.graph.names if name not in network.targets]
        for node in (
            network.graph.nodes if not passes.late else ()
        ):  # in this order a weight on the way back is a new one
            found += [Address("local", node.name, by, row=row) for by in node.inputs if by not in network.targets]
    found += [Address("loss"), *(Address("batch", name) for name in network.parameters)]
    for name in (*network.parameters, *network.states) if passes.rate is not None else ():
        found += [Address("value", name, step=k + 1) for k in range(min(passes.last, 2))]
    return found


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", [layered, convolutional, graph, lambda seed: with_momentum(layered(seed), seed)])
def test_every_number_is_what_its_equation_gives(kind: Callable[[int], str], seed: int, filled: bool) -> None:
    network = build(specification.loads(kind(seed)))
    table = EquationTable(network)
    with precision(300):
        passes = passes_of(network)
        if filled:
            for row in passes.batch(0):
                passes.at(0, row).fill(network.output)
        for address in asked(network, passes):
            equation = table.of(address)
            if equation is None:
                continue
            numbers = {name: at(passes, operand) for name, operand in equation.operands.items()}
            worked = evaluate(equation.formula, numbers, network.relu_at_zero)
            assert abs(as_ball(worked) - at(passes, address)) < fmpq(1, 10**60), address
