"""The differences of many samples at once: what :mod:`derive.checked.by_differences` asks of one, in columns.

What is not certain here is nobody's mistake yet: such a sample is left for a look of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import add, mul, sub
from typing import Any, NamedTuple, TypeAlias

from flint import arb, ctx, fmpq

from derive.arithmetic.numbers import as_ball, plain
from derive.arithmetic.offsets import Offset
from derive.arithmetic.precision import precision
from derive.arithmetic.reals import Value
from derive.checked.columns import Column, ColumnPasses, Columns, each, held_columns
from derive.checked.kinks_held import ValuesByName, middle
from derive.equations.run import Iteration, Sample
from derive.model import Given
from derive.network import Network, number
from derive.network.graph import Node

MIN_TOGETHER = 8
"""Fewer samples are quicker one after the other."""
MAX_TOGETHER = 1024
"""At most so many are worked together, so that memory does not grow with the data."""
ORDINARY, LARGE = arb(2) ** -20, arb(2) ** 20
SMALLEST_ORDINARY, LARGEST_ORDINARY = fmpq(1, 2**20), fmpq(2**20)
"""Between these a value needs no amount in proportion to it."""
FINEST = 4096
"""At most so many bits smaller than 1 is what is told apart: what is smaller, every step shows or none does."""

SampleAndBase: TypeAlias = tuple[Sample, Sample]
"""A sample, and the same with residues, which say on which side of a kink it is."""
ExpectedQuotient: TypeAlias = tuple[SampleAndBase, Value, Value]
"""A sample, the sum of gradient times amount that its quotient must be, and the sum of the sizes of these terms."""


def size_of(value: Value) -> arb | None:
    """The size of a value that is very large or very small, and of what a value is beside a rational.

    None for an ordinary one, and for 0.
    """
    parts: Any = value
    size = abs(value) if type(value) is arb else abs(as_ball(parts.rest if isinstance(parts, Offset) else value))
    ordinary = size > ORDINARY and size < LARGE
    return None if ordinary or not size > 0 else size


def _is_ordinary(value: Value) -> bool:
    """Whether :func:`size_of` certainly says None: nearly all values are ordinary."""
    if type(value) is arb:
        size = abs(value)
        return bool(size > ORDINARY and size < LARGE)
    return type(value) is fmpq and SMALLEST_ORDINARY < abs(value) < LARGEST_ORDINARY


def bits_below_one(size: arb) -> int:
    """How many bits smaller than 1 what is compared is; a step must be smaller by as many. 0 where it is not."""
    if not size > 0 or not size < 1:
        return 0
    mantissa, exponent = size.mid().man_exp()
    return min(FINEST, 1 - int(exponent) - int(mantissa).bit_length())


class Directions(NamedTuple):
    """How closely samples agree: the worst one, how many there are, and those that want a look of their own."""

    worst: arb
    agreed: Sequence[Sample]
    left: Sequence[SampleAndBase]


class ManySamples:
    """The samples of one iteration, moved in one direction.

    Args:
        amounts: by how much of the step each quantity moves, ordinary values given.
        step: the h of the differences.
        bound: what is less apart agrees.
        kinked: the nodes that keep their side.
    """

    def __init__(
        self, network: Network, iteration: Iteration, amounts: Mapping[str, arb], *, step: fmpq, bound: arb,
        kinked: Sequence[Node],
    ) -> None:  # fmt: skip
        self._network, self._iteration, self._amounts = network, iteration, amounts
        self._step, self._bound, self._kinked = step, bound, kinked
        self._parameters = {
            name: middle(value) for name, value in iteration.parameters.items() if name not in network.rows[0]
        }

    def directions(self, pairs: Sequence[SampleAndBase]) -> Directions:
        """All derivatives of each sample's loss, in one direction."""
        worst, agreed, left = arb(0), list[Sample](), list[SampleAndBase]()
        for start in range(0, len(pairs), MAX_TOGETHER):
            some = pairs[start : start + MAX_TOGETHER]
            alike, others = self._alike(some)
            left += others
            for finer, group in self._by_size(alike):
                found, certain, doubtful = self._of_group(group, finer)
                worst = found if not found < worst else worst
                agreed += certain
                left += doubtful
        return Directions(worst, agreed, left)

    def _alike(self, pairs: Sequence[SampleAndBase]) -> tuple[list[SampleAndBase], list[SampleAndBase]]:
        """Samples with ordinary values and the derivatives that the first one has, and the others."""
        first, _ = pairs[0]
        own = [name for name in first.values if name not in self._parameters]
        keys = first.gradients.keys()
        odd = {i for i, (sample, _) in enumerate(pairs) if sample.gradients.keys() != keys}
        for name in own:
            values = [sample.values[name] for sample, _ in pairs]
            odd.update(i for i, value in enumerate(values) if not _is_ordinary(value) and size_of(value) is not None)
        return [p for i, p in enumerate(pairs) if i not in odd], [pairs[i] for i in sorted(odd)]

    def _by_size(self, pairs: Sequence[SampleAndBase]) -> Iterator[tuple[int, list[ExpectedQuotient]]]:
        """The samples by how many bits below 1 their derivatives are, with the sum that the quotient must be."""
        if not pairs:
            return
        expected: Column = [arb(0)] * len(pairs)
        scales: Column = expected
        for name in pairs[0][0].gradients:
            parts = each(mul, [sample.gradients[name] for sample, _ in pairs], self._amounts[name])
            expected, scales = each(add, expected, parts), each(add, scales, each(abs, parts))
        groups: dict[int, list[ExpectedQuotient]] = defaultdict(list)
        for entry in zip(pairs, expected, scales, strict=True):
            groups[bits_below_one(plain(entry[2]))].append(entry)
        yield from groups.items()

    def _of_group(self, group: Sequence[ExpectedQuotient], finer: int) -> tuple[arb, list[Sample], list[SampleAndBase]]:
        pairs = [pair for pair, _, _ in group]
        slopes = self._slopes(pairs, finer)
        worst, certain, doubtful = arb(0), [], []
        for (pair, expected, scale), slope in zip(group, slopes, strict=True):
            size, apart = plain(scale), plain(abs(as_ball(slope - expected)))
            relative = apart / size if size > 0 else apart
            if not relative < self._bound:
                doubtful.append(pair)
                continue
            worst = relative if not relative < worst else worst
            certain.append(pair[0])
        return worst, certain, doubtful

    def _slopes(self, pairs: Sequence[SampleAndBase], finer: int) -> list[Value]:
        """The central difference quotient of each sample."""
        first = pairs[0][0]
        held = held_columns(self._network, self._kinked, [base.values for _, base in pairs])
        passes = ColumnPasses(self._network, held)
        leaves: Columns = {
            name: self._parameters[name] if name in self._parameters else [middle(s.values[name]) for s, _ in pairs]
            for name in self._network.graph.leaves
        }
        with precision(ctx.prec + 3 * finer):
            small = arb(self._step) * arb(2) ** -finer
            moves = {name: small * self._amounts[name] for name in first.gradients}

            def moved(shift: Any) -> Column:
                def change(name: str, column: Column) -> Column:
                    return each(shift, column, moves[name]) if name in moves else column

                return passes.forward({name: change(name, column) for name, column in leaves.items()}, change)

            found: list[Value] = each(_half, each(sub, moved(add), moved(sub)), small)
        return found


