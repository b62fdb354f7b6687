r"""Tables: a name at the head of a row or of a column, and the numbers that stand beside or below it.

A cell that begins with a sign, or holds a number only, goes on from the cell before it in its row: ``$z = 1 - 0.5$ |
$0.5$``. The head of a column says what its numbers are: of the quantity at the head of the row its old value, its
gradient or its new value; of a head that is a quantity itself, that quantity, of the sample at the head of the row.
A table has no sign between the two: a cell says its digits, as what stands behind an "≈" does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from derive.records import record
from derive.verification.reading.columns import SampleColumn, claim, column, total
from derive.verification.reading.rows import RawChain, chains
from derive.verification.reading.token import Token

MAX_COLUMNS = 60
"""At most this many columns of a table are read."""

_VALUE = re.compile(
    r"(?i)\W*(?:values?|results?|numbers?|numerical(?: value)?|=|≈|wert|ergebnis|answer|amount|output)?\W*"
)
_OLD = re.compile(r"(?i)\W*(?:old|initial|start(?:ing)?|before|current)(?: (?:values?|weights?|parameters?))?\W*")
_NEW = re.compile(r"(?i)\W*(?:new|updated|after)(?: (?:values?|weights?|update|parameters?|one step))?\W*")
_SLOPE = re.compile(r"(?i)\W*(?:gradients?|derivatives?|grad|slope|partial derivative)(?: values?)?\W*")
_SAMPLE = re.compile(r"(?i)\W*(?:samples?|rows?|examples?|data(?: ?points?)?|point|pattern|n|i|#|no\.?|nr\.?)\W*")
_STEP = re.compile(r"(?i)\W*(?:iterations?|epochs?|k|it\.?)\W*")


class TableCell(NamedTuple):
    """A cell: its tokens, its text, and whether its tokens are TeX."""

    tokens: list[Token]
    text: str
    tex: bool


@record(slots=False)
class TableReader:
    """Reads the tables of one text.

    Attributes:
        is_name: whether these tokens are a quantity.
        is_parameter: whether they are the name of a parameter.
        rows: of the data.
    """

    is_name: Callable[[Sequence[Token], bool], bool]
    is_parameter: Callable[[Sequence[Token], bool], bool]
    rows: int = 1

    def claims(
        self, table: Sequence[Sequence[TableCell]], head: Sequence[TableCell] | None
    ) -> list[list[tuple[RawChain, bool]]]:
        """The chains of each row, with whether they are TeX."""
        names = self._names(head) if head is not None else {}
        of_samples = self._of_samples(head) if head is not None and self.rows > 1 else {}
        found = []
        for n, row in enumerate(table, 1):
            claims = self._of_a_sample(row, head, of_samples, n, len(table)) if of_samples else []
            found.append(claims or self._of_a_row(row, head, names, n, len(table)))
        return found

    def _of_samples(self, head: Sequence[TableCell]) -> dict[int, SampleColumn]:
        """The columns whose head is a formula of any sample; none where all heads are names as they stand."""
        found = {
            i: one
            for i, cell in enumerate(head[:MAX_COLUMNS])
            if (one := column(cell.tokens, tex=cell.tex, is_name=self.is_name)) is not None
        }
        found.pop(0, None)
        return found

    def _of_a_sample(
        self,
        row: Sequence[TableCell],
        head: Sequence[TableCell] | None,
        columns: dict[int, SampleColumn],
        n: int,
        of: int,
    ) -> list[tuple[RawChain, bool]]:
        """What a row says of one sample, or of the sum over all of them."""
        number = _number(row[0].tokens) if row else None
        first = number[0].text if number else ""
        cells = [
            (columns[i], digits) for i, cell in enumerate(row) if i in columns and (digits := _number(cell.tokens))
        ]
        if first.isdigit() and len(first) < 6 and 1 <= int(first) <= self.rows:
            found = [(claim(one, digits, int(first), self.is_name), one.tex) for one, digits in cells]
            others = {i: cell for i, cell in self._names(head or ()).items() if i not in columns and i}
            marks = ["[", first, "]"]
            named = [(others[i], cell) for i, cell in enumerate(row) if i in others and _number(cell.tokens)]
            return found + [(_equal(_marked(name.tokens, marks), cell), name.tex) for name, cell in named]
        said = row[0].tokens if row else []
        if not said:
            return []
        sums = [(total(one, digits, said, self.rows, self.is_name), one.tex) for one, digits in cells]
        return [(chain, tex) for chain, tex in sums if chain is not None]

    def _names(self, head: Sequence[TableCell]) -> dict[int, TableCell]:
        """The columns whose head is a quantity."""
        return {i: cell for i, cell in enumerate(head) if self._is_name(cell)}

    def _is_name(self, cell: TableCell) -> bool:
        plain = _bare(cell.tokens)
        return bool(plain) and self.is_name(plain, cell.tex)

    def _of_a_row(
        self, row: Sequence[TableCell], head: Sequence[TableCell] | None, names: dict[int, TableCell], n: int, of: int
    ) -> list[tuple[RawChain, bool]]:
        row = row[:MAX_COLUMNS]
        found = self._along(row, head)
        if found or not names or any(self._is_name(cell) for cell in row):
            return found
        marks = self._marks(row, head, n, of)
        if marks is None:
            return []
        claims = [(names[i], cell) for i, cell in enumerate(row) if i in names and _number(cell.tokens)]
        return [(_equal(_marked(name.tokens, marks), cell), name.tex) for name, cell in claims]

    def _along(self, row: Sequence[TableCell], head: Sequence[TableCell] | None) -> list[tuple[RawChain, bool]]:
        """The chains along a row."""
        found: list[tuple[RawChain, bool]] = []
        claim: RawChain | None = None
        name: TableCell | None = None
        for i, cell in enumerate(row):
            said = _said(head[i]) if head is not None and i < len(head) else None
            tokens = cell.tokens
            relation = next((at for at, token in enumerate(tokens) if token.kind == "relation"), -1)
            if relation == 0 and (claim is not None or name is not None):
                opened = claim if claim is not None else RawChain([list(_bare(name.tokens))])  # type: ignore[union-attr]
                if claim is None:
                    found.append((opened, cell.tex))
                list(chains(tokens, opened))
                claim, name = opened, None
            elif relation > 0:
                begun = list(chains(tokens))
                found += [(chain, cell.tex) for chain in begun]
                claim = next((chain for chain in reversed(begun) if chain.relations), None)
                name = None
            elif self._is_name(cell):
                claim, name = None, cell
            elif _is_worked(cell):  # what is worked out is no value of the name, but perhaps of its gradient
                name, claim = None, RawChain([list(tokens)])
                found.append((claim, cell.tex))
            elif (number := _number(tokens)) and claim is not None and _is_value(said):
                if _number(claim.sides[-1]) is None:
                    sign = Token("relation", "~", number[0].start, number[0].start)
                    claim.sides.append(list(number))
                    claim.relations.append(sign)
                claim = None
            elif number and name is not None and (given := self._given(name, cell, said, row)) is not None:
                found.append((given, name.tex))
        return [(chain, tex) for chain, tex in found if chain.relations]

    def _given(self, name: TableCell, cell: TableCell, said: str | None, row: Sequence[TableCell]) -> RawChain | None:
        """What a number in a row says of the quantity at its head."""
        target, at = list(_bare(name.tokens)), cell.tokens[0].start
        if self.rows > 1 and not self.is_parameter(target, name.tex):
            return None  # of which sample is not said
        if _is_value(said) and (said or sum(1 for one in row if _number(one.tokens)) == 1):
            return _equal(target, cell)
        if said is None or not self.is_parameter(target, name.tex):
            return None
        if _OLD.fullmatch(said):
            return _equal([_at("word", "old", at), *target], cell)
        if _NEW.fullmatch(said):
            return _equal([_at("word", "new", at), *target], cell)
        if _SLOPE.fullmatch(said):
            return _equal([_at("word", "d", at), *target], cell)
        return None

    def _marks(self, row: Sequence[TableCell], head: Sequence[TableCell] | None, n: int, of: int) -> list[str] | None:
        """The marks of the names in a row: ``[2]`` for sample 2, ``@1`` after an update; None where it is not clear."""
        number = _number(row[0].tokens) if row else None
        first = number[0].text if number else ""
        said = head[0].text if head else ""
        if first.isdigit() and len(first) < 6 and _STEP.fullmatch(said):
            step = max(int(first) - 1, 0)
            return ["@", str(step)] if step else []
        if self.rows == 1:
            return [] if of == 1 else None
        if first.isdigit() and len(first) < 6 and _SAMPLE.fullmatch(said) and 1 <= int(first) <= self.rows:
            return ["[", first, "]"]
        return ["[", str(n), "]"] if of == self.rows and head is not None and self._is_name(head[0]) else None


def _said(head: TableCell) -> str:
    """What a head says in words; of a formula ("∂L/∂v"), whose column is no other one's value, that it is one."""
    formula = head.tex and any(token.kind not in ("gap", "relation") for token in head.tokens)
    return head.text or ("formula" if formula else "")


