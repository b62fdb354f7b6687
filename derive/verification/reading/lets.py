r"""Lines that give a name a meaning: ``let o_1 = yhat``, ``% let W = W1^T``, ``Let $\delta = -\partial E/\partial z$``.

They may stand anywhere in a text (best at its top) and hold for all of it. A line that gives a quantity of the network
its value (``let x1 = 0.05``) is a claim, and stays one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from derive.expressions.tree import Expr, Name, substitute, walk
from derive.naming.quantity import NamedQuantity
from derive.patterns import regex
from derive.verification.reading import matrices
from derive.verification.reading.atoms import atom
from derive.verification.reading.model import Matrix, SideContent, TextKind, Unreadable, quoted
from derive.verification.reading.own_names import OwnName, OwnNames, key, names_of
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.phrases import without_remark
from derive.verification.reading.quantities import quantity_at
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.symbols import Scripted, symbol_at
from derive.verification.reading.token import Token
from derive.verification.reading.tokens import tokens

MAX_OWN_NAMES = 200
"""At most this many names of one's own in one text."""
MAX_OF_A_LINE = 2_000
"""A longer line gives no name a meaning."""
MAX_LINES = 500
"""At most this many such lines, or pieces of them, in one text."""
MAX_OF_A_MEANING = 500
"""A name stands for at most this many names, numbers and signs."""
MAX_SHOWN = 60
"""At most this many characters of a meaning are said in notes."""
TAKEN = "take another letter or word on the left"
ON_THE_RIGHT = "on the right stand names of the network, and your own from the lines above"

_LET = regex(
    r"(?m)(?:^[ \t>]*(?:(?:[-*+•]|\d{1,2}[.)]|\\item)[ \t]+)?(?:%+|\#+|//+)?[ \t]*|<!--[ \t]*)"
    r"(?P<let>(?:let|Let|LET)\b)[ \t]*:?(?P<body>[^\n\r]*)"
)
_DOLLARS = regex(r"\$\$?`?((?:[^$\\]|\\.)+?)`?\$\$?|\\\(((?:[^\\]|\\[^)])+?)\\\)|`([^`$]+)`")
_BESIDE = regex(r"\s*[,;]?\s*(?:and\s)?\s*")
_NEXT = regex(r"\s*(?:[,;]|\band\b)\s*(?:and\b\s*)?(?=(?:let\s+)?\\?[^\W\d][^\s=,;]*\s*(?::=|=|≔|≡))")
_TEX = regex(r"\\|[_^]\{")
_LET_AGAIN = regex(r"\s*(?:let\s+)?")
_GENERAL = regex(r"[i-nrs]{1,2}")
_FAMILY = regex(r"(-?)(?:(z|a|b|w|W|delta)|(?:frac)?[{(]?d(\w+)[})]?/?[{(]?dz[})]?)")


class Defined(NamedTuple):
    """One piece ``name = meaning`` of a line: its place in the text and, as tokens, its two sides."""

    start: int
    end: int
    left: list[Token]
    right: list[Token]
    tex: bool
    goes_on: bool


class BadLet(NamedTuple):
    """A piece that gives a name no meaning: where its two sides stand, why, and how to mend it."""

    start: int
    left_end: int
    right: int
    end: int
    at: int
    problem: str
    hint: str


class ReadLets(NamedTuple):
    """A text with blanks in place of what gave names a meaning, these names, and what could not be read."""

    text: str
    own: Mapping[str, OwnName]
    bad: tuple[BadLet, ...]


def lets(text: str, kind: TextKind, spelling: Spelling) -> ReadLets:
    """The names that a text gives a meaning."""
    may_say = any(word in text for word in ("let", "Let", "LET")) and _LET.search(text)
    found = list(islice(_pieces(text, kind, spelling), MAX_LINES + 1)) if may_say else []
    return _Lets(text, spelling, found).read(strict=False) if found else ReadLets(text, {}, ())


