r"""Tables with a row for each unit: below ``net``, ``out``, ``$\delta$`` or ``$o(1 - o)$`` stand its numbers.

A letter of a head is the quantity of the unit at the head of the row: ``o`` its output, ``t`` its target.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from derive.naming.names import Names
from derive.patterns import regex
from derive.records import record
from derive.verification.reading.rows import RawChain, chains
from derive.verification.reading.symbols import symbol_at
from derive.verification.reading.table_cells import TableCell, at, bare, is_worked, number_of
from derive.verification.reading.token import Token

MAX_OF_A_HEAD = 60
"""At most this many tokens of a head are read."""
MAX_OF_A_NUMBER = 4
"""At most this many digits has a unit's number."""
_BELOW_A_LAYER = regex(r"\^\{?[(\[][1-9][)\]]\}?_\{?\Z")
_CORNER = regex(r"(?i)\W*(?:units?|neurons?|nodes?|einheit|knoten|unidad|neurone)?\W*")
_INDICES = frozenset("i j k l m n u".split())
_WEIGHTED, _ACTIVATION, _TARGET, _DELTA = "weighted", "activation", "target", "delta"
_LETTERS = {
    **dict.fromkeys(("z", "net", "in", "s"), _WEIGHTED),
    **dict.fromkeys(("a", "o", "h", "out", "yhat", "ŷ"), _ACTIVATION),
    **dict.fromkeys(("t", "target"), _TARGET),
    **dict.fromkeys(("delta", "δ"), _DELTA),
}
"""What a letter in a head is of the unit; ``y`` is its output where ``t`` is its target, or else its target."""
_WORDS = {
    **dict.fromkeys(("netinput", "weightedsum", "weightedinput", "preactivation", "pre-activation"), _WEIGHTED),
    **dict.fromkeys(("output", "activation"), _ACTIVATION),
    **dict.fromkeys(("errorterm", "errorsignal"), _DELTA),
}


class _Unit(NamedTuple):
    layer: int
    unit: int


