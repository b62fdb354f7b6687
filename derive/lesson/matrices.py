"""Matrices and vectors with numbers in brackets, long ones with an ellipsis, broken to rows that fit the page.

How many rows and columns are shown is decided once for each layer, so that every matrix of a document shows the same
units. Widths depend on numbers, so these decisions are asked through the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from derive.expressions.tex import width
from derive.lesson.blocks import Row, Tex
from derive.lesson.desk import BLANK, PAGE, Desk
from derive.lesson.figures import Figures, Quantity, printed
from derive.lesson.limits import cut
from derive.network import Layer

Shown: TypeAlias = tuple[int | None, ...]
"""The units of a layer that are shown, counted from 0; None for those between that are left out."""
Entry: TypeAlias = Quantity | Tex | None
"""A number, a formula, or a gap."""

LARGEST = 8
"""A layer of more units is shown with an ellipsis."""
SHORTENED = (5, 4, 3)
"""Then the first ones, an ellipsis and the last; so many rows or columns where they fit."""
COLUMN_GAP, SMALL_GAP = 0.95, 0.35
BRACKETS = 1.4
IN_BRACKETS = 0.8
"""What the width of a printed number reserves for brackets of its own, which an entry has not."""
SMALL = 0.75
ROOM = PAGE - 8.0
"""The room for a matrix beside the left side and its relation, in ems."""
TIMES, SPACE = r"\cdot ", r"\, "


@dataclass(frozen=True, slots=True)
class Matrix:
    """Entries row by row; rows or columns of gaps are ellipses."""

    entries: tuple[tuple[Entry, ...], ...]

    @property
    def transposed(self) -> Matrix:
        """Rows as columns."""
        return Matrix(tuple(zip(*self.entries, strict=True)))

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers, row by row."""
        return tuple(entry for row in self.entries for entry in row if isinstance(entry, Quantity))

    def tex(self, desk: Desk, *, small: bool = False) -> Tex:
        """The matrix in brackets; small where the page has no room for it otherwise."""
        gaps = [not any(column) for column in zip(*self.entries, strict=True)]
        body = r" \\ ".join(
            " & ".join(_cell(desk, entry, (not any(row), gap)) for entry, gap in zip(row, gaps, strict=True))
            for row in self.entries
        )
        if small:
            return Tex(rf"\left[ \begin{{smallmatrix}} {body} \end{{smallmatrix}} \right]")
        return Tex(rf"\begin{{bmatrix}} {body} \end{{bmatrix}}")

    def width(self, size: Callable[[Quantity], float], *, small: bool = False) -> float:
        """The printed width in ems, with ``size`` the width of a number."""
        columns = zip(*self.entries, strict=True)
        widest = [max(_width(entry, size) for entry in column) for column in columns]
        gap, scale = (SMALL_GAP, SMALL) if small else (COLUMN_GAP, 1.0)
        return scale * sum(widest) + gap * (len(widest) - 1) + BRACKETS


DOTS = {(True, True): r"\ddots", (True, False): r"\vdots", (False, True): r"\cdots"}
"""The ellipsis of an entry by whether its whole row, and its whole column, is left out."""


def _cell(desk: Desk, entry: Entry, gaps: tuple[bool, bool]) -> str:
    if entry is None:
        return DOTS[gaps]
    return desk.number(entry) if isinstance(entry, Quantity) else entry


def _width(entry: Entry, size: Callable[[Quantity], float]) -> float:
    if entry is None:
        return 1.2
    return size(entry) if isinstance(entry, Quantity) else width(entry)


# Which units are shown


def shown_units(desk: Desk) -> tuple[Shown, ...]:
    """For the inputs and each layer, the units that its vectors and matrices show."""
    found: tuple[Shown, ...] = desk.sheet.ask(_shown_units)
    return found


def _shown_units(figures: Figures) -> tuple[Shown, ...]:
    network = figures.network
    sizes = (len(network.inputs), *(layer.units for layer in network.layers))
    return tuple(_fitting(figures, i, size) for i, size in enumerate(sizes))


def _fitting(figures: Figures, index: int, size: int) -> Shown:
    """All units of a small layer where a matrix with a column for each has room; or the first ones and the last."""
    choices: list[Shown] = [tuple(range(size))] if size <= LARGEST else []
    choices += [cut(range(size), most)[0] for most in SHORTENED if most < size]
    for choice in choices[:-1]:
        if _columns_width(figures, index, choice) <= ROOM:
            return choice
    return choices[-1]


