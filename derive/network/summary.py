"""A network at a glance: one line for a prompt, a few lines of Markdown for Jupyter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol

from derive.model import Given, LayerSpec, Spec
from derive.naming.names import Names
from derive.network.graph import Graph

MAX_SHOWN = 20
"""At most this many nodes, values or layers are shown; the rest is an ellipsis."""

MAX_PARTS = 200
"""A formula of at most this many parts is shown."""


# A network shows itself by this module, so that the module cannot import it: it says what it reads of one.


class OutlinedLayer(Protocol):
    """What is read of a layer (:class:`derive.network.Layer`)."""

    @property
    def number(self) -> int: ...
    @property
    def units(self) -> int: ...
    @property
    def fan_in(self) -> int: ...
    @property
    def bias_names(self) -> Collection[str]: ...
    @property
    def spec(self) -> LayerSpec: ...


class Outlined(Protocol):
    """What is read of a network (:class:`derive.network.Network`)."""

    @property
    def spec(self) -> Spec: ...
    @property
    def names(self) -> Names: ...
    @property
    def graph(self) -> Graph: ...
    @property
    def layers(self) -> Sequence[OutlinedLayer]: ...
    @property
    def parameters(self) -> Sequence[str]: ...
    @property
    def inputs(self) -> Sequence[str]: ...
    @property
    def outputs(self) -> Sequence[str]: ...
    @property
    def output(self) -> str: ...
    @property
    def start(self) -> Mapping[str, Given]: ...
    @property
    def rows(self) -> Sequence[object]: ...


def counted(number: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "sample"), counted(2, "sample")
    ('1 sample', '2 samples')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def outline(network: Outlined) -> str:
    """What a network consists of: ``3-4-1, 21 parameters, 1 sample``."""
    if not network.layers:
        values = counted(len(network.graph.leaves), "value")
        return f"{values}, {counted(len(network.graph.nodes), 'node')}, output {network.output[:MAX_SHOWN]}"
    sizes = [str(len(network.inputs)), *(str(layer.units) for layer in network.layers)]
    shape = "-".join(sizes if len(sizes) < MAX_SHOWN else [*sizes[:3], "…", sizes[-1]])
    return f"{shape}, {counted(len(network.parameters), 'parameter')}, {counted(len(network.rows), 'sample')}"


def markdown(network: Outlined) -> str:
    """The title, what the network consists of, its layers or formulas, and its loss."""
    from derive.words.escape import markdown_text

    lines = [f"**{_title(network)}**", ""] if network.spec.title else []
    lines += [markdown_text(outline(network)), *(_layers(network) if network.layers else _formulas(network))]
    return "\n".join(lines)


def _title(network: Outlined) -> str:
    from derive.naming.author_words import runs
    from derive.naming.notation import Notation
    from derive.words.escape import markdown_math, markdown_text

    found = runs(network.spec.title, Notation.of(network.spec, network.names))
    return "".join(f"${markdown_math(run.content)}$" if run.math else markdown_text(run.content) for run in found)


def _layers(network: Outlined) -> Iterator[str]:
    yield ""
    yield "| layer | units | activation | weights | biases |"
    yield "| ---: | ---: | --- | ---: | ---: |"
    for layer in network.layers[:MAX_SHOWN]:
        weights, biases = layer.units * layer.fan_in, len(layer.bias_names)
        yield f"| {layer.number} | {layer.units} | {layer.spec.activation.name} | {weights} | {biases} |"
    yield from _rest(len(network.layers), "layer")
    if len(network.outputs) <= MAX_SHOWN:
        yield from ("", _equation(network, network.output))


def _formulas(network: Outlined) -> Iterator[str]:
    from derive.naming.notation import Notation
    from derive.words.escape import markdown_math

    notation = Notation.of(network.spec, network.names)
    for node in network.graph.nodes[:MAX_SHOWN]:
        yield from ("", _equation(network, node.name))
    yield from _rest(len(network.graph.nodes), "node")
    known = [(name, given.text) for name, given in network.start.items() if len(given.text) <= MAX_SHOWN]
    values = [f"${markdown_math(notation.tex(name))} = {text}$" for name, text in known[:MAX_SHOWN]]
    yield from _joined(values, more=len(network.start) > len(values))


def _equation(network: Outlined, name: str) -> str:
    from derive.expressions.print_tex import tex
    from derive.expressions.tree import walk
    from derive.naming.notation import Notation
    from derive.words.escape import markdown_math

    notation = Notation.of(network.spec, network.names)
    shown = network.graph.by_name[name].formula
    short = sum(1 for _ in islice(walk(shown), MAX_PARTS)) < MAX_PARTS
    formula = tex(shown, notation.tex) if short else r"\dots"
    return f"$${markdown_math(f'{notation.tex(name)} = {formula}')}$$"


def _rest(count: int, noun: str) -> Iterator[str]:
    if count > MAX_SHOWN:
        yield from ("", f"… {counted(count - MAX_SHOWN, noun)} more")


def _joined(values: Iterable[str], *, more: bool) -> Iterator[str]:
    shown = [*values, *(["…"] if more else [])]
    if shown:
        yield from ("", ", ".join(shown))
