"""Matrices and vectors with numbers in brackets, long ones with an ellipsis, broken to rows that fit the page.

Every matrix of a document shows the same units of a layer. A matrix that is too wide is set small, or leaves out
columns; as this depends on its numbers, it is asked through the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeAlias

from derive.expressions.print_tex import width
from derive.expressions.tree import Expr, Name, Quotient, as_expr, plus, times
from derive.lesson.blocks import Display, Row, say
from derive.lesson.desk import BLANK, Desk
from derive.lesson.figures import Figures
from derive.lesson.limits import cut
from derive.lesson.quantity import Quantity
from derive.lesson.unwritten import any_too_large
from derive.network import Layer
from derive.records import record
from derive.words.runs import Tex

ShownIndices: TypeAlias = tuple[int | None, ...]
"""The units of a layer that are shown, counted from 0; None for those between that are left out."""
MatrixEntry: TypeAlias = Quantity | Tex | None
"""A number, a formula, or a gap."""

MAX_UNITS_SHOWN = 8
"""A layer of more units is shown with an ellipsis."""
SHORTENED = (5, 4, 3)
"""Then so many rows or columns: the first ones, an ellipsis and the last."""
COLUMN_GAP, SMALL_GAP = 0.95, 0.3
BRACKETS = 1.4
IN_BRACKETS = 0.8
"""What the width of a printed number reserves for brackets of its own, which an entry has not."""
SMALL = 0.78
CONTINUED = 1.5
"""How far a row that goes on is set in."""
EQUALS, TIMES, SPACE = Tex("="), r"\cdot ", r"\, "


@record
class ShownMatrix:
    """Entries row by row; rows or columns of gaps are ellipses."""

    entries: tuple[tuple[MatrixEntry, ...], ...]

    @property
    def transposed(self) -> ShownMatrix:
        """Rows as columns."""
        return ShownMatrix(tuple(zip(*self.entries, strict=True)))

    def renamed(self, name: Callable[[str], str]) -> ShownMatrix:
        """The same entries of quantities with other names."""
        return self.changed(lambda entry: entry._replace(name=name(entry.name)))

    def changed(self, change: Callable[[Quantity], Quantity]) -> ShownMatrix:
        """The same with other numbers."""
        return ShownMatrix(
            tuple(
                tuple(change(entry) if isinstance(entry, Quantity) else entry for entry in row) for row in self.entries
            )
        )

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not any(entry is None for row in self.entries for entry in row)

    @property
    def only(self) -> MatrixEntry:
        """The entry of a matrix that has one: it stands as a number, without brackets; else None."""
        return self.entries[0][0] if len(self.entries) == len(self.entries[0]) == 1 else None

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers, row by row."""
        return tuple(entry for row in self.entries for entry in row if isinstance(entry, Quantity))

    def narrowed(self, columns: int) -> ShownMatrix:
        """The matrix with so many columns: the first ones, an ellipsis and the last."""
        kept = columns - 2
        return ShownMatrix(tuple((*row[:kept], None, row[-1]) for row in self.entries))

    def tex(self, desk: Desk, *, small: bool = False) -> Tex:
        """The matrix in brackets, but for one formula alone; small where the page has no room for it otherwise."""
        if isinstance(self.only, Tex):
            return self.only
        gaps = [not any(column) for column in zip(*self.entries, strict=True)]
        body = (TALL_ROW if self._tall else r" \\ ").join(
            " & ".join(_cell(desk, entry, (not any(row), gap)) for entry, gap in zip(row, gaps, strict=True))
            for row in self.entries
        )
        if small:
            return Tex(rf"\left[ \begin{{smallmatrix}} {body} \end{{smallmatrix}} \right]")
        return Tex(rf"\begin{{bmatrix}} {body} \end{{bmatrix}}")

    @property
    def _tall(self) -> bool:
        """Whether fractions stand one above the other."""
        return sum(any(isinstance(entry, str) and r"\frac" in entry for entry in row) for row in self.entries) > 1

    def width(self, size: Callable[[Quantity], float], *, small: bool = False) -> float:
        """The printed width in ems, with ``size`` the width of a number."""
        columns = zip(*self.entries, strict=True)
        widest = [max(_width(entry, size) for entry in column) for column in columns]
        gap, scale = (SMALL_GAP, SMALL) if small else (COLUMN_GAP, 1.0)
        return scale * sum(widest) + gap * (len(widest) - 1) + BRACKETS


