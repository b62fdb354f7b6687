"""The styles: the ways in which the backward pass reads. Adding one is adding an entry here, and its part.

An entry says all that the rest of the program asks of a style. Parts are named, not imported, so that only the chosen
style's are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from derive.errors import DeriveError
from derive.records import record

if TYPE_CHECKING:
    from derive.network import Network

NetworkForm: TypeAlias = Literal["layers", "graph"]
_PARTS = "derive.lesson.parts"


@record
class Style:
    """A way in which the backward pass reads.

    Attributes:
        name: as in ``--style``.
        about: what it does, in one line.
        backward: the part that writes the backward pass, ``module:function``, for each form that it can write.
        default_for: the forms that are written in this style where none is asked for.
        below: what stands below it, of layers that all have a matrix form; empty: nothing.
        layer: the part that works a layer of the forward pass; empty: unit by unit.
        update: the part that updates the parameters; empty: one by one.
        needs_matrix_form: every layer has to have one.
        notes_local_gradients: the forward pass notes each node's local gradients as it goes.
    """

    name: str
    about: str
    backward: Mapping[NetworkForm, str]
    default_for: frozenset[NetworkForm] = frozenset()
    below: str = ""
    layer: str = ""
    update: str = ""
    needs_matrix_form: bool = False
    notes_local_gradients: bool = False

    @property
    def needs_layers(self) -> bool:
        """Whether it says nothing of a graph."""
        return "graph" not in self.backward


_ENTRIES = (
    Style(
        "graph",
        "node by node from the output: upstream gradient × local gradient",
        {"layers": "graph:backward_nodes", "graph": "graph:backward_graph"},
        default_for=frozenset({"graph"}),
        notes_local_gradients=True,
    ),
    Style(
        "routes",
        "one parameter at a time: the chain of factors along its route",
        {"layers": "routes:backward_routes", "graph": "graph_routes:backward_graph_routes"},
        default_for=frozenset({"layers"}),
        below="in_matrices:in_matrices",
    ),
    Style(
        "delta",
        "δ of every unit, layer by layer; gradient = δ × activation",
        {"layers": "delta:backward_delta"},
        below="in_matrices:in_matrices",
    ),
    Style(
        "matrix",
        "the four equations with matrices and vectors",
        {"layers": "matrix:backward_matrix"},
        layer="matrix_forward:forward_layer",
        update="matrix_update:update_matrix",
        needs_matrix_form=True,
    ),
)

STYLES: Mapping[str, Style] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
GRAPH_STYLES = tuple(name for name, entry in STYLES.items() if not entry.needs_layers)
"""The styles that a graph has."""


def default_style(form: NetworkForm) -> str:
    """The style of a document where none is asked for."""
    return next(name for name, entry in STYLES.items() if form in entry.default_for)


def form_of(network: Network) -> NetworkForm:
    """What a network is to a style."""
    return "layers" if network.layers else "graph"


def style_of(network: Network, style: str | None) -> str:
    """The style asked for, or the default.

    Raises:
        DeriveError: where the network cannot be written in this style.
    """
    form = form_of(network)
    if style is None:
        return default_style(form)
    known = styles_of(network)
    if style in known:
        return style
    if form not in STYLES[style].backward:
        raise DeriveError(
            network.spec.path, f"the style '{style}' needs layers", f"a graph has the styles {', '.join(known)}"
        )
    layer = next(layer for layer in network.layers if not layer.kind.has_matrix_form)
    raise DeriveError(
        f"{network.spec.path}: network.layers[{layer.number}]",
        f"the style '{style}' has no form for a layer of kind '{layer.kind.name}'",
        f"this network has the styles {', '.join(known)}",
    )


def styles_of(network: Network) -> tuple[str, ...]:
    """The styles in which a network can be written."""
    form = form_of(network)
    return tuple(
        name
        for name, entry in STYLES.items()
        if form in entry.backward and (network.has_matrix_form or not entry.needs_matrix_form)
    )


def part(named: str) -> Callable[..., Any]:
    """The part of that name: ``graph:backward_nodes``."""
    module, _, function = named.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"{_PARTS}.{module}"), function)
    return found
