"""Kinds of layers: how the numbers that come in are joined to the units by weights; one entry each.

A layer has *rows* of weights. A dense layer has one row for each unit, and in it one weight for each number that comes
in. A convolution has one row for each filter, and the row serves every position along the input, so that one weight
stands in many units. What a kind says of itself is here; names, nodes, documents and verdicts follow from its
:class:`Wiring`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from derive.model import NetworkSpec
from derive.records import record


class Unfit(ValueError):
    """The options of a layer do not fit together or to what comes in: which ``key``, the problem, and its mend."""

    def __init__(self, key: str, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.key, self.problem, self.hint = key, problem, hint


@record
class Extent:
    """What a layer hands on: ``channels`` rows of ``length`` numbers, counted channel by channel."""

    channels: int
    length: int

    @property
    def count(self) -> int:
        """How many numbers these are."""
        return self.channels * self.length


@record
class Wiring:
    """How a layer of one kind is joined to the numbers before it. Rows, columns, units, sources are counted from 0.

    Attributes:
        before: what comes in.
        after: what the layer hands on.
    """

    before: Extent
    after: Extent

    kind = ""

    @property
    def units(self) -> int:
        """How many units the layer has."""
        return self.after.count

    @property
    def rows(self) -> int:
        """How many rows the weights have; a bias belongs to a row."""
        raise NotImplementedError

    @property
    def columns(self) -> int:
        """How many weights a row has."""
        raise NotImplementedError

    @property
    def is_shared(self) -> bool:
        """Whether a row of weights serves more than one unit."""
        return self.units > self.rows

    def row_of(self, unit: int) -> int:
        """The row of weights that a unit uses."""
        raise NotImplementedError

    def indices(self, unit: int) -> tuple[int, ...]:
        """What tells a unit from the others of its layer in a name, from 1: ``(4,)``, or filter and position."""
        raise NotImplementedError

    def unit_at(self, indices: Sequence[int]) -> int | None:
        """The unit with these indices, None where there is none."""
        raise NotImplementedError

    def joins(self, unit: int) -> tuple[Sequence[int], Sequence[int]]:
        """The columns of its row that a unit uses, and the source that each of these weights multiplies."""
        raise NotImplementedError

    def fed_by(self, source: int) -> Sequence[tuple[int, int]]:
        """The units that a source feeds, each with the column of the weight between them."""
        raise NotImplementedError


class Dense(Wiring):
    """Every unit has a weight for every number that comes in."""

    __slots__ = ()
    kind = "dense"

    @property
    def rows(self) -> int:
        return self.after.length

    @property
    def columns(self) -> int:
        return self.before.count

    def row_of(self, unit: int) -> int:
        return unit

    def indices(self, unit: int) -> tuple[int, ...]:
        return (unit + 1,)

    def unit_at(self, indices: Sequence[int]) -> int | None:
        return indices[0] - 1 if len(indices) == 1 and 1 <= indices[0] <= self.rows else None

    def joins(self, unit: int) -> tuple[Sequence[int], Sequence[int]]:
        return range(self.columns), range(self.columns)

    def fed_by(self, source: int) -> Sequence[tuple[int, int]]:
        return [(unit, source) for unit in range(self.rows)]


@record
class Conv1d(Wiring):
    """A kernel for each filter, moved along the numbers that come in: cross-correlation, the kernel is not flipped.

    Unit (f, p) is Σ over channels c and taps k of weight (f, c, k) × input (c, p·stride + k - padding), all from 0;
    what lies outside the input is 0 and left out. This is what ``torch.nn.Conv1d`` and ``jax.lax.conv`` compute.
    """

    kernel: int
    stride: int = 1
    padding: int = 0

    kind = "conv1d"

    @property
    def rows(self) -> int:
        return self.after.channels

    @property
    def columns(self) -> int:
        return self.before.channels * self.kernel

    def row_of(self, unit: int) -> int:
        return unit // self.after.length

    def indices(self, unit: int) -> tuple[int, ...]:
        row, position = divmod(unit, self.after.length)
        return row + 1, position + 1

    def unit_at(self, indices: Sequence[int]) -> int | None:
        if len(indices) != 2 or not (1 <= indices[0] <= self.rows and 1 <= indices[1] <= self.after.length):
            return None
        return (indices[0] - 1) * self.after.length + indices[1] - 1

    def joins(self, unit: int) -> tuple[Sequence[int], Sequence[int]]:
        return _joins(self, unit % self.after.length)

    def opposite(self, column: int) -> int:
        """The tap of the same channel in which a flipped kernel has this one."""
        channel, tap = divmod(column, self.kernel)
        return channel * self.kernel + self.kernel - 1 - tap

    def fed_by(self, source: int) -> Sequence[tuple[int, int]]:
        channel, place = divmod(source, self.before.length)
        met = []
        for position in range(self.after.length):
            tap = place + self.padding - position * self.stride
            if 0 <= tap < self.kernel:
                met.append((position, channel * self.kernel + tap))
        return [(row * self.after.length + position, column) for row in range(self.rows) for position, column in met]


@lru_cache(maxsize=4096)
def _joins(wiring: Conv1d, position: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The columns and sources of every filter at one position."""
    found = [
        (channel * wiring.kernel + tap, channel * wiring.before.length + place)
        for channel in range(wiring.before.channels)
        for tap in range(wiring.kernel)
        if 0 <= (place := position * wiring.stride + tap - wiring.padding) < wiring.before.length
    ]
    return tuple(column for column, _ in found), tuple(source for _, source in found)