TALL_ROW = r" \\[6pt] "
"""Between two rows of fractions."""
DOTS = {(True, True): r"\ddots", (True, False): r"\vdots", (False, True): r"\cdots"}
"""The ellipsis of an entry by whether its whole row, and its whole column, is left out."""


def _cell(desk: Desk, entry: MatrixEntry, gaps: tuple[bool, bool]) -> str:
    if entry is None:
        return DOTS[gaps]
    return desk.number(entry) if isinstance(entry, Quantity) else entry


def _width(entry: MatrixEntry, size: Callable[[Quantity], float]) -> float:
    if entry is None:
        return 1.2
    return size(entry) if isinstance(entry, Quantity) else width(entry)


def shown_units(desk: Desk) -> tuple[ShownIndices, ...]:
    """For the inputs and each layer, the units that its vectors and matrices show."""
    network = desk.network
    sizes = (len(network.inputs), *(layer.units for layer in network.layers))
    return tuple(cut(range(size), SHORTENED[0])[0] if size > MAX_UNITS_SHOWN else tuple(range(size)) for size in sizes)


# Matrices of quantities


def vector(names: Sequence[str], shown: ShownIndices, kind: str = "value", sample: int = 0) -> ShownMatrix:
    """A column of the quantities of these names."""
    return ShownMatrix(tuple((None if j is None else Quantity(kind, names[j], 0, sample),) for j in shown))


def own_vector(desk: Desk, names: Sequence[str], shown: ShownIndices, kind: str = "value") -> ShownMatrix:
    """The same of the sample that is worked in full."""
    return vector(names, shown, kind, desk.sample)


def whole(units: tuple[ShownIndices, ...], *layers: int, desk: Desk) -> tuple[ShownIndices, ...]:
    """The units that matrices show, but of these layers (0: the inputs) all of them."""
    sizes = (len(desk.network.inputs), *(layer.units for layer in desk.network.layers))
    return tuple(tuple(range(sizes[n])) if n in layers else shown for n, shown in enumerate(units))


def weights(layer: Layer, units: tuple[ShownIndices, ...], kind: str = "value", sample: int = 0) -> ShownMatrix:
    """A layer's weights, or their gradients or new values: a row for each unit, a column for each source."""
    rows, columns = units[layer.number], units[layer.number - 1]
    return ShownMatrix(
        tuple(
            tuple(None if j is None or i is None else Quantity(kind, layer.weights[j][i], 0, sample) for i in columns)
            for j in rows
        )
    )


ROUND = ("", r"\bigl", r"\biggl")  # pandoc of 2021 cannot read \Bigl


def opened(rows: int) -> str:
    """A round bracket before matrices of so many rows."""
    return (ROUND[rows] if rows < len(ROUND) else r"\Biggl") + "("


def closed(rows: int) -> str:
    """The bracket that closes it."""
    return opened(rows).replace("l(", "r)").replace("(", ")")


def column(entries: Sequence[Tex | None]) -> ShownMatrix:
    """A column of formulas."""
    return ShownMatrix(tuple((entry,) for entry in entries))


# What a line of matrices says


EntryLine: TypeAlias = tuple[Quantity, Expr, Mapping[str, Quantity]]
"""An entry, the formula that gives it, and what the names in it stand for."""


class MatrixTerm(NamedTuple):
    """A term of a line of matrices: a matrix, or a product of two, times ``scale``, with a minus where ``negative``.

    ``by_entries``: the product is taken entry by entry.
    """

    factors: tuple[ShownMatrix, ...]
    negative: bool = False
    scale: Quantity | None = None
    by_entries: bool = False


