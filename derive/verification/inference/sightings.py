"""Where the names of a text stand, and what they are set equal to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Literal

from flint import fmpq

from derive.expressions.grammar import exact
from derive.patterns import regex
from derive.records import record
from derive.verification.inference.aligned import aligned
from derive.verification.inference.in_programs import outputs_in
from derive.verification.inference.layered_letters import LayerSaid, layer_said
from derive.verification.inference.of_a_sample import OfASample, of_a_sample
from derive.verification.reading import Decimal, Spelling, TextKind
from derive.verification.reading.candidates import BesideLine
from derive.verification.reading.lines import apart, spoken
from derive.verification.reading.name_marks import step_said
from derive.verification.reading.new_and_old import NEW_WORDS, SAYS_WHICH
from derive.verification.reading.own_names import key
from derive.verification.reading.phrases import of_updates
from derive.verification.reading.programs import programs
from derive.verification.reading.rows import RawChain, chains
from derive.verification.reading.sources import MAX_FORMULA, ClaimsText, source
from derive.verification.reading.symbols import Scripted, symbol_at
from derive.verification.reading.through import UnitNames, through
from derive.verification.reading.token import Token
from derive.verification.reading.tokens import tokens
from derive.verification.reading.written_number import as_computed

MAX_TOKENS = 80_000
"""At most this many names, numbers and signs of a text are looked at."""
MAX_SYMBOLS = 1_000
"""At most this many names of a text are looked at."""
MAX_NAME = 40
"""A longer word is no name."""
MAX_OF_A_MATRIX = 8_000
"""A matrix of more tokens is not looked at."""
MAX_INDEX = 4
"""An index has at most this many digits."""
MAX_OF_A_HEAD = 40
"""The name by which a derivative is stands among so many tokens at the end of its side."""
_FAMILY = regex(r"([A-Za-z]+?)_?([0-9]+(?:[_,][0-9]+)*)")
_LATER = regex(rf"(\w*?[A-Za-z0-9])?[,_]?\(?(?:{SAYS_WHICH})\)?")
_SAMPLE = regex(r"[(\[][1-9ijkn][0-9]{0,5}[)\]]")
_ABOVE = frozenset("h H o O hid out hidden output y".split())
_BECOMES = regex(
    r"(?<![\w.])(?P<name>[A-Za-z]+_?[0-9]{1,3}(?:[,_][0-9]{1,2})?)[ \t]*:?[ \t]*"
    r"(?P<sign>[-−]?)(?P<number>[0-9]{1,30}(?:\.[0-9]{1,30})?|\.[0-9]{1,30})[ \t]*(?:->|→|⟶|=>|⇒)[ \t]*[-−]?[0-9.]"
)
"""The old value of a name, and its new one: ``u11: 0.4 -> 0.4442``."""
_ENDS = frozenset({"gap", "text", "word", "accent", "command"})


@record
class OwnSymbol:
    """A name by its parts: the letter, its indices as numbers, and what stands above it.

    ``written`` is as it was typed; ``indices`` are None where what follows the letter is no number.
    """

    written: str
    base: str
    below: str
    above: str
    stem: str
    indices: tuple[int, ...] | None
    tokens: tuple[Token, ...] = ()

    @property
    def key(self) -> str:
        """The name by its letters and digits."""
        return key(self.base, self.below, self.above)

    @classmethod
    def of(cls, symbol: Scripted, tokens: Sequence[Token] = ()) -> OwnSymbol:
        """The parts of a symbol, without what says that it is the value after an update, or a power."""
        base, below, above = symbol.base, symbol.below, symbol.above if symbol.above in _ABOVE else ""
        if (later := _LATER.fullmatch(below or base)) is not None and (below or later[1]):
            base, below = (base, later[1] or "") if below else (later[1], "")
            tokens = (
                Token("word", base, 0, 0),
                *((Token("op", "_", 0, 0), Token("word", below, 0, 0)) if below else ()),
            )
        first, _, rest = base.partition("_")
        if rest and not below and first.isalpha():
            base, below = first, rest
        written = base + (f"_{below}" if below and symbol.below else below and f"_{below}")
        written += f"^{above}" if above else ""
        found = _FAMILY.fullmatch(f"{base}_{below}" if below and below[:1].isdigit() else base + below)
        indices = _indices(found[2]) if found is not None else None
        stem = found[1] if found is not None and indices is not None else base + below
        return cls(written, base, below, above, f"{stem}^{above}" if above else stem, indices, tuple(tokens))


def _indices(text: str) -> tuple[int, ...] | None:
    parts = re.split("[_,]", text)
    if len(parts) == 1 and len(text) == 2:
        parts = list(text)
    return tuple(map(int, parts)) if len(parts) < 3 and all(len(part) <= MAX_INDEX for part in parts) else None


@record
class Sighting:
    """A place where a name (with its primes) is set equal to something: the tokens of what stands behind the sign.

    ``result`` is the number with which the chain ends, as it is written; empty where it ends otherwise.
    """

    key: str
    right: tuple[Token, ...]
    tex: bool
    number: fmpq | None
    result: str = ""


@record
class NumberSaid:
    """A number that a text states of a name: its value, its slope, its value before or after an update, or the change.

    ``worked``: at the end of a calculation.
    """

    key: str
    about: Literal["value", "slope", "old", "new", "change"]
    written: str
    worked: bool = False


@record
class EntriesSaid:
    """The numbers of a vector or matrix, row by row, that a text states of a name; see :class:`NumberSaid`."""

    key: str
    about: Literal["value", "slope", "new"]
    rows: tuple[tuple[str, ...], ...]


@record(slots=False)
class Sightings:
    """The names of a text by their letters and digits, and where they are set equal to something, in its order.

    ``moving`` are those that are said to be after so many updates: ``y@1``; ``stated`` and ``wholes`` are what is said
    of names in numbers, ``sampled`` what is said of single samples, ``layered`` of letters with a layer above.
    """

    symbols: dict[str, OwnSymbol]
    equal: tuple[Sighting, ...]
    text: str
    moving: frozenset[str] = frozenset()
    stated: tuple[NumberSaid, ...] = ()
    wholes: tuple[EntriesSaid, ...] = ()
    sampled: tuple[OfASample, ...] = ()
    layered: tuple[LayerSaid, ...] = ()

    def first_numbers(self) -> dict[str, fmpq]:
        """The number that each name is set equal to first, where that is nothing but a number."""
        found: dict[str, fmpq] = {}
        seen = set[str]()
        for one in self.equal:
            if one.number is not None and one.key not in seen:
                found[one.key] = one.number
            seen.add(one.key)
        return found

    def first_results(self) -> dict[str, str]:
        """The number with which the first chain about each name ends."""
        found: dict[str, str] = {}
        for one in self.equal:
            if one.result:
                found.setdefault(one.key, one.result)
        return found


def sightings(text: str, kind: TextKind, spelling: Spelling, decimal: Decimal) -> Sightings:
    """The names of a text."""
    shown = source(text, kind, decimal)
    return _Looking(shown, kind, spelling).found()


class _Looking:
    """One text while it is looked through."""

    def __init__(self, shown: ClaimsText, kind: TextKind, spelling: Spelling) -> None:
        self.source = shown
        self.spelling = spelling
        statements = programs(shown.prose, kind, spelling)[0]
        self.programs = [(one.start, one.end) for one in statements]
        self.outputs = outputs_in(shown.prose, statements)
        self.symbols: dict[str, OwnSymbol] = {}
        self.equal: list[Sighting] = []
        self.moving: set[str] = set()
        self.stated: list[NumberSaid] = []
        self.wholes: list[EntriesSaid] = []
        self.sampled: list[OfASample] = []
        self.layered: list[LayerSaid] = []

    def found(self) -> Sightings:
        """The names, and what they are set equal to."""
        count = 0
        for scanned, tex in self._pieces():
            count += len(scanned)
            if count > MAX_TOKENS:
                break
            self._note(scanned)
            before: RawChain | None = None
            for chain in chains(scanned if tex else apart(self._said(scanned), _is_a_letter)):
                self._equal(chain, tex)
                self._state(chain)
                if before is not None and chain.arrow is not None and len(before.sides) == 1:
                    self._moves(before.sides[0], chain)
                before = chain
        self._become()
        self.moving |= {name for name, symbol in self.symbols.items() if symbol.stem in self.outputs}
        found = tuple(self.equal), self.source.text, frozenset(self.moving), tuple(self.stated), tuple(self.wholes)
        return Sightings(self.symbols, *found, tuple(self.sampled), tuple(self.layered))

    def _said(self, scanned: Sequence[Token]) -> Sequence[Token]:
        """The tokens of a line as its claims are read: ``b1 new = 0.2 and b2 new = 0.1`` are two."""
        return of_updates(spoken(scanned, self.spelling.names.taken), self.spelling.knows)

    def _become(self) -> None:
        """Notes the old values of names of which arrows give the new ones: a single arrow is no list."""
        told = tuple(islice(_BECOMES.finditer(self.source.text), MAX_SYMBOLS))
        for found in told if len(told) > 1 else ():
            name = key(found["name"])
            if name in self.symbols:
                number = Token("number", found["number"], found.start("number"), found.end("number"))
                minus = (Token("op", "-", number.start, number.start),) if found["sign"] else ()
                right = (*minus, number)
                self.equal.append(Sighting(name, right, tex=False, number=_number(right)))

    def _pieces(self) -> Iterator[tuple[list[Token], bool]]:
        at = 0
        for piece in self.source.pieces:
            if piece.end - piece.start > MAX_FORMULA:
                continue
            while at < len(self.programs) and self.programs[at][1] <= piece.start:
                at += 1
            if at < len(self.programs) and self.programs[at][0] < piece.end:
                continue
            if not isinstance(piece, BesideLine):
                scanned = self._scan(self.source.text, piece.start, piece.end, tex=piece.tex)
                said = None if piece.tex else through(scanned, _unit, lambda word: bool(self.spelling.function(word)))
                yield said or scanned, piece.tex
                continue
            found: list[Token] = []
            for part in piece.parts:
                if not part.tex:
                    found += self._scan(self.source.beside, part.start, part.end, tex=False)
            yield found, False

    def _scan(self, text: str, start: int, end: int, *, tex: bool) -> list[Token]:
        found = tokens(text, tex=tex, start=start, end=end, known=self.spelling, macros=self.source.macros)
        return self.spelling.letters.in_plain_letters(found, tex=tex, knows=self.spelling.knows)

    def _note(self, scanned: Sequence[Token]) -> None:
        """Notes the names that stand among tokens, ``v1`` in ``dv1``, too."""
        under = 0
        for at, token in enumerate(scanned):
            if at < under or token.kind not in ("word", "accent", "text") or len(self.symbols) >= MAX_SYMBOLS:
                continue
            symbol = symbol_at(scanned, at)
            if symbol is not None and token.kind == "accent":
                under = symbol.end  # the y of ŷ is no name of its own
            if symbol is None or not symbol.base[:1].isalpha() or len(symbol.base) > MAX_NAME:
                continue
            if _is_raised(symbol) and symbol.above != "T" and not self._is_of_a_sample(symbol):
                continue
            end = symbol.raised if symbol.raised >= 0 and symbol.above not in _ABOVE else symbol.end
            said = [one for one in scanned[at:end] if one.text != "'"]
            self._keep(symbol, said)
            if symbol.end < len(scanned) and scanned[symbol.end].text == "@":
                self.moving.add(OwnSymbol.of(symbol).key)
            if token.kind == "word" and symbol.base[:1] == "d" and len(symbol.base) > 1:
                said[0] = token._replace(text=token.text[1:])
                self._keep(replace(symbol, base=symbol.base[1:]), said)

    def _keep(self, symbol: Scripted, said: Sequence[Token]) -> None:
        own = OwnSymbol.of(symbol, said)
        self.symbols.setdefault(own.key, own)

    def _is_of_a_sample(self, symbol: Scripted) -> bool:
        """Whether a sample stands above a letter that has no layer: ``ε^{(2)}``."""
        free = not self.spelling.is_layered(symbol.base) and not symbol.below
        return free and self.spelling.rows > 1 and bool(_SAMPLE.fullmatch(symbol.above))

    def _equal(self, chain: RawChain, tex: bool) -> None:
        """Notes what the name at the end of the first side of a chain is set equal to."""
        if len(chain.sides) < 2 or not all(chain.sides[:2]) or chain.relations[0].text not in ("=", "~", ":=", "<-"):
            return
        symbol = _last_symbol(chain.sides[0])
        if symbol is not None and step_said(symbol.above)[0]:
            return  # the value after an update
        if symbol is not None and (not _is_raised(symbol) or self._is_of_a_sample(symbol)):
            right = tuple(chain.sides[1])
            if step_said(symbol.above)[0]:  # of an update only the old value is a name's own
                right = _begins(right)
            if not right:
                return
            key = OwnSymbol.of(symbol).key + "'" * symbol.primes
            self.equal.append(Sighting(key, right, tex, _number(right), _result(chain.sides[-1])))

    def _moves(self, name: Sequence[Token], chain: RawChain) -> None:
        """Notes the values of a name before and after the update that an arrow says: ``v -> 0.8 - 0.05*0.4 = 0.78``."""
        symbol, old = _last_symbol(name), _begins(tuple(chain.sides[0])) if chain.sides[0] else ()
        if symbol is None or _is_raised(symbol) or not old:
            return
        key, result = OwnSymbol.of(symbol).key, _result(chain.sides[-1])
        self.stated.append(NumberSaid(key, "old", "".join(token.text for token in old)))
        if result:
            self.stated.append(NumberSaid(key, "new", result))

    def _state(self, chain: RawChain) -> None:
        """Notes the numbers that a chain states of the name at the end of its first side."""
        if len(chain.sides) < 2 or not all(chain.sides):
            return
        for left, right in pairwise(chain.sides):
            for put, written in aligned(left, right):
                if not _is_raised(put):
                    more = len(left) > put.end
                    self.stated.append(NumberSaid(OwnSymbol.of(put).key, "value", written, worked=more))
        result = _result(chain.sides[-1])
        rows = entries_of(chain.sides[-1]) if not result else ()
        if (of_one := of_a_sample(_last_symbol(chain.sides[0]), result)) is not None:
            self.sampled.append(of_one)
        symbol = _differentiated(chain.sides[0])
        if symbol is not None:
            key = OwnSymbol.of(symbol).key
            if result:
                self.stated.append(NumberSaid(key, "slope", result))
            elif rows:
                self.wholes.append(EntriesSaid(key, "slope", rows))
            return
        named, says_new = _without_new(chain.sides[0])
        symbol = _last_symbol(named)
        if symbol is not None and (layered := layer_said(symbol, result)) is not None:
            self.layered.append(layered)
        if symbol is None or (_is_raised(symbol) and not step_said(symbol.above)[0]):
            return
        key, new = OwnSymbol.of(symbol).key, bool(step_said(symbol.above)[0] or symbol.primes or says_new)
        new = new or chain.relations[0].text in ("<-", ":=")
        changes = any(token.text in ("Delta", "Δ") for token in chain.sides[0][:-1])
        if changes and result:
            self.stated.append(NumberSaid(key, "change", result))
            return
        if rows:
            self.wholes.append(EntriesSaid(key, "new" if new and len(chain.sides) > 2 else "value", rows))
        if result:
            self.stated.append(NumberSaid(key, "new" if new else "value", result, worked=len(chain.sides) > 2))
        old = _begins(tuple(chain.sides[1]))
        if old and _number(old) is not None and chain.sides[1][len(old)].text == "-":
            self.stated.append(NumberSaid(key, "old", "".join(token.text for token in old)))


def _without_new(side: Sequence[Token]) -> tuple[Sequence[Token], bool]:
    """A side without the word behind it that says a new value, ``w5 new``, ``w5 (new)``; and whether it has one."""
    end = len(side)
    while end and (side[end - 1].kind == "gap" or side[end - 1].text in (")", ":")):
        end -= 1
    if end < 2 or side[end - 1].text.lower() not in NEW_WORDS:
        return side, False
    end -= 1
    while end and (side[end - 1].kind == "gap" or side[end - 1].text == "("):
        end -= 1
    return side[:end], True


def _differentiated(side: Sequence[Token]) -> Scripted | None:
    """The name by which a side is a derivative: ``dE/dv_1``, ``∂E/∂v_1``, also in a fraction."""
    end = len(side)
    while end and side[end - 1].text == "}":
        end -= 1
    for at in range(max(end - MAX_OF_A_HEAD, 1), end):
        before, token = side[at - 1], side[at]
        if before.text not in ("/", "{") or token.text[:1] not in ("d", "∂"):
            continue
        alone = token.text in ("d", "∂")
        said = list(side[at + 1 : end]) if alone else [token._replace(text=token.text[1:]), *side[at + 1 : end]]
        symbol = symbol_at(said, 0) if said else None
        above = [one.text for one in side[:at] if one.text[:1] in ("d", "∂")]
        if symbol is not None and symbol.end == len(said) and above and symbol.base[:1].isalpha():
            return symbol
    return None


def entries_of(side: Sequence[Token]) -> tuple[tuple[str, ...], ...]:
    """The numbers of a matrix or vector that a side is, row by row, as they are written; nothing for anything else."""
    tokens_ = [token for token in side[:MAX_OF_A_MATRIX] if token.kind != "gap"]
    while tokens_ and (tokens_[-1].text in (".", ",", ";") or tokens_[-1].kind == "text"):
        tokens_.pop()
    turned = [token.text for token in tokens_[-2:]] == ["^", "T"] or [token.text for token in tokens_[-1:]] == ["'"]
    tokens_ = tokens_[: -2 if tokens_[-1].text == "T" else -1] if turned else tokens_
    if len(tokens_) < 2:
        return ()
    first, last = tokens_[0], tokens_[-1]
    if first.kind == "begin" and last.kind == "end":
        rows = _parted(tokens_[1:-1], lambda token: token.kind == "row", lambda token: token.kind == "amp")
    elif first.text in ("[", "(") and last.text in ("]", ")"):
        inside = tokens_[1:-1]
        if inside and inside[0].text in ("[", "("):
            between = zip([*inside[:1], *inside], inside, strict=False)
            inside = [one for before, one in between if one.text not in ("[", "(") and before.text not in ("]", ")")]
            rows = _parted(inside, lambda token: token.text in ("]", ")"), lambda token: token.text == ",")
        else:
            rows = _parted(inside, lambda token: token.text == ";", lambda token: token.text == ",")
    else:
        return ()
    if not rows or len({len(row) for row in rows}) != 1 or not all(map(all, rows)):
        return ()
    column = len(rows) == 1 and not turned and first.text == "("
    return tuple(zip(*rows, strict=True)) if turned or column else rows


def _parted(
    inside: Sequence[Token], ends_a_row: Callable[[Token], bool], ends_an_entry: Callable[[Token], bool]
) -> tuple[tuple[str, ...], ...]:
    """The entries between signs, row by row; an entry that is no number is empty."""
    rows: list[tuple[str, ...]] = []
    entries, here = list[str](), list[Token]()
    for token in [*inside, None]:
        ends_row = token is None or ends_a_row(token)
        if not ends_row and token is not None and not ends_an_entry(token):
            here.append(token)
            continue
        if here or not ends_row:
            said = [one for one in here if one.text not in ("{", "}")]
            sign = "-" if said and said[0].text == "-" else ""
            number = said[1 if sign or (said and said[0].text == "+") else 0 :]
            entries.append(sign + number[0].text if len(number) == 1 and number[0].kind == "number" else "")
            here = []
        if ends_row and entries:
            rows.append(tuple(entries))
            entries = []
    return tuple(rows)


def _unit(side: Sequence[Token]) -> UnitNames | None:
    """The names of a unit by one of them; the other one is nobody's."""
    symbol = symbol_at(side, 0)
    if symbol is None or symbol.end != len(side) or symbol.above or not symbol.base[:1].isalpha():
        return None
    name = symbol.base + (f"_{symbol.below}" if symbol.below else "")
    return UnitNames(name, "") if re.match("net|in|[zsuv]", name) else UnitNames("", name)


