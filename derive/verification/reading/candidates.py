r"""Lines beside the formulas of Markdown and LaTeX that may be claims themselves: code, lists, ``**Loss** = $0.03$``.

Whether such a line is a claim or prose, the reader decides who knows the names. What is for the eye only (a bullet,
``**``) is blanked out, so that every offset stays.

>>> found = list(lines("- **E** = 0.5\n\n```\nyhat = 0.6\n```\n", (), "markdown"))
>>> [(line.start, line.end, line.code) for line in found]
[(0, 13, False), (19, 29, True)]
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from derive.patterns import regex
from derive.verification.reading.model import PART_END

MAX_LINE = 2_000
"""A line of at most so many characters may be a claim beside the formulas."""

_LINE = regex(r"[^\n\r]+")
_FENCE = regex(r"[ \t]*(`{3,}|~{3,})(.*)")
_VERBATIM = regex(r"\\(begin|end)\s*\{(?:verbatim|lstlisting|minted)\*?\}")
_MARK_OF_A_LINE = regex(r"\s*(?:(?:[-*+•·]|\(?[0-9a-zA-Z]{1,2}[.)]|\#{1,6}|\\item)\s+)*(?:\[[ xX]\]\s)?")
_BOLD = regex(r"(\*\*|__)(?=\S)([^*\n]{1,200}?)(?<=\S)(\*\*|__)")
_ITALIC = regex(r"(?<![\w*)])(\*)([^\W\d]\w*)(\*)(?![\w(*])")
_FONT = regex(r"\\(?:textbf|textit|emph|texttt|underline|mathrm|text)\s*\{([^{}\n]{0,200})\}")
_TICK = regex(r"`+")
_MATH_MARK = regex(r"\$`?|`?\$|\\[()]|\$\$")
_MAY_SAY = regex(r"[=≈≅≃≐~≔:←→⟵⟶⇒|&]|<-|->|\b(?:is|equals|becomes|ist|was|wird|turns|works|evaluates)\b")
"""What a claim, or a row of a table, has at least."""
MAX_ROWS = 5_000
"""At most this many rows of tables are read."""
_RULE = regex(r"\s*[|+]?\s*:?-+:?\s*(?:[|+]\s*:?-+:?\s*)*[|+]?\s*")
_SAYS = regex(r"[=≈≅≃≐~≔←→⟵⟶⇒]|<-|->")
_BETWEEN = regex(r"(?<!\\)(?:\||&)|\\\\.*")
_RULES = regex(
    r"(?:\s|\\(?:hline|hhline|toprule|midrule|bottomrule|cmidrule|cline|addlinespace|nopagebreak|arraybackslash|rowcolor)"
    r"(?:\([^)\n]{0,20}\)|\[[^\]\n]{0,40}\]|\{[^{}\n]{0,40}\})*)*"
)
"""What may stand between the rows of a LaTeX table."""
_LAYOUT = regex(
    r"\\(?:hline|toprule|midrule|bottomrule|(?:cmidrule|cline|rowcolor|cellcolor)(?:\([^)\n]{0,20}\))?\{[^{}\n]{0,40}\}"
    r"|multicolumn\{[^{}\n]{0,9}\}\{[^{}\n]{0,20}\}|multirow\{[^{}\n]{0,9}\}\{[^{}\n]{0,20}\})(?![A-Za-z])"
)
"""What in a row of a LaTeX table says nothing."""
_END_OF_ROW = regex(r"\\\\(?:\[[^\]\n]{0,20}\])?(?=[^\n]*(?<!\\)&)")
_OPENED = regex(
    r"\s*(?:\\begin\s*\{(?:tabular|tabularx|tabulary|longtable|array|tblr)\*?\}(?:\[[^\]\n]{0,20}\]|\{(?:[^{}\n]|\{[^{}\n]*\}){0,200}\})*)?"
    r"(?:\s|\\(?:hline|toprule|midrule|bottomrule)\b)*"
)
_CLOSED = regex(r"\\end\s*\{(?:tabular|tabularx|tabulary|longtable|array|tblr)\*?\}")
_REMARK = regex(r"(?<=\S)[ \t]{1,80}#[ \t(]")
"""What begins a remark behind a claim that is set in as code is."""
_COMMENT = regex(r"(?:\s//|\s\#|\s--\s).*")


class LinePart(NamedTuple):
    """A piece of a line, read as TeX or as plain text."""

    start: int
    end: int
    tex: bool


class BesideLine(NamedTuple):
    """A line that may be a claim: its place, its pieces, whether it is code, and the text of its plain pieces."""

    start: int
    end: int
    parts: tuple[LinePart, ...]
    code: bool
    table: bool = False


Span = tuple[int, int, bool]
"""Where a formula stands, and whether it is a display."""


def lines(text: str, formulas: Sequence[Span], kind: str) -> Iterator[BesideLine]:
    """The lines of a text that are no display, with the places of the formulas in them."""
    starts = [start for start, _, _ in formulas]
    fence, verbatim = "", False
    for found in _LINE.finditer(text):
        start, end = found.span()
        line = found.group()
        if line == PART_END:
            fence, verbatim = "", False
        elif kind == "latex":
            mark = _VERBATIM.search(line)
            if mark is not None:
                verbatim = mark[1] == "begin"
                continue
        elif (mark := _FENCE.match(line)) is not None and (not fence or mark[1].startswith(fence)):
            fence, verbatim = ("", False) if fence else (mark[1], mark[2].strip() != "math")
            continue
        if end - start > MAX_LINE or (fence and not verbatim) or not _MAY_SAY.search(line):
            continue
        if verbatim:
            comment = _COMMENT.search(text, start, end)
            yield BesideLine(start, end, (LinePart(start, comment.start() if comment else end, False),), True)
            continue
        first = max(bisect_right(starts, start) - 1, 0)
        inside = [one for one in formulas[first : bisect_right(starts, end)] if one[0] < end and one[1] > start]
        if any(display or one_start < start or one_end > end for one_start, one_end, display in inside):
            continue
        if kind == "latex" and _has_cells(text, start, end, inside):
            for one_start, one_end in _rows_of(text, start, end):
                within = [one for one in inside if one[0] < one_end and one[1] > one_start]
                row = _is_a_row(text[one_start:one_end], kind)
                yield BesideLine(one_start, one_end, tuple(_parts(one_start, one_end, within)), False, row)
            continue
        row = kind != "latex" and _is_a_row(line, kind)
        remark = _REMARK.search(text, start, end) if not inside and not row and kind != "latex" else None
        last = remark.start() if remark is not None and "=" in text[start : remark.start()] else end
        yield BesideLine(start, end, tuple(_parts(start, last, inside)), False, row)


def _has_cells(text: str, start: int, end: int, inside: Sequence[Span]) -> bool:
    """Whether an ``&`` stands in a line and in none of its formulas, where it parts the entries of a matrix."""
    at, starts = text.find("&", start, end), [one[0] for one in inside]
    while at >= 0:
        place = bisect_right(starts, at) - 1
        if place < 0 or inside[place][1] <= at:
            return True
        at = text.find("&", inside[place][1], end)
    return False


def rows_of_text(text: str, places: Sequence[tuple[int, int]]) -> Iterator[BesideLine]:
    """The rows of tables among the lines of a plain text: two or more below each other, and no sign in any of them."""
    group: list[tuple[int, int]] = []
    for start, end in (*places, (len(text) + 2, len(text) + 2)):
        if group and (text.count("\n", group[-1][1], start) != 1 or not _is_a_row_of_text(text[start:end])):
            yield from _as_rows(text, group)
            group = []
        if _is_a_row_of_text(text[start:end]):
            group.append((start, end))


def _as_rows(text: str, group: Sequence[tuple[int, int]]) -> Iterator[BesideLine]:
    if len(group) > 1 and not any(_SAYS.search(text, start, end) for start, end in group):
        for start, end in group:
            yield BesideLine(start, end, (LinePart(start, end, False),), False, True)


def _is_a_row_of_text(line: str) -> bool:
    if len(line) > MAX_LINE:
        return False
    return line.count("|") > 1 or ("-" in line and _RULE.fullmatch(line) is not None and ("|" in line or "+-" in line))


def _rows_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The rows of a LaTeX table that stand in one line, without what opens and ends the table."""
    opened = _OPENED.match(text, start, end)
    at = opened.end() if opened is not None else start
    closed = _CLOSED.search(text, at, end)
    end = closed.start() if closed is not None else end
    for found in _END_OF_ROW.finditer(text, at, end):
        yield at, found.end()
        at = found.end()
    if at < end:
        yield at, end


