"""What the catalogue is made of: causes, the mistakes by which each can be made, and the slips at nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Literal, TypeAlias, cast

from derive.arithmetic.reals import Value
from derive.network import Layer, Network
from derive.network.graph import Node, Use
from derive.network.output_loss import OutputLoss
from derive.network.whole_layers import Softmax, WeightedSum
from derive.records import record
from derive.verification.points.row_after import RowAfter
from derive.verification.points.slips import Right, Slip

MistakePlace: TypeAlias = Literal["weight", "source", "bias", "slope", "loss", "formula"]
"""What is differentiated by what: a weighted input by its weight, source or bias; an activation by its weighted
input; the loss by an output; a node of a graph (or the author's own loss) by one of its inputs."""
OnValue: TypeAlias = Callable[[RowAfter, Node, Right], Value | None]
OnLocal: TypeAlias = Callable[[RowAfter, Use, Right], Value | None]


def place_of(use: Use) -> MistakePlace:
    """Where in a network a local derivative stands."""
    operation = use.node.operation
    if isinstance(operation, WeightedSum):
        return ("weight", "source", "bias")[min(use.position // operation.fan_in, 2)]
    if isinstance(operation, OutputLoss):
        return "loss"
    return "formula" if operation.kind == "formula" else "slope"


@record(eq=False)
class NodeSlip(Slip):
    """A step at some nodes done in another way: their values, or their local derivatives at some places."""

    nodes: frozenset[str]
    places: frozenset[str] = frozenset()
    on_value: OnValue | None = None
    on_local: OnLocal | None = None

    @property
    def sites(self) -> frozenset[str]:
        return self.nodes

    def changes(self, hook: str) -> bool:
        asked = {"value": self.on_value is not None, "local": self.on_local is not None}
        return asked.get(hook, False)

    def value(self, at: RowAfter, node: Node, right: Right) -> Value | None:
        if self.on_value is None or node.name not in self.nodes:
            return None
        return self.on_value(at, node, right)

    def local(self, at: RowAfter, use: Use, right: Right) -> Value | None:
        return self.on_local(at, use, right) if self.on_local is not None and self.touches(use) else None

    def touches(self, use: Use) -> bool:
        """Whether the mistake is made in this local derivative."""
        if self.on_local is None or use.node.name not in self.nodes:
            return False
        changes = getattr(self.on_local, "changes", None)
        return (not self.places or place_of(use) in self.places) and (changes is None or changes(use))


@record(eq=False)
class Mistake:
    """One way in which a cause shows: the slip that makes it, and what the sentence about it can say.

    ``wording`` is the sentence where a cause has several; ``facts`` are more words for it.
    """

    cause: str
    slip: Slip
    wording: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@record
class Cause:
    """An entry of the catalogue.

    Attributes:
        name: what reports print as ``cause``.
        mistakes: every way in which it can be made in a network.
        common: whether it is likely enough to be looked for together with another one.
    """

    name: str
    mistakes: Callable[[Network], Iterable[Mistake]]
    common: bool = False


def scopes(layers: Iterable[Layer]) -> Iterator[tuple[Layer, ...]]:
    """Where a mistake is made: in each layer alone, and in all of them."""
    found = tuple(layers)
    yield from ((layer,) for layer in found)
    if len(found) > 1:
        yield found


def activations(layers: Iterable[Layer]) -> frozenset[str]:
    """The activations of these layers."""
    return frozenset(a for layer in layers for a in layer.a)


def weighted_inputs(layers: Iterable[Layer]) -> frozenset[str]:
    """The weighted inputs of these layers."""
    return frozenset(z for layer in layers for z in layer.z)


def is_softmax(network: Network, layer: Layer) -> bool:
    """Whether the activation of a layer is softmax."""
    return isinstance(network.graph.by_name[layer.a[0]].operation, Softmax)


def is_identity(layer: Layer) -> bool:
    """Whether a layer has no activation of its own."""
    return layer.spec.activation.name == "identity"


def elementwise(network: Network) -> tuple[Layer, ...]:
    """The layers with an activation of each unit alone that is not the identity."""
    return tuple(layer for layer in network.layers if not is_softmax(network, layer) and not is_identity(layer))


def size(value: Value) -> Value:
    """The value without its sign."""
    return cast(Value, abs(value))


def loss_node(network: Network) -> Node | None:
    """The node of the loss, where the output is one."""
    return network.graph.nodes[-1] if network.has_loss else None