def _number(given: fmpq | Given) -> Value:
    return number(given) if isinstance(given, Given) else given


def _half(rise: Value, small: arb) -> Value:
    return rise / (2 * small)


class ManyLosses:
    """The losses of many rows with one parameter or node changed, each only from the first node that it changes.

    Args:
        rows: of the data, from 1.
        parameters: the values that the change starts from.
    """

    def __init__(self, network: Network, rows: Sequence[int], parameters: ValuesByName) -> None:
        self._network, self._parameters = network, dict(parameters)
        self._rows = rows
        self._passes = ColumnPasses(network)

    def losses(self, changes: Sequence[tuple[str, Value]]) -> list[list[Value]]:
        """For each change of a parameter or node the losses of all rows."""
        nodes = [self._after(name) for name, _ in changes]
        always = set.intersection(*(set(after) for after in nodes))  # what no change leaves as it was
        before = [node for node in self._network.graph.nodes if node not in always]
        found: list[list[Value]] = [[] for _ in changes]
        for start in range(0, len(self._rows), MAX_TOGETHER):
            rows = self._rows[start : start + MAX_TOGETHER]
            base = self._columns(rows)
            self._passes.forward(base, nodes=before)
            for (name, value), after, losses in zip(changes, nodes, found, strict=True):
                column = self._passes.forward({**base, name: each(add, base[name], value)}, nodes=after)
                losses.extend(column if type(column) is list else [column] * len(rows))
        return found

    def _columns(self, rows: Sequence[int]) -> Columns:
        data = [self._network.exact_rows[row - 1] for row in rows]
        given = {name: [one[name] for one in data] for name in data[0]}
        return {**self._parameters, **{name: list(map(_number, column)) for name, column in given.items()}}

    def _after(self, name: str) -> Sequence[Node]:
        """The nodes that a quantity changes, in order; of a layer worked together, all units."""
        touched, found = {name}, []
        for node in self._network.graph.nodes:
            if not touched.isdisjoint(node.inputs):
                touched.add(node.name)
                found.append(node)
        return found


__all__ = ["Directions", "ManyLosses", "ManySamples", "bits_below_one", "size_of"]
