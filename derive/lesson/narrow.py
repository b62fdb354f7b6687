"""Blocks of a lesson fitted to the width of its lines.

Formulas are broken while they are written. What is still too wide then gets its rules under the lines, or smaller
type; a table gets smaller type, or parts that share its first column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from derive.expressions.tex_words import joined_all
from derive.expressions.widths import width
from derive.lesson.blocks import SIZES, Block, Display, Row, Table
from derive.lesson.desk import BLANK
from derive.lesson.figures import Figures
from derive.lesson.matrices import COLUMN_GAP, SMALL, SMALL_GAP
from derive.lesson.page_width import PageWidth
from derive.lesson.slots import Sheet
from derive.patterns import regex
from derive.records import record
from derive.words.runs import Cell, Say, Tex, Text, Words
from derive.words.voice import Span

LETTER = 0.5
"""The width of a letter of text, in ems."""
RELATION, QUAD = 2.0, 1.0
GAPS = (1.1, 1.2, 0.67, 0.75, 1.0)
"""The space between two columns for each of the sizes, in ems of that size."""
_MATRIX = regex(r"\\begin\{(?:b|(small))matrix\}(.*?)\\end\{(?:b|small)matrix\}", re.DOTALL)
NARROW = 28.0
"""On lines of fewer ems a table of sentences is set smaller."""
FOLDED_ROWS = 10
"""A table of fewer rows is not folded."""
FOLDED_ROOM = 1.04
"""More of the line than is safe may be filled: what is wider after all is scaled."""
MAX_RULES_ON_A_LINE = 2
"""So many rules stand on one line of a narrow screen."""
READABLE = 2
"""A table is set in parts before it is set smaller than this."""
Spans = Callable[[Text], Sequence[Span]]


def fitted(block: Block, sheet: Sheet, page: PageWidth, spans: Spans) -> tuple[Block, ...]:
    """A block as it fits, a table perhaps in parts; ``spans`` gives the runs of a sentence."""
    return _Fit(sheet, page.ems, spans).block(block)


def on_fewer_lines(block: Block) -> Block:
    """A block with each row that goes on from the one above it behind that one, and the numbers of equations."""
    if not isinstance(block, Display) or not any(row.goes_on or row.number for row in block.rows):
        return block
    rows: list[Row] = []
    for row in map(_with_number, block.rows):
        if row.goes_on:
            between = (r",\qquad ", row.left, " ") if row.left else (" ",)
            parts = (rows[-1].right, *between, row.relation, " ", row.right)
            rows[-1] = replace(rows[-1], right=Tex(joined_all(parts)))
        else:
            rows.append(row)
    return replace(block, rows=tuple(rows))


def _with_number(row: Row) -> Row:
    """A row with the number of its equation behind it."""
    return replace(row, right=Tex(rf"{row.right} \qquad \text{{({row.number})}}"), number=0) if row.number else row


def folded(block: Block, sheet: Sheet, page: PageWidth, spans: Spans) -> Block:
    """A long table that may be folded, and has room for it, in two halves side by side."""
    return _Fit(sheet, page.ems, spans).folded(block)


def with_rules_under(block: Block) -> Block:
    """A block with each rule below what it was beside, as a narrow screen can show it."""
    if not isinstance(block, Display):
        return block
    return replace(block, rows=tuple(each for row in _rules_under(block.rows) for each in _rules_apart(row)))


def _rules_apart(row: Row) -> Iterator[Row]:
    """A row of several rules as one row for each."""
    if row.under and isinstance(row.reason, Say) and row.reason.key == "rules.several":
        rules = row.reason.facts["rules"]
        if len(rules) > MAX_RULES_ON_A_LINE:
            yield from (replace(row, reason=rule) for rule in rules)
            return
    yield row


class NarrowLayout(NamedTuple):
    """How a table is set: its size, and the number of columns beside the first one in each part."""

    size: int
    parts: tuple[int, ...]


@record
class _Fit:
    sheet: Sheet
    room: float
    spans: Spans

    def block(self, block: Block) -> tuple[Block, ...]:
        if isinstance(block, Display):
            return (self._display(block),)
        return self._table(block) if isinstance(block, Table) else (block,)

    # Displays

    def _display(self, display: Display) -> Display:
        """The rules go under the lines, then the left sides above them, then the type gets smaller.

        Matrices have left out what they could; where their numbers are still too long, they have no rules to move.
        """
        ways = [display]
        if not any("matrix}" in row.right for row in display.rows):
            under = tuple(_rules_under(display.rows))
            ways += [Display(under), Display(tuple(_lefts_above(under)))]
        measured = [self._measured(way.rows) for way in ways]

        def first_that_fits(figures: Figures) -> tuple[int, int]:
            needed = [measure(figures) for measure in measured]
            sizes = [_first(SIZES, room=self.room, needed=each) for each in needed]
            if sizes[0] == 0:
                return 0, 0
            beside = min(1, len(ways) - 1)
            if sizes[beside] <= READABLE:
                return beside, sizes[beside]
            return len(ways) - 1, sizes[-1]

        chosen: tuple[int, int] = self.sheet.ask(first_that_fits)
        return replace(ways[chosen[0]], size=chosen[1])

    def _measured(self, rows: Sequence[Row]) -> Callable[[Figures], float]:
        """The width of a display, once its numbers are known."""
        lefts = [self.sheet.filled(row.left) for row in rows]
        rights = [self.sheet.filled(row.right) for row in rows]
        reasons = [self._words(row.reason) + QUAD if row.reason is not None else 0.0 for row in rows]
        under = [row.under for row in rows]
        signs = [RELATION if row.relation or row.left else 0.0 for row in rows]

        def measure(figures: Figures) -> float:
            left = max(width(text(figures)) for text in lefts)
            printed = (r if u else _printed(t(figures)) for t, r, u in zip(rights, reasons, under, strict=True))
            middle = max(sign + each for sign, each in zip(signs, printed, strict=True))
            beside = max(0.0 if u else r for r, u in zip(reasons, under, strict=True))
            return left + middle + beside

        return measure

    def _words(self, text: Text) -> float:
        """The width of a sentence without numbers."""
        return sum(_span_width(span) for span in self.spans(text))

    # Tables

    def _table(self, table: Table) -> tuple[Table, ...]:
        if "p" in table.align:
            return (replace(table, size=READABLE if self.room < NARROW else 0),)
        columns = [self._column([row[i] for row in (table.head, *table.rows)]) for i in range(len(table.head))]

        def layout(figures: Figures) -> NarrowLayout:
            return _layout([column(figures) for column in columns], self.room)

        chosen: NarrowLayout = self.sheet.ask(layout)
        return tuple(_parts(table, chosen))

    def folded(self, block: Block) -> Block:
        """A table in two halves, the second beside the first, where that fits."""
        if not isinstance(block, Table) or not block.folds or len(block.rows) < FOLDED_ROWS:
            return block
        columns = [self._column([row[i] for row in (block.head, *block.rows)]) for i in range(len(block.head))]
        fits: bool = self.sheet.ask(
            lambda figures: 2 * _needed([column(figures) for column in columns], 0) <= FOLDED_ROOM * self.room
        )
        return _in_halves(block) if fits else block

    def _column(self, cells: Sequence[Cell]) -> Callable[[Figures], float]:
        """The width of a column, once its numbers are known."""
        fixed = max(0.0 if isinstance(cell, Tex) else self._fixed(cell) for cell in cells)
        formulas = [self.sheet.filled(cell) for cell in cells if isinstance(cell, Tex)]
        return lambda figures: max([fixed, *(width(formula(figures)) for formula in formulas)])

    def _fixed(self, cell: Cell) -> float:
        return self._words(Words((cell,)) if isinstance(cell, str) else cell)


def _in_halves(table: Table) -> Table:
    """Two rows in one, with an empty column between them."""
    half = -(-len(table.rows) // 2)
    empty = (BLANK,) * len(table.head)
    beside = [*table.rows[half:], empty][:half]
    rows = tuple((*row, BLANK, *other) for row, other in zip(table.rows[:half], beside, strict=True))
    return replace(table, head=(*table.head, BLANK, *table.head), rows=rows, align=f"{table.align}l{table.align}")


def _span_width(span: Span) -> float:
    if isinstance(span.content, tuple):
        return sum(map(_span_width, span.content))
    return width(span.content) if span.kind == "math" else LETTER * len(span.content)


def _printed(tex: str) -> float:
    """The width of a formula, with the gaps between the columns of its matrices, and the small ones small."""
    found = width(tex)
    for small, matrix in _MATRIX.findall(tex):
        gaps = max(row.count("&") for row in matrix.split(r"\\"))
        found += gaps * (SMALL_GAP if small else COLUMN_GAP) - (1 - SMALL) * bool(small) * width(matrix)
    return found


def _rules_under(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows with each rule on a row of its own, below what it was beside."""
    waiting: list[Row] = []
    for row in rows:
        if row.relation or row.left:
            yield from waiting
            waiting = []
        if row.reason is None or row.under:
            yield row
            continue
        yield replace(row, reason=None)
        waiting.append(Row(BLANK, BLANK, BLANK, row.reason, under=True))
    yield from waiting