def _begins(right: tuple[Token, ...]) -> tuple[Token, ...]:
    """The number with which an update begins: the value before it; nothing where it begins with a name."""
    end = 1 + (right[0].text in ("-", "+"))
    works = len(right) > end and right[end - 1].kind == "number" and right[end].text in ("-", "+")
    return right[:end] if works else ()


def _is_raised(symbol: Scripted) -> bool:
    """Whether a layer, a sample or a power stands above: the name is the network's then, or no name."""
    step, rest = step_said(symbol.above)
    return bool(rest) if step else bool(symbol.above) and symbol.above not in _ABOVE


def _is_a_letter(side: Sequence[Token]) -> bool:
    """Whether a side is a name that has its number where the spec gives it: no sum stands for it."""
    symbol = _last_symbol(side)
    return symbol is not None and symbol.base[:1] in "wWvVbcxtd" and symbol.end == len(side)


def _last_symbol(side: Sequence[Token]) -> Scripted | None:
    """The name with which a side ends, where only words stand before it."""
    for at in range(max(len(side) - 20, 0), len(side)):
        before = side[at - 1] if at else None
        if before is not None and before.kind not in ("word", "text", "gap") and before.text not in (":", ",", ";"):
            continue
        symbol = symbol_at(side, at)
        if symbol is not None and symbol.end == len(side) and symbol.base[:1].isalpha():
            return symbol
    return None


