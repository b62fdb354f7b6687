"""What a document says of the kinds of layers that are not dense: one entry each, of what it is and of its rules."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from derive.lesson.blocks import Block, Display, Row, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.general import bias_of, general, partial, shares
from derive.network import Layer
from derive.ops.layers import Conv1d
from derive.records import record
from derive.words.runs import Say, Tex

EQUALS = Tex("=")


class KindInWords(Protocol):
    """How a kind of layer is told."""

    def definition(self, desk: Desk, layer: Layer) -> list[Block]:
        """What the layer is, and the formula of a weighted input."""

    def rules(self, desk: Desk, layer: Layer) -> list[Row]:
        """The gradients of its parameters from δ, as rules for any of them."""

    def way_back(self, desk: Desk, layer: Layer) -> Say:
        """How δ of this layer reaches the units that feed it."""


@record
class _Convolution:
    """z at position n is the kernel laid on what comes in from there; the kernel is not flipped."""

    def definition(self, desk: Desk, layer: Layer) -> list[Block]:
        wiring = _conv1d(layer)
        said = say(
            "network.convolution",
            number=layer.number,
            filters=wiring.rows,
            kernel=wiring.kernel,
            stride=wiring.stride,
            padding=wiring.padding,
            channels=wiring.before.channels,
            length=wiring.before.length,
            positions=wiring.after.length,
            inputs=layer.number == 1,
        )
        unit = layer.z[-1]
        names = desk.network.names.describe(unit)
        assert names is not None
        row, position = names.indices
        told = say("network.position", z=desk.symbol(unit), row=row, position=position, filters=wiring.rows)
        return [paragraph(said, told), Display(_sum(desk, layer))]

    def rules(self, desk: Desk, layer: Layer) -> list[Row]:
        wiring, loss = _conv1d(layer), desk.symbol(desk.network.output)
        delta = Tex(desk.notation.indexed("delta", layer.number, f"{_filter(wiring)},n"))
        right = Tex(rf"\sum_{{n}} {delta}\, {_source(desk, layer)}")
        weight = _weight(desk, layer)
        rows = [Row(partial(loss, weight), EQUALS, right, say("delta.tap_rule", number=layer.number))]
        if layer.biases:
            summed = rf"\sum_{{j}} \sum_{{n}} {delta}" if shares(layer) and wiring.rows > 1 else rf"\sum_{{n}} {delta}"
            bias = _bias(desk, layer)
            rows.append(Row(partial(loss, bias), EQUALS, Tex(summed), say("delta.tap_bias_rule", number=layer.number)))
        return rows

    def way_back(self, desk: Desk, layer: Layer) -> Say:
        return say("delta.covered", number=layer.number, stride=_conv1d(layer).stride, delta=desk.any("delta"))


def _conv1d(layer: Layer) -> Conv1d:
    assert isinstance(layer.wiring, Conv1d)
    return layer.wiring


def _filter(wiring: Conv1d) -> str:
    """The index of any filter, or of the only one."""
    return "1" if wiring.rows == 1 else "j"


def _sum(desk: Desk, layer: Layer) -> tuple[Row, ...]:
    """The weighted input at position n: the kernel times what stands under it."""
    wiring = _conv1d(layer)
    left = Tex(desk.notation.indexed("z", layer.number, f"{_filter(wiring)},n"))
    channels = rf"\sum_{{m=1}}^{{{wiring.before.channels}}} " if wiring.before.channels > 1 else ""
    right = rf"{channels}\sum_{{k=1}}^{{{wiring.kernel}}} {_weight(desk, layer)}\, {_source(desk, layer)}"
    right += f" + {_bias(desk, layer)}" if layer.biases else ""
    return (Row(left, EQUALS, Tex(right)),)


def _weight(desk: Desk, layer: Layer) -> Tex:
    """Tap k of a filter (in channel m): the taps are counted on through the channels."""
    wiring = _conv1d(layer)
    if wiring.before.channels == 1:
        return general(desk, "w", layer.number, f"{_filter(wiring)}k")
    tap = "m-1+k" if wiring.kernel == 1 else f"{wiring.kernel}(m-1)+k"
    return Tex(desk.notation.indexed("w", layer.number, f"{_filter(wiring)},{tap}"))


def _bias(desk: Desk, layer: Layer) -> Tex:
    shared = layer.spec.shared_bias
    return bias_of(desk, layer.number, "" if shared else _filter(_conv1d(layer)))


def _source(desk: Desk, layer: Layer) -> Tex:
    """What tap k multiplies at position n: an input, or an activation of the layer before."""
    wiring, notation = _conv1d(layer), desk.notation
    offset = wiring.padding + (wiring.stride == 1)
    place = "n+k" if wiring.stride == 1 else f"{wiring.stride}(n-1)+k"
    place += f"-{offset}" if offset else ""
    if layer.number == 1:
        return Tex(f"{notation.letters['x']}_{{{place}}}")
    before = desk.network.layers[layer.number - 2].wiring
    channel = "" if len(before.indices(0)) == 1 else "1," if wiring.before.channels == 1 else "m,"
    return Tex(notation.indexed("a", layer.number - 1, channel + place))


KINDS: Mapping[str, KindInWords] = MappingProxyType({"conv1d": _Convolution()})
"""The kinds of layers of which a document says more than their sizes."""


def definitions(desk: Desk) -> list[Block]:
    """What the layers are that are not dense."""
    return [
        block
        for layer in desk.network.layers
        if (told := KINDS.get(layer.kind.name)) is not None
        for block in told.definition(desk, layer)
    ]


def rules(desk: Desk) -> list[Row]:
    """The rules of the layers that are not dense."""
    return [
        row
        for layer in desk.network.layers
        if (told := KINDS.get(layer.kind.name)) is not None
        for row in told.rules(desk, layer)
    ]


def way_back(desk: Desk, layer: Layer) -> Say | None:
    """How δ of a layer reaches the one before; None where each unit feeds all of them."""
    told = KINDS.get(layer.kind.name)
    return None if told is None else told.way_back(desk, layer)