def _lefts_above(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows with each left side on a row of its own, above what it is equal to."""
    for row in rows:
        if row.left and row.relation:
            yield Row(BLANK, BLANK, row.left)
            yield replace(row, left=BLANK)
        else:
            yield row


def _first(sizes: Sequence[float], *, room: float, needed: float) -> int:
    """The largest size in which something has room; the smallest where it has none in any."""
    return next((i for i, scale in enumerate(sizes) if needed * scale <= room), len(sizes) - 1)


def _layout(columns: Sequence[float], room: float) -> NarrowLayout:
    """The largest type in which a table fits; before it gets too small, as few parts as it takes."""
    whole = (len(columns) - 1,)
    if len(columns) < 2:
        return NarrowLayout(_size(columns, room, len(SIZES) - 1), whole)
    size = _size(columns, room, READABLE)
    if _needed(columns, size) <= room:
        return NarrowLayout(size, whole)
    first, *others = columns
    for count in range(2, len(others) + 1):
        cut = _balanced(len(others), count)
        parts = [(first, *others[sum(cut[:i]) : sum(cut[: i + 1])]) for i in range(count)]
        size = max(_size(part, room, READABLE) for part in parts)
        if all(_needed(part, size) <= room for part in parts):
            return NarrowLayout(size, cut)
    cut = (1,) * len(others)
    return NarrowLayout(max(_size((first, other), room, len(SIZES) - 1) for other in others), cut)


def _needed(columns: Sequence[float], size: int) -> float:
    return SIZES[size] * (sum(columns) + GAPS[size] * len(columns))


def _size(columns: Sequence[float], room: float, smallest: int) -> int:
    """The largest type in which these columns fit, or the smallest allowed."""
    return next((size for size in range(smallest) if _needed(columns, size) <= room), smallest)


def _balanced(count: int, parts: int) -> tuple[int, ...]:
    """So many things in parts that differ by at most one, the larger ones first."""
    small, larger = divmod(count, parts)
    return (small + 1,) * larger + (small,) * (parts - larger)


def _parts(table: Table, layout: NarrowLayout) -> Iterator[Table]:
    start = 1
    for count in layout.parts:
        kept = (0, *range(start, start + count))
        yield replace(
            table,
            head=tuple(table.head[i] for i in kept),
            rows=tuple(tuple(row[i] for i in kept) for row in table.rows),
            align="".join(table.align[i] for i in kept),
            caption=table.caption if start == 1 else None,
            name=table.name if start == 1 else "",
            size=layout.size,
        )
        start += count