def names_file(text: str, spelling: Spelling) -> ReadLets:
    """The names of a file that holds nothing else: ``let`` may be left out, ``#`` and ``%`` begin comments."""
    found: list[Defined] = []
    bad: list[BadLet] = []
    for line in re.finditer(r"[^\n\r]+", text):
        said = re.match(r"\s*(?:let\b\s*:?)?", line.group(), re.IGNORECASE)
        assert said is not None
        comment = re.search(r"(?<!\\)[#%]", line.group())
        start, end = line.start() + said.end(), line.start() + (comment.start() if comment else len(line.group()))
        if not text[start:end].strip():
            continue
        pieces = list(_parted(text, start, end, spelling))
        found += pieces
        if not pieces:
            bad.append(BadLet(start, end, end, end, start, "this gives no name a meaning", "write let o_1 = yhat"))
    read = _Lets(text, spelling, found).read(strict=True)
    return ReadLets(read.text, read.own, tuple(sorted((*bad, *read.bad))))


# Finding them


def _pieces(text: str, kind: TextKind, spelling: Spelling) -> Iterator[Defined]:
    """What stands behind each ``let``, piece by piece."""
    for line in _LET.finditer(text):
        start, end = line.span("body")
        if end - start > MAX_OF_A_LINE:
            continue
        if kind == "text":
            comment = text.find("#", start, end)
            end = comment if comment >= 0 else end
        if kind == "markdown":
            closed = text.find("-->", start, end)
            end = closed if closed >= 0 else end
        formulas = list(_DOLLARS.finditer(text, start, end)) if kind != "text" else []
        if not formulas:
            yield from _parted(text, start, end, spelling, shown_from=line.start("let"))
        for formula in formulas:
            if not _BESIDE.fullmatch(text, start, formula.start()):
                break  # "let us see that $E = 0.5$"
            group = next(i for i in (1, 2, 3) if formula[i] is not None)
            yield from _parted(text, *formula.span(group), spelling, tex=group < 3)
            start = formula.end()


def _parted(
    text: str, start: int, end: int, spelling: Spelling, *, tex: bool | None = None, shown_from: int | None = None
) -> Iterator[Defined]:
    """The pieces of a line: ``o_1 = yhat1, o_2 = yhat2`` are two."""
    between = list(_NEXT.finditer(text, start, end))
    places = [start, *(found.end() for found in between)]
    shown = [start if shown_from is None else shown_from, *(found.start() for found in between)]
    ends = [*(found.start() for found in between), end]
    for begins, first, last in zip(places, shown, ends, strict=True):
        again = _LET_AGAIN.match(text, begins, last)
        place = again.end() if again is not None else begins
        is_tex = tex if tex is not None else _TEX.search(text, place, last) is not None
        scanned = tokens(text, tex=is_tex, start=place, end=last, known=spelling)
        scanned = spelling.letters.in_plain_letters(scanned, tex=is_tex, knows=spelling.knows)
        signs = [i for i, token in enumerate(scanned) if token.kind == "relation"]
        if not signs or signs[0] == 0 or scanned[signs[0]].text not in ("=", ":="):
            continue
        left, right = scanned[: signs[0]], scanned[signs[0] + 1 : signs[1] if len(signs) > 1 else None]
        while right and (right[-1].text in (".", ",", ";", ":") or right[-1].kind in ("text", "gap")):
            right.pop()
        right = without_remark(right, lambda word: spelling.knows(word) or len(word) == 1)
        if right:
            yield Defined(first, last, left, right, is_tex, len(signs) > 1)


# Reading them