def gives(desk: Desk, value: ShownMatrix, *terms: MatrixTerm, divisor: int = 1) -> list[EntryLine]:
    """Say that the page shows the sum of these terms before ``value``, so that each entry shown is checked.

    In a product of matrices none of those that are summed over may be left out. Returns the lines of the entries.
    """
    lines: list[EntryLine] = []
    for r, row in enumerate(value.entries):
        for c, quantity in enumerate(row):
            if isinstance(quantity, Quantity):
                values: dict[str, Quantity] = {}
                total = plus(*(_entry(term, (r, c), values) for term in terms))
                formula = total if divisor == 1 else Quotient(total, as_expr(divisor))
                desk.sheet.shows(quantity, formula, values)
                lines.append((quantity, formula, values))
    return lines


def _entry(term: MatrixTerm, at: tuple[int, int], values: dict[str, Quantity]) -> Expr:
    """One entry of a term, as a formula of names that ``values`` is told."""
    r, c = at

    def named(entry: MatrixEntry) -> Expr:
        assert isinstance(entry, Quantity)
        name = f"m{len(values)}"
        values[name] = entry
        return Name(name)

    first, *others = term.factors
    if not others or term.by_entries:
        entry = times(*(named(factor.entries[r][c]) for factor in term.factors))
    else:
        column = [below[c] for below in others[0].entries]
        entry = plus(*(times(named(a), named(b)) for a, b in zip(first.entries[r], column, strict=True)))
    whole = entry if term.scale is None else times(named(term.scale), entry)
    return -whole if term.negative else whole


# Rows that fit