def _is_a_row(line: str, kind: str) -> bool:
    if kind == "latex":
        return "&" in line.replace("\\&", "")
    return line.count("|") - line.count("\\|") > 1 or (_RULE.fullmatch(line) is not None and "|" in line)


def _parts(start: int, end: int, inside: Sequence[Span]) -> Iterator[LinePart]:
    at = start
    for one_start, one_end, _ in inside:
        if at < one_start:
            yield LinePart(at, one_start, False)
        yield LinePart(one_start, one_end, True)
        at = one_end
    if at < end:
        yield LinePart(at, end, False)


def plain(text: str, line: BesideLine, kind: str) -> str:
    """The text of a line with blanks in place of formulas and of what is for the eye only; offsets are the line's."""
    shown = list(text[line.start : line.end])
    if line.code:
        return "".join(shown)
    for part in line.parts:
        if part.tex:
            shown[part.start - line.start : part.end - line.start] = " " * (part.end - part.start)
    mark = _MARK_OF_A_LINE.match("".join(shown))
    if mark is not None:
        shown[: mark.end()] = " " * mark.end()
    joined = _MATH_MARK.sub(_blank, "".join(shown))
    if kind == "latex":
        joined = _LAYOUT.sub(_blank, joined) if line.table else joined
        return _FONT.sub(lambda found: " " * (found.start(1) - found.start()) + found[1] + " ", joined)
    for pattern in (_BOLD, _ITALIC):
        joined = pattern.sub(lambda found: " " * len(found[1]) + found[2] + " " * len(found[3]), joined)
    return _TICK.sub(_blank, joined)