class _Lets:
    """The pieces of one text while they are read, from top to bottom."""

    def __init__(self, text: str, spelling: Spelling, pieces: Sequence[Defined]) -> None:
        self.text = text
        self.network = spelling.in_its_names
        self.pieces = pieces
        self.own: dict[str, OwnName] = {}
        self.before = spelling.own_names
        self.lines = [found.end() for found in re.finditer(r"\r\n|\r|\n", text)]
        self.later = {self._key(symbol): piece for piece in pieces if (symbol := _name(piece.left)) is not None}

    @staticmethod
    def _key(symbol: Scripted) -> str:
        return key(symbol.base, symbol.below, symbol.above)

    def read(self, *, strict: bool) -> ReadLets:
        """All of them; where it is ``strict``, each piece has to give a name a meaning, else it may be a claim."""
        shown: list[str] = []
        bad: list[BadLet] = []
        at = 0
        for count, piece in enumerate(self.pieces, 1):
            try:
                if count > MAX_LINES:
                    raise Unreadable(f"more than {MAX_LINES} lines give names a meaning", piece.start, "leave some out")
                read = self._piece(piece, strict=strict)
            except Unreadable as error:
                bad.append(self._bad(piece, error))
                read = True
            if read:
                end = piece.right[0].start if piece.goes_on and read is not None else piece.end
                shown += [self.text[at : piece.start], re.sub(r"[^\n\r]", " ", self.text[piece.start : end])]
                at = end
        return ReadLets("".join((*shown, self.text[at:])), self.own, tuple(bad))

    @staticmethod
    def _bad(piece: Defined, error: Unreadable) -> BadLet:
        sides = piece.start, piece.left[-1].end, piece.right[0].start, piece.right[-1].end
        return BadLet(*sides, error.offset, error.problem, error.hint)

    def _piece(self, piece: Defined, *, strict: bool) -> bool:
        """Whether a piece gave a name a meaning; False for a claim."""
        start = piece.left[0].start
        symbol = _name(piece.left)
        if symbol is None:
            if not strict:
                return False
            raise Unreadable("on the left stands no name", start, "write one letter or word, with indices or without")
        if len(self.own) >= MAX_OWN_NAMES:
            raise Unreadable(f"more than {MAX_OWN_NAMES} names of one's own", start, "leave some out")
        known, exact = self._in_the_network(piece)
        own = self._meaning(piece, symbol, known, exact=exact, strict=strict)
        if own is None:
            return False
        name = self._key(_without_index(symbol, [])[0])
        if (given := self.own.get(name)) is not None and not given.means(own):
            problem = f"{quoted(own.written)} has another meaning already, in line {given.line}"
            raise Unreadable(problem, start, TAKEN)
        self.own.setdefault(name, own)
        return True

    def _meaning(
        self, piece: Defined, symbol: Scripted, known: NamedQuantity | None, *, exact: bool, strict: bool
    ) -> OwnName | None:
        """What a name means; None where the piece is a claim about a quantity of the network."""
        written, meaning = self._shown(piece.left), self._shown(piece.right)
        line = bisect_right(self.lines, piece.start) + 1
        symbol, right, turned = _without_index(symbol, piece.right)
        family = self._family(right) if piece.left[0].kind == "word" else None
        if family and not symbol.below and not symbol.above and symbol.base.isalpha():
            negative, letter = family
            return OwnName(written, meaning, line, family=letter, letter=symbol.base, negative=negative)
        try:
            value = self._value(piece, right)
        except Unreadable:
            if exact and not strict:
                return None
            raise
        value = matrices.transposed(value) if turned and isinstance(value, Matrix) else value
        if known is None:
            return OwnName(written, meaning, line, value)
        itself = _entries(self.network, known)
        if not exact:
            return OwnName(written, meaning, line, value) if strict or _has_names(value) else None
        value_by_name = _by_name(self.network, value)
        if value_by_name == matrices.negative(itself) or (strict and value_by_name == itself):
            return OwnName(written, meaning, line, value)
        if strict or (names_of(value) and value_by_name != itself):
            problem = f"{quoted(written)} is a name of the network already, and stands for something else there"
            raise Unreadable(problem, piece.left[0].start, TAKEN)
        return None

    def _in_the_network(self, piece: Defined) -> tuple[NamedQuantity | None, bool]:
        """What a left side is in the network, and whether it is that by its name or notation, not by another word."""
        parser = self._parser(piece.left, piece)
        try:
            quantity = quantity_at(parser)
        except (Unreadable, General):
            return None, False
        if quantity is None or parser.at < len(parser.tokens):
            return None, False
        symbol = _name(piece.left)
        assert symbol is not None
        spelt = {key(symbol.base, symbol.below + symbol.above), key(symbol.base, symbol.above + symbol.below)}
        exact = key(quantity.bare) in spelt or self.network.is_own((symbol.base, symbol.below, symbol.above))
        return quantity, bool(exact)

    def _family(self, right: Sequence[Token]) -> tuple[bool, str] | None:
        """The sign and the letter of a whole family: ``a``, ``-dE/dz``."""
        names = self.network.names
        texts = ("d" if token.text == "∂" else token.text for token in right)
        found = _FAMILY.fullmatch("".join(text for text in texts if text != " ").replace("}{", "/"))
        if found is None or not names.sizes or found[2] in names.taken:
            return None
        if found[3] is not None and not (
            self.network.knows(found[3]) and str(self.network.word(found[3])) == names.loss
        ):
            return None
        return found[1] == "-", found[2] or "delta"

    def _value(self, piece: Defined, right: Sequence[Token]) -> SideContent:
        parser = self._parser(right, piece)
        start = right[0].start if right else piece.end
        try:
            value = parser.side()
        except Unreadable as error:
            raise self._explained(piece, error) from None
        except General:
            problem, hint = "this is a rule about any unit", f"name one quantity, or a whole layer; {ON_THE_RIGHT}"
            raise Unreadable(problem, start, hint) from None
        except (RecursionError, MemoryError):
            raise Unreadable("this is too large", start, "give it a meaning in steps") from None
        entries = [entry for row in value.rows for entry in row] if isinstance(value, Matrix) else [value]
        if sum(1 for entry in entries for _ in walk(entry)) > MAX_OF_A_MEANING:
            raise Unreadable("this is too large to stand for one name", start, "give it a meaning in steps")
        bare = {part.name for entry in entries for part in walk(entry) if isinstance(part, Name)} & {"z", "a", "delta"}
        if bare - self.network.names.taken:
            raise Unreadable(f"which {min(bare)} is meant?", start, "name a layer, or the letter alone for all layers")
        return value

    def _explained(self, piece: Defined, error: Unreadable) -> Unreadable:
        """The error of a right side, where an unknown name there is one of the file's own."""
        place = next((i for i, token in enumerate(piece.right) if token.start <= error.offset < token.end), None)
        unknown = symbol_at(piece.right, place) if place is not None else None
        if unknown is None or not error.problem.startswith("unknown"):
            return error
        name, left = self._key(unknown), _name(piece.left)
        if left is not None and name == self._key(left):
            return Unreadable(f"{quoted(self._shown(piece.left))} is said by itself", error.offset, ON_THE_RIGHT)
        later = self.later.get(name)
        if later is None:
            return Unreadable(error.problem, error.offset, error.hint)
        line = bisect_right(self.lines, later.start) + 1
        shown = quoted(self._shown(later.left))
        if left is not None and any(self._key(found) == self._key(left) for found in _symbols(later.right)):
            problem = f"{quoted(self._shown(piece.left))} and {shown} (line {line}) are said by each other"
        elif later.start < piece.start:
            problem = f"{shown} got no meaning in line {line}"
        else:
            problem = f"{shown} gets its meaning in line {line} only"
        return Unreadable(problem, error.offset, ON_THE_RIGHT)

    def _parser(self, side: Sequence[Token], piece: Defined) -> Parser:
        """A parser in the network's names, and in those that have a meaning by now."""
        plain = self.before.with_(self.own).plain if side is not piece.left else OwnNames()
        spelling = self.network.with_own(plain)
        return Parser(list(side), spelling, self.text, piece.end, atom, tex=piece.tex)

    def _shown(self, side: Sequence[Token]) -> str:
        text = " ".join(self.text[side[0].start : side[-1].end].split())
        return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _name(left: Sequence[Token]) -> Scripted | None:
    """The symbol that a left side is, without marks; None where it is anything else."""
    symbol = symbol_at(left, 0)
    if symbol is None or symbol.end != len(left) or symbol.primes or not symbol.base[:1].isalpha():
        return None
    base, _, below = symbol.base.partition("_")
    return replace(symbol, base=base, below=below) if below and base.isalpha() and not symbol.below else symbol