@record
class Option:
    """A whole number that a kind of layer takes: its key in a spec, its least and largest value, what it says.

    ``default`` is None where the author must give it.
    """

    key: str
    least: int
    most: int
    about: str
    default: int | None = None


Options = Mapping[str, int]


@record
class LayerKind:
    """An entry: what a spec accepts for it, and how it is wired.

    Attributes:
        about: what it is, for ``derive list``.
        options: its keys besides those of every layer.
        wiring: from the options and what comes in.
        row, column: what a row of its weights and a place in it belong to, for messages.
        has_matrix_form: whether a layer's equations are z = Wa + b and what follows from it.
        lacking: keys that other programs have for such a layer and that it has not, each with what to do.
    """

    name: str
    about: str
    options: tuple[Option, ...]
    wiring: Callable[[Options, Extent], Wiring]
    row: str
    column: str
    has_matrix_form: bool = False
    lacking: Mapping[str, str] = field(default_factory=dict)


MAX_UNITS = 1_000_000
"""At most this many units has a layer, and no option of a kind is larger."""


def _dense(options: Options, before: Extent) -> Wiring:
    return Dense(before, Extent(1, options["units"]))


def _conv1d(options: Options, before: Extent) -> Wiring:
    """The positions along the input, ⌊(length + 2 padding - kernel) / stride⌋ + 1.

    Raises:
        Unfit: where a position would see nothing of the input, or a weight would never meet it.
    """
    kernel, stride, padding = (options[key] for key in ("kernel", "stride", "padding"))
    if padding >= kernel:
        raise Unfit("padding", f"with a padding of {padding} a kernel of {kernel} would stand where there is no input",
                    "it is at most one less than the kernel")  # fmt: skip
    room = before.length + 2 * padding - kernel
    if room < 0:
        given = f"{before.length} with a padding of {padding}" if padding else f"{before.length}"
        raise Unfit("kernel", f"a kernel of {kernel} is longer than what it moves along ({given})",
                    f"it is at most {before.length + 2 * padding}")  # fmt: skip
    wiring = Conv1d(before, Extent(options["filters"], room // stride + 1), kernel, stride, padding)
    for tap in range(kernel) if padding else ():
        first = max(0, -((tap - padding) // stride))  # the first position at which the tap is not before the input
        if first > room // stride or first * stride + tap - padding >= before.length:
            raise Unfit("kernel", f"tap {tap + 1} of the kernel meets nothing but padding, at every position",
                        "take a shorter kernel, or another padding or stride")  # fmt: skip
    return wiring


_ENTRIES = (
    LayerKind(
        "dense", "every unit is joined to every unit of the layer before",
        (Option("units", 1, MAX_UNITS, "how many units the layer has"),),
        _dense, "unit", "input", has_matrix_form=True,
    ),
    LayerKind(
        "conv1d", "kernels that move along what comes in, the same weights at every position (cross-correlation)",
        (
            Option("filters", 1, MAX_UNITS, "how many kernels; each gives one channel of outputs"),
            Option("kernel", 1, MAX_UNITS, "how many taps a kernel has for each channel before it"),
            Option("stride", 1, MAX_UNITS, "how far the kernel moves from one position to the next", 1),
            Option("padding", 0, MAX_UNITS, "how many zeros stand before and after the input", 0),
        ),
        _conv1d, "filter", "tap",
        lacking={
            "dilation": "the taps of a kernel stand side by side here: leave it out",
            "dilation_rate": "the taps of a kernel stand side by side here: leave it out",
            "groups": "every filter sees all channels here: leave it out",
            "padding_mode": "padding is with zeros here: leave it out",
            "in_channels": "the channels are those of the layer before: leave it out",
        },
    ),
)  # fmt: skip

LAYER_KINDS: Mapping[str, LayerKind] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
"""Every kind of layer by its name."""


def dense(inputs: int, sizes: Sequence[int]) -> tuple[Wiring, ...]:
    """The wirings of dense layers with so many units each, one after the other."""
    return tuple(Dense(Extent(1, before), Extent(1, units)) for before, units in pairwise((inputs, *sizes)))


def wirings(network: NetworkSpec) -> tuple[Wiring, ...]:
    """The wiring of each layer of a spec that was read; its options are known to fit."""
    found: list[Wiring] = []
    extent = Extent(1, len(network.inputs))
    for layer in network.layers:
        found.append(LAYER_KINDS[layer.kind].wiring(dict(layer.options), extent))
        extent = found[-1].after
    return tuple(found)
