r"""Tables: a name at the head of a row or of a column, and the numbers that stand beside or below it.

A cell that begins with a sign, or holds a number only, goes on from the cell before it in its row: ``$z = 1 - 0.5$ |
$0.5$``. The head of a column says what its numbers are: of the quantity at the head of the row its old value, its
gradient or its new value; of a head that is a quantity itself, that quantity, of the sample at the head of the row.
A table has no sign between the two: a cell says its digits, as what stands behind an "≈" does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import TypeAlias

from derive.records import record
from derive.verification.reading.columns import SampleColumn, claim, column, total
from derive.verification.reading.parameter_rows import about
from derive.verification.reading.phrases import without_tail
from derive.verification.reading.rows import RawChain, chains
from derive.verification.reading.table_cells import (
    TableCell,
    at,
    bare,
    equal,
    is_elided,
    is_worked,
    marked,
    number_of,
    slope_by,
)
from derive.verification.reading.table_heads import (
    BATCH,
    NEW,
    OF_SAMPLE,
    OLD,
    PRODUCT,
    SAMPLE,
    SLOPE,
    STEP,
    UPDATES,
    heads,
    is_by,
    is_factor,
    is_value,
    is_working,
    says_gradient,
)
from derive.verification.reading.token import Token
from derive.verification.reading.unit_tables import UnitTables
from derive.verification.reading.weight_tables import WeightTables

MAX_COLUMNS = 60
"""At most this many columns of a table are read."""


_Leader: TypeAlias = tuple[TableCell, Sequence[TableCell], Sequence["str | None"], int]
"""The cell at the head of a row, the row, what the heads say, and the column."""


@record(slots=False)
class TableReader:
    """Reads the tables of one text.

    Attributes:
        is_name: whether these tokens are a quantity.
        is_parameter: whether they are the name of a parameter.
        is_derivative: whether they are a derivative.
        knows: whether a word is a quantity or a function.
        rows: of the data.
        output: what derivatives are of: the loss, or a graph's output.
        weights: reads the weights between two layers, where they stand in a table.
        units: reads what the numbers of a table with a row for each unit are.
        state: the letter of what the optimizer carries over.
        known: what was found of the cells that stand in many rows.
    """

    is_name: Callable[[Sequence[Token], bool], bool]
    is_parameter: Callable[[Sequence[Token], bool], bool]
    is_derivative: Callable[[Sequence[Token], bool], bool]
    knows: Callable[[str], bool]
    rows: int = 1
    output: str = ""
    weights: WeightTables | None = None
    units: UnitTables | None = None
    state: str = ""
    known: dict[tuple[bool, tuple[tuple[str, str], ...]], bool] = field(default_factory=dict, repr=False)

    def claims(
        self, table: Sequence[Sequence[TableCell]], head: Sequence[TableCell] | None
    ) -> list[list[tuple[RawChain, bool]]]:
        """The chains of each row, with whether they are TeX."""
        if head is not None and self._is_a_row(head):
            head = None
        if head is None and len(table) > 1 and self._is_in_words(table[0]):
            head = table[0]  # without a rule below it
        if head is not None and self.weights is not None and self.weights.is_one(head[0].text if head else ""):
            return [self.weights.claims(row, head) for row in table]
        of_units = self._of_units(head)
        names = self._names(head) if head is not None else {}
        begun = int(bool(table) and table[0] == head)  # LaTeX's first row is its head
        of_samples = self._of_samples(head) if head is not None and self.rows > 1 else {}
        found = []
        for n, row in enumerate(table, 1 - begun):
            claims = self._of_a_sample(row, head, of_samples, n, len(table) - begun) if of_samples else []
            if of_units and head is not None and self.units is not None:
                claims = self.units.claims(row[:MAX_COLUMNS], head[:MAX_COLUMNS], of_units)
                others = self.units.others(head[: min(len(row), MAX_COLUMNS)], of_units) if claims else []
                claims += self._along([row[i] for i in others], [head[i] for i in others]) if len(others) > 1 else []
            if not claims and head is not None and self.units is not None and self.rows == 1:
                claims = self.units.indexed(row[:MAX_COLUMNS], head)
            found.append(claims or self._of_a_row(row, head, names, n, len(table) - begun))
        return found

    def is_of_units(self, head: Sequence[TableCell] | None) -> bool:
        """Whether the heads of a table are formulas of the unit at the head of each row."""
        return bool(self._of_units(head))

    def _of_units(self, head: Sequence[TableCell] | None) -> dict[int, list[list[Token]]]:
        """What the heads say of a unit; nothing over several samples, where it is not said of which."""
        if head is None or self.units is None or self.rows > 1:
            return {}
        return self.units.columns(head[:MAX_COLUMNS])

    def _is_a_row(self, head: Sequence[TableCell]) -> bool:
        """Whether what stands in the first row is a quantity and its numbers."""
        return len(head) > 1 and self._is_name(head[0]) and all(number_of(cell.tokens) for cell in head[1:])

    def _is_in_words(self, row: Sequence[TableCell]) -> bool:
        """Whether the cells of a first row are words that say what stands below."""
        said = [cell for cell in row if cell.tokens]
        return len(said) > 1 and not any(
            cell.tex
            or number_of(cell.tokens)
            or is_worked(cell, self.knows)
            or self._is_name(cell)
            or not _is_said(cell)
            for cell in said
        )

    def _of_samples(self, head: Sequence[TableCell]) -> dict[int, SampleColumn]:
        """The columns whose head is a formula of any sample; none where all heads are names as they stand."""
        found = {
            i: one
            for i, cell in enumerate(head[:MAX_COLUMNS])
            if i and (one := column(cell.tokens, tex=cell.tex, is_name=self.is_name)) is not None
        }
        if not found:
            return {}
        names = self._names(head)
        of_any = [i for i in found if i in names and (not found[i].letter or names[i] is not head[i])]
        return {i: one for i, one in found.items() if i not in of_any}

    def _of_a_sample(
        self,
        row: Sequence[TableCell],
        head: Sequence[TableCell] | None,
        columns: dict[int, SampleColumn],
        n: int,
        of: int,
    ) -> list[tuple[RawChain, bool]]:
        """What a row says of one sample, or of the sum over all of them."""
        number = number_of(row[0].tokens) if row else None
        first = number[0].text if number else ""
        cells = [
            (columns[i], digits) for i, cell in enumerate(row) if i in columns and (digits := number_of(cell.tokens))
        ]
        if first.isdigit() and len(first) < 6 and 1 <= int(first) <= self.rows:
            found = [(claim(one, digits, int(first), self.is_name), one.tex) for one, digits in cells]
            others = {i: cell for i, cell in self._names(head or ()).items() if i not in columns and i}
            marks = ["[", first, "]"]
            named = [(others[i], cell) for i, cell in enumerate(row) if i in others and number_of(cell.tokens)]
            for head_cell, cell in named:
                name, time = _timed(head_cell)
                found.append((equal(marked(name.tokens, [*marks, *time]), cell), name.tex))
            return found
        said = row[0].tokens if row else []
        if not said:
            return []
        sums = [(total(one, digits, said, self.rows, self.is_name), one.tex) for one, digits in cells]
        return [(chain, tex) for chain, tex in sums if chain is not None]

    def _names(self, head: Sequence[TableCell]) -> dict[int, TableCell]:
        """The columns whose head is a quantity."""
        return {i: cell for i, cell in enumerate(map(_of_any_sample, head)) if self._is_name(_timed(cell)[0])}

    def _is_name(self, cell: TableCell) -> bool:
        if all(token.kind in ("number", "op", "gap") for token in cell.tokens):
            return False
        plain = bare(cell.tokens)
        key = cell.tex, tuple((token.kind, token.text) for token in plain)
        if key not in self.known:
            self.known[key] = self.is_name(plain, cell.tex)
        return self.known[key]

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
        claims = [(names[i], cell) for i, cell in enumerate(row) if i in names and number_of(cell.tokens)]
        found = []
        for name, cell in claims:
            bare_name, time = _timed(name)
            found.append((equal(marked(bare_name.tokens, [*marks, *time]), cell), name.tex))
        return found

    def _along(self, row: Sequence[TableCell], head: Sequence[TableCell] | None) -> list[tuple[RawChain, bool]]:
        """The chains along a row."""
        found: list[tuple[RawChain, bool]] = []
        claim: RawChain | None = None
        name: TableCell | None = None
        worked: TableCell | None = None
        trained = whole = valued = False
        sayings = heads(head, len(row))
        factors = sum(map(is_factor, sayings)) > 1
        for i, (cell, said) in enumerate(zip(row, sayings, strict=False)):
            tokens = cell.tokens
            relation = next((at for at, token in enumerate(tokens) if token.kind == "relation"), -1)
            if relation == 0 and (claim is not None or name is not None):
                opened = claim if claim is not None else RawChain([list(bare(name.tokens))])  # type: ignore[union-attr]
                if claim is None:
                    found.append((opened, cell.tex))
                list(chains(tokens, opened))
                claim, name, whole = opened, None, False
            elif relation > 0:
                begun = self._begun(cell, relation, (name or row[0], row, sayings, i))
                found += [(chain, cell.tex) for chain in begun]
                claim = next((chain for chain in reversed(begun) if chain.relations), None)
                name, whole = None, False
            elif factors and name is not None and not trained and is_factor(said):
                continue  # what a column further on multiplies
            elif self._is_name(cell) and (name is None or not said or self._target(name, row, sayings, i) is None):
                claim, name, valued = None, cell, False
                trained = self.is_parameter(bare(tokens), cell.tex)
            elif is_elided(cell, self.knows):
                # what is left out cannot be worked: of a parameter it is its gradient, or an update
                worked, claim = name, None
                name = None if trained else name
            elif is_worked(cell, self.knows) or (name is not None and self._is_name(cell)):
                # what is worked out is no value of a parameter, but perhaps of its gradient
                if whole and claim is not None and said and is_working(said):
                    _goes_on(claim, tokens)
                    continue
                target = None if name is None else self._target(name, row, sayings, i)
                worked, name, whole = name, None, target is not None
                claim = RawChain([list(tokens)])
                if target is not None:
                    claim = RawChain([target])
                    _goes_on(claim, tokens)
                found.append((claim, cell.tex))
            elif worked is not None and number_of(tokens) and (of_rows := self._of_rows(worked, cell, said)):
                found.append((of_rows, worked.tex))
            elif (
                (number := number_of(tokens))
                and claim is not None
                and (is_value(said) or (whole and SLOPE.fullmatch(said or "")))
            ):
                if number_of(claim.sides[-1]) is None:
                    sign = Token("relation", "~", number[0].start, number[0].start)
                    claim.sides.append(list(number))
                    claim.relations.append(sign)
                claim, name, valued = None, worked if whole else None, True
            elif (
                number
                and name is not None
                and not (valued and is_value(said))
                and (given := self._given(name, cell, said, row, trained=trained))
            ):
                found.append((given, name.tex))
        return [(chain, tex) for chain, tex in found if chain.relations]

    def _begun(self, cell: TableCell, relation: int, leader: _Leader) -> list[RawChain]:
        """The chains of a cell that has signs; that of a calculation is about its row's ``leader``.

        So is that of a letter that is no quantity, where the head says what it is: ``g = ...`` below "gradient".
        """
        found = list(chains(without_tail(cell.tokens, self.knows)))
        first = cell._replace(tokens=list(bare(cell.tokens[:relation])))
        name, row, sayings, i = leader
        said = sayings[i]
        if not said or not i or not found or self._is_name(first) or not self._is_name(name):
            return found
        letter = len(first.tokens) == 1 and first.tokens[0].kind == "word"
        target = None if letter else self._target(name, row, sayings, i)
        if target is None and self.is_parameter(bare(name.tokens), name.tex) and self.rows == 1:
            target = about(bare(name.tokens), said, output=self.output, state=self.state)
        if target is None or not (letter or is_worked(first, self.knows)):
            return found
        led = RawChain([target, *found[0].sides[1:]], found[0].relations) if letter else _led_by(target, found[0])
        return [led, *found[1:]]

    def _target(
        self,
        name: TableCell,
        row: Sequence[TableCell],
        sayings: Sequence[str | None],
        i: int,
    ) -> list[Token] | None:
        """What a calculation beside a name is: the quantity itself, or its gradient; None where it is not clear."""
        if self.rows > 1:
            return None  # of which sample is not said
        target, place = list(bare(name.tokens)), row[i].tokens[0].start
        result = next((sayings[j] for j in range(i + 1, len(row)) if number_of(_result(row[j].tokens))), None)
        said = sayings[i]
        slopes = [is_by(sayings[0]), says_gradient(said), says_gradient(result)]
        working = is_working(said)
        if self.is_derivative(target, name.tex):
            return target if working or slopes[1] or (said and SLOPE.fullmatch(said)) else None
        if any(slopes) and (working or slopes[1]):
            return self._slope(target, place) if self.output else None
        is_own = working and is_value(result) and not self.is_parameter(target, name.tex)
        return target if is_own else None

    def _of_rows(self, name: TableCell, cell: TableCell, said: str | None) -> RawChain | None:
        """What a number beside a formula says, below ``sample 2`` or ``batch``: of a parameter its gradient."""
        sample = OF_SAMPLE.fullmatch(said or "")
        if sample is not None and not 1 <= int(sample[1]) <= self.rows:
            return None
        if sample is None and not (said and BATCH.fullmatch(said)):
            return None
        target = list(bare(name.tokens))
        if self.is_parameter(target, name.tex):
            target = self._slope(target, cell.tokens[0].start)
        return equal(marked(target, ["[", sample[1], "]"] if sample is not None else []), cell)

    def _slope(self, target: Sequence[Token], place: int) -> list[Token]:
        """The derivative by a quantity."""
        return [*slope_by(self.output, place), *target]

    def _given(
        self, name: TableCell, cell: TableCell, said: str | None, row: Sequence[TableCell], *, trained: bool
    ) -> RawChain | None:
        """What a number in a row says of the quantity at its head; ``trained``: that is a parameter."""
        target, place = list(bare(name.tokens)), cell.tokens[0].start
        sample = OF_SAMPLE.fullmatch(said or "")
        if sample is not None and 1 <= int(sample[1]) <= self.rows and not trained:
            return equal(marked(target, ["[", sample[1], "]"]), cell)
        if self.rows > 1 and not trained:
            return None  # of which sample is not said
        if is_value(said) and (said or sum(1 for one in row if number_of(one.tokens)) == 1):
            return equal(target, cell)
        if said is None:
            return None
        if self.is_derivative(target, name.tex) and (SLOPE.fullmatch(said) or PRODUCT.fullmatch(said)):
            return equal(target, cell)
        if SLOPE.fullmatch(said) and self.output:
            return equal(self._slope(target, place), cell)
        if not trained:
            if NEW.fullmatch(said):
                return equal(marked(target, ["@", "1"]), cell)
            return equal(target, cell) if OLD.fullmatch(said) else None
        if OLD.fullmatch(said):
            return equal([at("word", "old", place), *target], cell)
        return equal([at("word", "new", place), *target], cell) if NEW.fullmatch(said) else None

    def _marks(self, row: Sequence[TableCell], head: Sequence[TableCell] | None, n: int, of: int) -> list[str] | None:
        """The marks of the names in a row: ``[2]`` for sample 2, ``@1`` after an update; None where it is not clear."""
        number = number_of(row[0].tokens) if row else None
        first = number[0].text if number else ""
        said = head[0].text if head else ""
        if first.isdigit() and len(first) < 6 and self.rows == 1 and UPDATES.fullmatch(said):
            return ["@", first]
        if first.isdigit() and len(first) < 6 and STEP.fullmatch(said):
            step = max(int(first) - 1, 0)
            return ["@", str(step)] if step else []
        if self.rows == 1:
            return [] if of == 1 else None
        if first.isdigit() and len(first) < 6 and SAMPLE.fullmatch(said) and 1 <= int(first) <= self.rows:
            return ["[", first, "]"]
        return ["[", str(n), "]"] if of == self.rows and head is not None and self._is_name(head[0]) else None


def _is_said(cell: TableCell) -> bool:
    return any(one.isalpha() for one in cell.text) and all(token.kind != "relation" for token in cell.tokens)


def _goes_on(claim: RawChain, tokens: Sequence[Token]) -> None:
    """A chain with what a cell says is equal."""
    claim.sides.append(list(tokens))
    claim.relations.append(at("relation", "=", tokens[0].start))


def _led_by(target: list[Token], chain: RawChain) -> RawChain:
    """A chain behind the quantity that it is about."""
    sign = at("relation", "=", chain.sides[0][0].start)
    return RawChain([target, *chain.sides], [sign, *chain.relations])


def _result(tokens: Sequence[Token]) -> Sequence[Token]:
    """What stands in a cell behind its sign: ``= 0.8``."""
    return tokens[1:] if tokens and tokens[0].kind == "relation" else tokens


def _of_any_sample(head: TableCell) -> TableCell:
    """A head without the letter of a sample, which stands at the head of each row: ``E[s]``."""
    tokens = [token for token in head.tokens if token.kind != "gap"]
    for i in range(len(tokens) - 2):
        if [tokens[i].text, tokens[i + 2].text] == ["[", "]"] and tokens[i + 1].text in ("s", "n", "i", "k"):
            return head._replace(tokens=tokens[:i] + tokens[i + 3 :])
    return head


def _timed(head: TableCell) -> tuple[TableCell, list[str]]:
    """A head without the word that says before or after the update, and the marks of that."""
    last = head.tokens[-1].text.lower() if len(head.tokens) > 1 else ""
    if last not in ("before", "after"):
        return head, []
    return head._replace(tokens=head.tokens[:-1]), ["@", "1"] if last == "after" else []


__all__ = ["TableCell", "TableReader"]