def _is_value(said: str | None) -> bool:
    return said is None or _VALUE.fullmatch(said) is not None


def _bare(tokens: Sequence[Token]) -> Sequence[Token]:
    """A name without the brackets and braces around it."""
    tokens = [token for token in tokens if token.kind != "gap"]
    while _is_enclosed(tokens):
        tokens = tokens[1:-1]
    return tokens


def _is_enclosed(tokens: Sequence[Token]) -> bool:
    """Whether the first and the last token are one pair of brackets, and not ``(a)(b)``."""
    if len(tokens) < 3 or (tokens[0].text, tokens[-1].text) not in (("(", ")"), ("{", "}")):
        return False
    opening, closing = tokens[0].text, tokens[-1].text
    depth = 0
    for token in tokens[:-1]:
        depth += (token.text == opening) - (token.text == closing)
        if depth == 0:
            return False
    return True


def _number(tokens: Sequence[Token]) -> Sequence[Token] | None:
    """The tokens of a number with its sign; None where it is anything else."""
    plain = [token for token in tokens if token.kind != "gap" and token.text not in ("{", "}")]
    while _is_enclosed(plain):
        plain = plain[1:-1]
    bare = plain[1:] if plain and plain[0].text in ("-", "+") else plain
    power = [token.text for token in bare[1:]]
    exponent = power[:3] == ["*", "10", "^"] and len(power) < 9
    return plain if bare and bare[0].kind == "number" and (len(bare) == 1 or exponent) else None


def _is_worked(cell: TableCell) -> bool:
    """Whether a cell is a calculation."""
    tokens = cell.tokens
    plain = [token for token in tokens if token.kind != "gap"]
    prose = any(token.kind in ("text", "unknown", "general") for token in plain)
    prose = prose or (not cell.tex and any(token.kind == "word" and len(token.text) > 2 for token in plain))
    signs = (cell.tex and any(token.kind in ("word", "accent") for token in plain)) or any(
        token.text in ("+", "-", "*", "/", "frac", "o") for token in plain[1:]
    )
    return len(plain) > 2 and not prose and signs and _number(tokens) is None


def _equal(target: Sequence[Token], cell: TableCell) -> RawChain:
    number = _number(cell.tokens)
    assert number is not None
    return RawChain([list(target), list(number)], [_at("relation", "~", number[0].start)])


def _marked(target: Sequence[Token], marks: Sequence[str]) -> list[Token]:
    """The name of a column with the marks of a row."""
    name = _bare(target)
    return [*name, *(_at("number" if mark.isdigit() else "op", mark, name[-1].end) for mark in marks)]


def _at(kind: str, text: str, place: int) -> Token:
    return Token(kind, text, place, place)


__all__ = ["TableCell", "TableReader"]
