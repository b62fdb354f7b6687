"""Misconceptions about a convolution: which number along the input each weight of the kernel meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from derive.arithmetic.numbers import bounded
from derive.arithmetic.reals import ZERO, Value
from derive.network import Layer, Network
from derive.network.graph import Node, Use
from derive.network.whole_layers import WeightedSum
from derive.ops.layers import Conv1d
from derive.records import record
from derive.verification.causes.entry import Mistake, place_of
from derive.verification.points.row_after import RowAfter
from derive.verification.points.slips import Right, Slip

MAX_PLACES = 4000
"""A layer in which more products than this are added is not looked at."""
Pairs = Iterable[tuple[str, str]]


@record(eq=False)
class WiringSlip(Slip):
    """The weights of a layer meet other numbers than they should, in the backward pass, or (``forward``) in both.

    ``terms``: for each unit the weights, and what each of them is multiplied by.
    """

    layer: Layer
    terms: Mapping[str, tuple[tuple[str, str], ...]]
    forward: bool = True
    _partners: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._partners.update({name: [] for name in (*self.layer.weight_names, *self.layer.sources)})
        for z, pairs in self.terms.items():
            for weight, source in pairs:
                self._partners[weight].append((z, source))
                self._partners[source].append((z, weight))

    @property
    def sites(self) -> frozenset[str]:
        return self.nodes

    @property
    def nodes(self) -> frozenset[str]:
        """The weighted inputs of the layer."""
        return frozenset(self.terms)

    def changes(self, hook: str) -> bool:
        return hook == "derivative" or (hook == "value" and self.forward)

    def touches(self, use: Use) -> bool:
        """Whether the mistake is made in this local derivative."""
        return use.node.name in self.terms and place_of(use) in ("weight", "source")

    def value(self, at: RowAfter, node: Node, right: Right) -> Value | None:
        pairs = self.terms.get(node.name) if self.forward else None
        if pairs is None:
            return None
        assert isinstance(node.operation, WeightedSum)
        biases = node.inputs[2 * node.operation.fan_in :]
        return _sum([*(at.value(weight) * at.value(source) for weight, source in pairs), *map(at.value, biases)])

    def derivative(self, at: RowAfter, of: str, by: str, right: Right) -> Value | None:
        """Σ over the units in which it stands, as the mistake has it: upstream × what it is multiplied by."""
        partners = self._partners.get(by)
        if partners is None:
            return None
        return _sum(at.derivative(of, z) * at.value(partner) for z, partner in partners)


def _sum(values: Iterable[Value]) -> Value:
    total: Value = ZERO
    for value in values:
        total = total + value
    return bounded(total)


def _convolutions(network: Network) -> Iterator[tuple[Layer, Conv1d]]:
    for layer in network.layers:
        if isinstance(layer.wiring, Conv1d) and layer.units * layer.wiring.columns <= MAX_PLACES:
            yield layer, layer.wiring


def _slip(layer: Layer, wiring: Conv1d, *, flipped: bool = False, forward: bool = True) -> WiringSlip:
    """A layer joined as another wiring has it, each kernel turned round where it is ``flipped``."""
    terms = {}
    for unit, z in enumerate(layer.z):
        row, (columns, sources) = layer.weights[wiring.row_of(unit)], wiring.joins(unit)
        taken = (wiring.opposite(column) for column in columns) if flipped else columns
        terms[z] = tuple((row[column], layer.sources[source]) for column, source in zip(taken, sources, strict=True))
    return WiringSlip(layer, terms, forward)


def kernel_flipped(network: Network) -> Iterator[Mistake]:
    """The kernel laid on the input turned round, as a convolution of mathematics is; or so in the backward pass."""
    for layer, wiring in _convolutions(network):
        if wiring.kernel > 1:
            yield Mistake("kernel_flipped", _slip(layer, wiring, flipped=True))
            backward = _slip(layer, wiring, flipped=True, forward=False)
            yield Mistake("kernel_flipped", backward, "kernel_flipped_backward")


def stride_ignored(network: Network) -> Iterator[Mistake]:
    """The kernel moved by one place at a time."""
    for layer, wiring in _convolutions(network):
        if wiring.stride > 1:
            facts = {"count": str(wiring.stride)}
            yield Mistake("stride_ignored", _slip(layer, replace(wiring, stride=1)), facts=facts)


def padding_ignored(network: Network) -> Iterator[Mistake]:
    """The kernel begins at the first number; or all the zeros stand before it."""
    for layer, wiring in _convolutions(network):
        if wiring.padding:
            facts = {"count": str(wiring.padding)}
            yield Mistake("padding_ignored", _slip(layer, replace(wiring, padding=0)), facts=facts)
            before = _slip(layer, replace(wiring, padding=2 * wiring.padding))
            yield Mistake("padding_ignored", before, "padding_on_one_side", facts)