class ClaimsTable(NamedTuple):
    """The rows of a table below its head."""

    head: BesideLine | None
    rows: list[BesideLine]


def gathered(pieces: Sequence[object], text: str) -> Iterator[ClaimsTable]:
    """The tables among the lines of a text."""
    rows: list[BesideLine] = []
    end, count = -1, 0
    for piece in (*pieces, None):
        line = piece if isinstance(piece, BesideLine) and piece.table else None
        if rows and (line is None or not _goes_on(text, end, line.start)):
            if line is None and piece is not None and piece.start < end:  # type: ignore[attr-defined]
                continue  # a formula in the row before
            yield _table(rows, text)
            rows = []
        if line is not None and count < MAX_ROWS:
            rows.append(line)
            end, count = line.end, count + 1
    if rows:
        yield _table(rows, text)


def _goes_on(text: str, end: int, start: int) -> bool:
    """Whether a table goes on from one row to the next: only lines of rules stand between them."""
    if start - end > MAX_LINE:
        return False
    between = text[end:start]
    return (not between.strip() and between.count("\n") < 2) or (
        "\\" in between and _RULES.fullmatch(between) is not None
    )


def _table(rows: list[BesideLine], text: str) -> ClaimsTable:
    rules = [i for i, row in enumerate(rows[:3]) if _RULE.fullmatch(text[row.start : row.end])]
    if rules[:1] == [0] and len(rules) > 1:
        rules = rules[1:]  # a rule above the head
    if rules:
        return ClaimsTable(rows[rules[0] - 1] if rules[0] else None, rows[rules[0] + 1 :])
    if "&" in text[rows[0].start : rows[0].end] and len(rows) > 1:
        return ClaimsTable(rows[0], rows)
    return ClaimsTable(None, rows)


def cells(line: BesideLine, text: str) -> Iterator[list[LinePart]]:
    """The pieces of each cell of a row."""
    cell: list[LinePart] = []
    first = True
    for part in line.parts:
        if part.tex:
            cell.append(part)
            continue
        at = part.start
        for sign in _BETWEEN.finditer(text, part.start, part.end):
            if at < sign.start():
                cell.append(LinePart(at, sign.start(), False))
            opens = first and sign.group() == "|" and not any(part.tex for part in cell)
            if not (opens and not text[line.start : sign.start()].strip()):
                yield cell
            first, cell, at = False, [], sign.end()
        if at < part.end:
            cell.append(LinePart(at, part.end, False))
    if any(part.tex or text[part.start : part.end].strip() for part in cell):
        yield cell


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


__all__ = ["BesideLine", "ClaimsTable", "LinePart", "cells", "gathered", "lines", "plain", "rows_of_text"]