def _columns_width(figures: Figures, index: int, choice: Shown) -> float:
    """The width of the widest matrix with a column for each of these units: W, its gradient, or W transposed."""
    layers = figures.network.layers
    widest = []
    for unit in choice:
        entries = [1.2]
        if unit is not None and index < len(layers):
            entries += [_true_width(figures, row[unit]) for row in layers[index].weights[:LARGEST]]
        if unit is not None and index > 1:
            names = layers[index - 1].weights[unit][:LARGEST]
            entries += [_true_width(figures, name, gradients=False) for name in names]
        widest.append(max(entries))
    return SMALL * sum(widest) + SMALL_GAP * (len(widest) - 1) + BRACKETS


def _true_width(figures: Figures, weight: str, *, gradients: bool = True) -> float:
    """The width of a weight or its gradient by the true numbers, which are known before anything is worked."""
    first = figures.run.iterations[0]
    values = [first.parameters[weight]]
    values += [first.samples[0].gradients[weight], first.gradients[weight]] if gradients else []
    return max(printed(figures.policy.shown(value)).width for value in values) - IN_BRACKETS


# Matrices of quantities


def vector(names: Sequence[str], shown: Shown, kind: str = "value", sample: int = 0) -> Matrix:
    """A column of the quantities of these names."""
    return Matrix(tuple((None if j is None else Quantity(kind, names[j], 0, sample),) for j in shown))


def weights(layer: Layer, units: tuple[Shown, ...], kind: str = "value", sample: int = 0) -> Matrix:
    """A layer's weights, or their gradients or new values: a row for each unit, a column for each source."""
    rows, columns = units[layer.number], units[layer.number - 1]
    return Matrix(
        tuple(
            tuple(None if j is None or i is None else Quantity(kind, layer.weights[j][i], 0, sample) for i in columns)
            for j in rows
        )
    )


ROUND = ("", r"\bigl", r"\Bigl", r"\biggl")


def opened(rows: int) -> str:
    """A round bracket before matrices of so many rows."""
    return (ROUND[rows] if rows < len(ROUND) else r"\Biggl") + "("


def closed(rows: int) -> str:
    """The bracket that closes it."""
    return opened(rows).replace("l(", "r)")


def biases_of(layer: Layer, units: tuple[Shown, ...]) -> tuple[tuple[str, ...], Shown]:
    """The biases of a layer, and which of them are shown; one where its units share it."""
    return (layer.biases[:1], (0,)) if layer.spec.shared_bias else (layer.biases, units[layer.number])


def column(entries: Sequence[Tex | None]) -> Matrix:
    """A column of formulas."""
    return Matrix(tuple((entry,) for entry in entries))


# Rows that fit


@dataclass(frozen=True, slots=True)
class Part:
    """A factor or term of a line: a matrix or TeX, and what stands before and after it.

    A row may end before it; it then goes on with ``before``, or a dot where that is only a space.
    """

    body: Matrix | Tex
    before: str = ""
    after: str = ""

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers of its matrix."""
        return self.body.quantities if isinstance(self.body, Matrix) else ()


def line(desk: Desk, left: Tex, parts: Sequence[Part], *others: Quantity, relation: Tex | None = None) -> list[Row]:
    """``left`` = the parts, broken before a part where the page ends.

    The relation is ``=`` where every number in the parts, and each of ``others``, is printed exactly.
    """
    used = [quantity for part in parts for quantity in part.quantities]
    sign = relation or desk.sheet.relation(*used, *others)
    room = PAGE - max(width(left), 1.0) - 2.0
    layout: tuple[tuple[int, bool], ...] = desk.sheet.ask(partial(_layout, parts=tuple(parts), room=room))
    rows: list[str] = []
    for i, (part, (row, small)) in enumerate(zip(parts, layout, strict=True)):
        body = part.body.tex(desk, small=small) if isinstance(part.body, Matrix) else part.body
        before = f"{part.before} " if part.before else ""
        if row == len(rows):
            rows.append((rf"\quad {{}} {before or TIMES}" if i else before) + body + part.after)
        else:
            rows[-1] += (f" {before}" if before else SPACE) + body + part.after
    first, *rest = rows
    return [Row(left, sign, Tex(first)), *(Row(BLANK, BLANK, Tex(row)) for row in rest)]


def _layout(figures: Figures, parts: tuple[Part, ...], room: float) -> tuple[tuple[int, bool], ...]:
    """For each part the row in which it stands, and whether it is small: all are where one has no room otherwise."""
    small = any(_size(figures, part) > room - 1.5 for part in parts)
    found: list[tuple[int, bool]] = []
    row, used = 0, 0.0
    for part in parts:
        size = _size(figures, part, small=small)
        if found and used + size > room:
            row, used = row + 1, 1.5
        used += size
        found.append((row, small))
    return tuple(found)


def _size(figures: Figures, part: Part, *, small: bool = False) -> float:
    def size(quantity: Quantity) -> float:
        return figures.print(quantity).width - IN_BRACKETS

    around = width(part.before) + width(part.after) + 0.2
    inside = part.body.width(size, small=small) if isinstance(part.body, Matrix) else width(part.body)
    return around + inside