def _symbols(side: Sequence[Token]) -> Iterator[Scripted]:
    for at, token in enumerate(side):
        symbol = symbol_at(side, at) if token.kind == "word" else None
        if symbol is not None:
            yield symbol


def _without_index(symbol: Scripted, right: list[Token]) -> tuple[Scripted, list[Token], bool]:
    """``o_j = a2_j`` without the index, and whether the two indices of ``W_{ij}`` are the other way round there."""
    index = symbol.below.replace(",", "")
    if not _GENERAL.fullmatch(index):
        return symbol, right, False
    right, found = list(right), list[Token]()
    turned, at = False, 0
    while at < len(right):
        length, said = _index_at(right, at)
        if said and said in (index, index[::-1]):
            turned, at = turned or said != index, at + length
            continue
        if len(index) > 1 and right[at].kind == "word" and right[at].text[:1] == "w":
            right[at] = right[at]._replace(text="W" + right[at].text[1:])
        stem, _, rest = right[at].text.rpartition("_")
        if right[at].kind == "word" and stem and rest in (index, index[::-1]):
            turned = turned or rest != index
            found.append(right[at]._replace(text=stem))
        else:
            found.append(right[at])
        at += 1
    return replace(symbol, below=""), found, turned and len(index) > 1


def _index_at(tokens_: Sequence[Token], at: int) -> tuple[int, str]:
    """The script of letters below what stands before a place, and how many tokens it takes."""
    if tokens_[at].text != "_" or tokens_[at].kind != "op":
        return 0, ""
    texts = [token.text for token in tokens_[at + 1 : at + 7]]
    if texts[:1] != ["{"]:
        return 2, "".join(texts[:1])
    end = texts.index("}") if "}" in texts else 0
    return end + 2, "".join(text for text in texts[1:end] if text != ",")


