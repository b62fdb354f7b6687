"""What stands in the step of a quantity: the given numbers that go into it, and the computed ones that may.

A number inside a calculation is read by it: the learning rate in an update is the spec's own, exactly, while a number
that happens to stand in the spec, too, may be a rounded one of another quantity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from flint import fmpq

from derive.arithmetic.precision import precision
from derive.arithmetic.reals import Value
from derive.network import Network
from derive.network.graph import Use
from derive.verification.points.point import Point, PointAddress
from derive.verification.points.row_after import RowAfter
from derive.verification.points.training import Training

BITS = 192
MAX_NAMES = 400
"""At most this many names has a network of which all numbers are looked at; in a larger one, only those of a step."""
LEVELS = 3
"""Through so many nodes a derivative is written out in one line: a weighted input, its activation, the next one's."""
MAX_WRITTEN = 100
"""At most this many names stand in a derivative that is written out."""
MAX_SAMPLES = 16
"""At most this many samples of a batch are looked at."""


def given_in(world: Point, address: PointAddress) -> Iterator[Value]:
    """The spec's own numbers in the step of a quantity: weights and inputs, the old value and the learning rate."""
    passes, network = world.passes, world.passes.network
    if address.kind == "value" and address.of in network.start:
        if address.step:
            yield passes.start[address.of]
            if passes.rate is not None:
                yield passes.rate
            if len(passes.rows) == 1:  # its gradient may be written out by the steps before it
                slope = replace(address, kind="derivative", of=network.output, by=address.of, step=address.step - 1)
                yield from given_in(world, slope)
        return
    for name in _written_in(network, address):
        if name in passes.rows[address.row - 1]:
            yield passes.rows[address.row - 1][name]
        elif name in passes.start and (not address.step or name not in network.trained):
            yield passes.start[name]


def parts_of(network: Network, address: PointAddress) -> Iterator[tuple[str, str]]:
    """The quantities in the step of a quantity: of which node, and what it is differentiated by (or nothing)."""
    if address.kind == "value" and address.of in network.start:
        yield network.output, address.of
        return
    for name in _inputs(network, address):
        yield name, ""
    for use in network.graph.uses.get(address.by, ()) if address.by else ():
        yield use.node.name, ""
        yield address.of, use.node.name


def samples_in(world: Point, address: PointAddress) -> Iterator[Value]:
    """The numbers by which a batch comes in: its samples' own, the gradient of an update and the step along it."""
    passes, of, by, step = world.passes, address.of, address.by, address.step
    if address.kind == "value" and of in passes.start and step and passes.rate is not None:
        yield passes.gradient(of, step - 1)
        yield passes.parameter(of, step - 1) - passes.parameter(of, step)
    elif address.kind == "gradient":
        yield from (passes.at(step, row).derivative(of, by) for row in passes.batch(step)[:MAX_SAMPLES])
    elif address.kind == "loss":
        yield from (passes.at(step, row).value(of) for row in passes.batch(step)[:MAX_SAMPLES])


def _written_in(network: Network, address: PointAddress) -> Sequence[str]:
    """What stands in the step of a quantity; of a derivative also where the derivatives in it are written out."""
    found, graph, waiting = dict.fromkeys(_inputs(network, address)), network.graph, [address.by]
    for _ in range(LEVELS if address.by else 0):
        nodes = dict.fromkeys(use.node.name for by in waiting for use in graph.uses.get(by, ()))
        waiting = list(nodes)[:MAX_WRITTEN]
        found.update(dict.fromkeys(name for node in waiting for name in graph.by_name[node].inputs))
        if len(found) > MAX_WRITTEN:
            break
    return tuple(found)[:MAX_WRITTEN] if len(found) > MAX_WRITTEN else tuple(found)


def _inputs(network: Network, address: PointAddress) -> Sequence[str]:
    """What the nodes of the step are computed from."""
    graph = network.graph
    if address.by:
        nodes = [use.node for use in graph.uses.get(address.by, ())]
    else:
        nodes = [graph.by_name[address.of]] if address.of in graph.by_name else []
    return tuple(dict.fromkeys(name for node in nodes for name in node.inputs))


class Computed:
    """The computed numbers of a network, pass by pass: values, derivatives and slopes, without their signs."""

    def __init__(self, passes: Training) -> None:
        self._passes = passes
        given = _sizes((*passes.start.values(), *(v for row in passes.rows for v in row.values())))
        self._given = frozenset(size for size in given if type(size) is fmpq)
        self._of = cache(self._found)

    def near(self, address: PointAddress, number: fmpq, reach: fmpq) -> tuple[Value, ...]:
        """Those of the quantity's own pass that are as near to a number as ``reach``."""
        sizes = self._of(max(address.step - self._is_new(address), 0), address.row)
        return tuple(size for size in sizes if size >= number - reach and size <= number + reach)

    def _is_new(self, address: PointAddress) -> bool:
        """Whether it is a new value, which comes from the pass before."""
        return address.kind == "value" and address.of in self._passes.network.start

    def _found(self, step: int, row: int) -> tuple[Value, ...]:
        if len(self._passes.graph.names) > MAX_NAMES:
            return ()
        found: list[Value] = []
        with precision(BITS):
            try:
                at = self._passes.at(step, row)
                found += [at.value(node.name) for node in self._passes.graph.nodes]
                found.extend(_backward(at))
            except (ArithmeticError, LookupError):
                pass
            return tuple(size for size in _sizes(found) if type(size) is not fmpq or size not in self._given)


def _backward(at: RowAfter) -> Iterator[Value]:
    graph = at.passes.graph
    for name in graph.names:
        if name in graph.ancestors:
            yield at.derivative(graph.output, name)
    for node in graph.nodes:
        if node.name in graph.ancestors:
            yield from (at.local(Use(node, position)) for position in range(len(node.inputs)))


def _sizes(values: Sequence[Value]) -> Iterator[Value]:
    for value in values:
        try:
            yield -value if value < 0 else value
        except ArithmeticError:
            continue


__all__ = ["Computed", "given_in", "parts_of", "samples_in"]