@record
class Part:
    """A factor or term of a line: a matrix or TeX, and what stands before and after it.

    A row may end before it; it then goes on with ``before``, or a dot where that is only a space.
    """

    body: ShownMatrix | Tex
    before: str = ""
    after: str = ""

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers of its matrix."""
        return self.body.quantities if isinstance(self.body, ShownMatrix) else ()


SCALARS = ("rate", "hyperparameter")
"""The kinds of numbers that stand before a matrix, and not in it."""


class Fit(NamedTuple):
    """How a part is set: in which row, small or not, and with how many columns (0: all)."""

    row: int
    small: bool = False
    columns: int = 0


def working(
    desk: Desk,
    left: Tex,
    symbols: Sequence[Tex],
    parts: Sequence[Part],
    value: ShownMatrix,
    *also: Quantity,
    lines: Sequence[EntryLine] = (),
) -> Display:
    """The lines of one step: symbols, numbers put in, value; without ``parts`` the numbers are not put in.

    ``lines``: those of the entries; the numbers get digits enough that a reader finds each of them, where all that an
    entry is worked from is shown. A relation is ``=`` where every number so far, and each of ``also``, is printed
    exactly.
    """
    parts = _to_the_digit(desk, parts, lines)
    inside = tuple(quantity for part in parts for quantity in part.quantities)
    unwritten = bool(desk.sheet.ask(lambda figures: any_too_large(figures, inside)))
    used, parts = (*inside, *also), () if unwritten else parts
    rows = [Row(BLANK, EQUALS, symbol) for symbol in symbols]
    if parts:
        rows += _line(desk, desk.sheet.relation(*used), parts, width(left))
    rows += _line(desk, desk.sheet.relation(*used, *value.quantities), [Part(value)], width(left))
    if unwritten:
        rows[-1] = replace(rows[-1], reason=say("rules.unwritten"))
    first, *others = rows
    return Display((replace(first, left=left), *others))


def _to_the_digit(desk: Desk, parts: Sequence[Part], lines: Sequence[EntryLine]) -> Sequence[Part]:
    """The parts with as many digits as the lines that can be worked from them need."""
    one = desk.figures.one
    known = {one(quantity) for part in parts for quantity in part.quantities}
    workable = [line for line in lines if all(one(q) in known or q.kind in SCALARS for q in line[2].values())]
    if not workable:
        return parts
    inside = desk.sheet.together(*workable)
    return [
        replace(part, body=part.body.changed(inside)) if isinstance(part.body, ShownMatrix) else part for part in parts
    ]


def _line(desk: Desk, relation: Tex, parts: Sequence[Part], indent: float) -> list[Row]:
    """The parts after a relation, broken before a part where the page ends."""
    fits: tuple[Fit, ...] = desk.sheet.ask(partial(_layout, parts=tuple(parts), room=desk.page.ems - indent - 2.0))
    rows: list[str] = []
    for i, fit in enumerate(fits):
        part, body = parts[i], parts[i].body
        if isinstance(body, ShownMatrix) and body.only is not None:
            body, part = _as_number(desk, parts, i)
        elif isinstance(body, ShownMatrix):
            body = (body.narrowed(fit.columns) if fit.columns else body).tex(desk, small=fit.small)
        before = f"{part.before} " if part.before else ""
        if fit.row == len(rows):
            rows.append((rf"\quad {{}} {before or TIMES}" if rows else before) + body + part.after)
        else:
            rows[-1] += (f" {before}" if before else SPACE) + body + part.after
    first, *rest = rows
    return [Row(BLANK, relation, Tex(first)), *(Row(BLANK, BLANK, Tex(row)) for row in rest)]


JOINTS = ("", r"\odot")
"""What stands before a factor."""


def _as_number(desk: Desk, parts: Sequence[Part], i: int) -> tuple[Tex, Part]:
    """The one entry of a matrix, in brackets where it is a factor or negative, and the part as it then stands."""
    part, following = parts[i], parts[i + 1 : i + 2]
    assert isinstance(part.body, ShownMatrix)
    entry = part.body.only
    factor = (i > 0 and part.before in JOINTS) or part.before.endswith(r"\,") or part.after.startswith("(")
    factor = factor or any(other.before in JOINTS for other in following)
    part = replace(part, before="") if part.before == r"\odot" else part
    if isinstance(entry, Quantity):
        free = not part.before or part.before.endswith("(")
        return desk.number(entry, "always" if factor else "never" if free else "negative"), part
    assert entry is not None
    return Tex(f"({entry})") if len(parts) > 1 else entry, part


def _layout(figures: Figures, parts: tuple[Part, ...], room: float) -> tuple[Fit, ...]:
    """How each part is set; all are small where one has no room otherwise, not even with fewer columns."""

    def size(quantity: Quantity) -> float:
        return figures.print(quantity).width - IN_BRACKETS

    alone = room - CONTINUED
    normal, reduced = ([_size(part, size, small=how) for part in parts] for how in (False, True))
    whole = [_size(part, size) > alone and not _columns(part, size, alone) for part in parts]
    small = max(normal) > alone >= max(reduced) or any(whole)
    found: list[Fit] = []
    row, used = 0, 0.0
    for part in parts:
        columns = 0 if small else _columns(part, size, alone)
        wide = _size(part, size, small=small, columns=columns)
        if found and used + wide > room:
            row, used = row + 1, CONTINUED
        used += wide
        found.append(Fit(row, small, columns))
    return tuple(found)


def _columns(part: Part, size: Callable[[Quantity], float], room: float) -> int:
    """How many columns have room, an ellipsis among them; 0 where all have."""
    if _size(part, size) <= room or not isinstance(part.body, ShownMatrix):
        return 0
    fewer = [columns for columns in SHORTENED if columns < len(part.body.entries[0])]
    return next((columns for columns in fewer if _size(part, size, columns=columns) <= room), min(fewer, default=0))


def _size(part: Part, size: Callable[[Quantity], float], *, small: bool = False, columns: int = 0) -> float:
    around = width(part.before) + width(part.after) + 0.2
    if not isinstance(part.body, ShownMatrix):
        return around + width(part.body)
    if (only := part.body.only) is not None:
        return around + IN_BRACKETS + _width(only, size)
    body = part.body.narrowed(columns) if columns else part.body
    return around + body.width(size, small=small)