def _has_names(value: SideContent) -> bool:
    entries = [entry for row in value.rows for entry in row] if isinstance(value, Matrix) else [value]
    return any(isinstance(part, Name) for entry in entries for part in walk(entry))


def _by_name(spelling: Spelling, value: SideContent) -> SideContent:
    """A value with each quantity under one name: dE/dz2_1 is delta2_1."""
    entries = [entry for row in value.rows for entry in row] if isinstance(value, Matrix) else [value]
    named = {part.name for entry in entries for part in walk(entry) if isinstance(part, Name)}
    put: dict[str, Expr] = {name: Name(_one_name(spelling.word(name))) for name in filter(spelling.knows, named)}
    if isinstance(value, Matrix):
        return Matrix(tuple(tuple(substitute(entry, put) for entry in row) for row in value.rows))
    return substitute(value, put)


def _one_name(quantity: NamedQuantity) -> str:
    return str(replace(quantity, delta=False))


def _entries(spelling: Spelling, quantity: NamedQuantity) -> SideContent:
    if quantity.shape == "scalar":
        return Name(_one_name(quantity))
    rows = spelling.names.members(quantity) if spelling.entries(quantity) <= matrices.MAX_ENTRIES else ()
    return Matrix(tuple(tuple(Name(_one_name(entry)) for entry in row) for row in rows))


__all__ = ["BadLet", "ReadLets", "lets", "names_file"]