def _result(side: Sequence[Token]) -> str:
    """The number that a side begins with, where nothing is worked out with it, as it is written."""
    if not side or _number(side) is None:
        return ""
    return f"-{side[1].text}" if side[0].text == "-" else side[side[0].text == "+"].text


def _number(right: Sequence[Token]) -> fmpq | None:
    """The number with which a side begins, where nothing is worked out with it."""
    sign = right[0].text in ("-", "+")
    rest = right[1:] if sign else right
    if not rest or rest[0].kind != "number":
        return None
    behind = rest[1] if len(rest) > 1 else None
    if behind is not None and behind.kind not in _ENDS and behind.text not in (".", ",", ";", "(", ")", ":"):
        return None
    if behind is not None and behind.kind in ("word", "accent") and _is_a_factor(rest[1:]):
        return None
    if behind is not None and behind.text == "(" and rest[2:3] and rest[2].kind in ("number", "op"):
        return None
    try:
        value = exact(as_computed(rest[0].text))
    except (ValueError, OverflowError):
        return None
    return -value if sign and right[0].text == "-" else value


def _is_a_factor(behind: Sequence[Token]) -> bool:
    """Whether a name behind a number is multiplied by it, and more is added: ``0.40 h1 + 0.45 h2``."""
    symbol = symbol_at(behind, 0)
    after = behind[symbol.end : symbol.end + 1] if symbol is not None else ()
    return bool(after) and after[0].text in ("+", "-", "*", "/")


__all__ = ["EntriesSaid", "NumberSaid", "OwnSymbol", "Sighting", "Sightings", "sightings"]