@record
class UnitTables:
    """Reads such tables.

    Attributes:
        base_of: the canonical name that tokens are (of TeX or not); empty where they are none.
        is_function: whether a word is a function.
        knows: whether a word is a quantity or a function.
        names: of the network.
    """

    base_of: Callable[[Sequence[Token], bool], str]
    is_function: Callable[[str], bool]
    knows: Callable[[str], bool]
    names: Names

    def columns(self, head: Sequence[TableCell]) -> dict[int, list[list[Token]]]:
        """What the heads of a table say of each unit, in letters, by column; nothing where it is no table of units."""
        if not self.names.sizes or not head or not _CORNER.fullmatch(head[0].text) or head[0].tex:
            return {}
        read = {i: _merged(cell.tokens) for i, cell in enumerate(head) if i and len(cell.tokens) <= MAX_OF_A_HEAD}
        said = {token.text for tokens in read.values() for token in tokens}
        hatted = any(token.kind == "accent" for tokens in read.values() for token in tokens)
        of_y = _ACTIVATION if "t" in said else _TARGET if hatted or said & {"o", "a", "out", "yhat"} else ""
        letters = _LETTERS | ({"y": of_y} if of_y else {})
        found = {}
        for i, tokens in read.items():
            sides = [self._in_roles(side, letters, head[i]) for side in _sides(tokens)]
            known = [side for side in sides if side is not None]
            if known and sum(len(side) for side in known):
                found[i] = known
        return found

    def claims(
        self, row: Sequence[TableCell], head: Sequence[TableCell], columns: dict[int, list[list[Token]]]
    ) -> list[tuple[RawChain, bool]]:
        """What a row says of its unit; nothing where no unit stands at its head."""
        unit = self._unit(row[0]) if row else None
        if unit is None:
            return []
        found: list[tuple[RawChain, bool]] = []
        for i, cell in enumerate(row[1 : len(head)], 1):
            sides = [self._of(side, unit) for side in columns.get(i, ())]
            known = [side for side in sides if side is not None]
            if known:
                found += self._claims(known, cell, tex=head[i].tex or cell.tex)
            elif number_of(cell.tokens) and self._is_other(i, head, columns):
                found.append((_chain([head[i].tokens], cell.tokens, "~"), head[i].tex))
        return found

    def indexed(self, row: Sequence[TableCell], head: Sequence[TableCell]) -> list[tuple[RawChain, bool]]:
        """What a row says where ``$j$`` is at the head of its number, and heads say ``$z^{[1]}_j$``; or nothing."""
        letter = "".join(token.text for token in bare(head[0].tokens)) if head else ""
        number = "".join(token.text for token in bare(row[0].tokens)) if row else ""
        if letter not in _INDICES or not number.isdecimal() or len(number) > MAX_OF_A_NUMBER:
            return []
        found: list[tuple[RawChain, bool]] = []
        indexed = False
        for i, cell in enumerate(row[1 : len(head)], 1):
            tokens = _with_index(head[i].tokens, letter, number) if head[i].tex else None
            if tokens is not None:
                found += self._claims(_sides(tokens), cell, tex=True)
                indexed = True
            elif number_of(cell.tokens) is None:
                found += [(chain, cell.tex) for chain in chains(cell.tokens) if chain.relations]
        return found if indexed else []

    def others(self, head: Sequence[TableCell], columns: dict[int, list[list[Token]]]) -> list[int]:
        """The columns, the first with them, of which words say what they hold."""
        return [i for i in range(len(head)) if not i or not self._is_other(i, head, columns)]

    @staticmethod
    def _is_other(i: int, head: Sequence[TableCell], columns: dict[int, list[list[Token]]]) -> bool:
        """Whether a column is headed by a formula, and not by words."""
        return i in columns or (head[i].tex and not head[i].text)

    def _claims(self, sides: list[list[Token]], cell: TableCell, *, tex: bool) -> list[tuple[RawChain, bool]]:
        """That what a head says has the value of a cell, or is worked out in it."""
        number = number_of(cell.tokens)
        if number is not None:
            return [(_chain(sides, number, "~"), tex)]
        if is_worked(cell, self.knows) and not any(token.kind == "relation" for token in cell.tokens):
            return [(_chain(sides, cell.tokens, "="), tex)]
        found = [chain for chain in chains(cell.tokens) if chain.relations]
        if found and found[0].sides[0] and not self.base_of(bare(found[0].sides[0]), cell.tex):
            place = found[0].sides[0][0].start
            found[0].sides[:0] = sides
            found[0].relations[:0] = [at("relation", "=", place) for _ in sides]
        return [(chain, tex) for chain in found]

    def _unit(self, cell: TableCell) -> _Unit | None:
        described = self.names.describe(self.base_of(bare(cell.tokens), cell.tex) or "?")
        if described is None or described.kind not in ("weighted input", "activation", "output"):
            return None
        return _Unit(described.layer, described.unit)

    def _in_roles(self, side: Sequence[Token], letters: dict[str, str], cell: TableCell) -> list[Token] | None:
        """A side with what its letters are of a unit in their place; None where it has other names."""
        whole = _WORDS.get("".join(token.text for token in side).lower())
        if whole is not None:
            return [side[0]._replace(kind="role", text=whole)]
        found: list[Token] = []
        i = 0
        while i < len(side):
            token = side[i]
            symbol = symbol_at(side, i) if token.kind in ("word", "accent", "text") else None
            if symbol is None:
                if token.kind not in ("number", "op", "command"):
                    return None
                found.append(token)
                i += 1
                continue
            base, _, index = symbol.base.strip().replace("y\u0302", "yhat").partition("_")
            role = letters.get(base)
            if role is None or index not in _INDICES | {""} or symbol.below not in _INDICES | {""}:
                if role is not None or symbol.below or not self.is_function(symbol.base.strip()):
                    return None
                found.append(token)
                i += 1
                continue
            end = symbol.raised if symbol.above else symbol.end
            if symbol.early or (symbol.primes and not symbol.above):
                return None
            found.append(Token("role", role, token.start, side[end - 1].end))
            i = end
        return found if any(token.kind == "role" for token in found) else None

    def _of(self, side: Sequence[Token], unit: _Unit) -> list[Token] | None:
        """A side about one unit; None where that has no such quantity."""
        names, (layer, number) = self.names, unit
        last = layer == len(names.sizes)
        said = {
            _WEIGHTED: names.z(layer, number),
            _ACTIVATION: names.a(layer, number),
            _DELTA: names.gradient(names.z(layer, number)),
            _TARGET: names.targets[number - 1] if last and number <= len(names.targets) else "",
        }
        if not all(said[token.text] for token in side if token.kind == "role"):
            return None
        return [token._replace(kind="word", text=said[token.text]) if token.kind == "role" else token for token in side]


def _merged(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a head, letters that stand as one word together: ``net`` in TeX."""
    tokens = [token for token in tokens if token.kind != "gap"]
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        for size in (3, 2):
            run = tokens[i : i + size]
            word = "".join(token.text for token in run)
            if word in _LETTERS and len(run) == size and all(one.kind == "word" and len(one.text) == 1 for one in run):
                found.append(run[0]._replace(text=word, end=run[-1].end))
                i += size
                break
        else:
            found.append(tokens[i])
            i += 1
    return found


def _with_index(tokens: Sequence[Token], letter: str, number: str) -> list[Token] | None:
    """The tokens of a head with a number for its index; None where that stands below what has no layer above it."""
    if len(tokens) > MAX_OF_A_HEAD:
        return None
    found: list[Token] = []
    replaced = False
    for token in tokens:
        last = found[-1] if found else None
        if token.text == letter and token.kind == "word":
            if not _BELOW_A_LAYER.search("".join(one.text for one in found)):
                return None
            found.append(token._replace(kind="number", text=number))
            replaced = True
        elif replaced and last is not None and last.kind == token.kind == "number":
            found[-1] = last._replace(text=last.text + token.text, end=token.end)
        else:
            found.append(token)
    return found if replaced else None


def _sides(tokens: Sequence[Token]) -> list[list[Token]]:
    """What stands between the signs of a head."""
    found: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "relation":
            found.append([])
        else:
            found[-1].append(token)
    return [side for side in found if side]


def _chain(sides: Sequence[Sequence[Token]], value: Sequence[Token], sign: str) -> RawChain:
    """That these are equal, the last to its digits."""
    place = next((token.start for token in value), 0)
    signs = [at("relation", "=", place) for _ in sides[1:]]
    return RawChain([*map(list, sides), list(value)], [*signs, at("relation", sign, place)])


__all__ = ["UnitTables"]
