"""Reading a whole text: formulas, chains, sides, with their places."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import chain as chain_of
from itertools import combinations
from typing import Literal, NamedTuple

from derive.expressions.tree import names_in
from derive.patterns import regex
from derive.records import record
from derive.verification.reading.arrows import UPDATE, Arrows, Raw
from derive.verification.reading.atoms import atom
from derive.verification.reading.bare import LETTERS, BareLetters
from derive.verification.reading.bare_functions import with_arguments
from derive.verification.reading.built_up import PART, SUM
from derive.verification.reading.commas import Decimal, with_points
from derive.verification.reading.counts import averages, counts_layers
from derive.verification.reading.dittos import without_words
from derive.verification.reading.index_labels import without_index_labels, without_moments_said
from derive.verification.reading.joined import STEPS
from derive.verification.reading.kept_sides import ReadSide, SideNotes
from derive.verification.reading.lets import lets
from derive.verification.reading.lines import strip
from derive.verification.reading.matrices import grown
from derive.verification.reading.model import (
    CHOICES,
    LAYERS,
    Chain,
    Matrix,
    Readings,
    ReadText,
    Relation,
    Side,
    SideContent,
    TextKind,
    TextPlace,
    Unreadable,
)
from derive.verification.reading.own_functions import with_own_functions
from derive.verification.reading.own_names import OwnName
from derive.verification.reading.parse import AnyLetter, General, Parser
from derive.verification.reading.quantities import GENERAL_LETTERS
from derive.verification.reading.rows import RawChain
from derive.verification.reading.sources import source
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.steps import by_steps, in_numbers
from derive.verification.reading.systems import hides_a_relation
from derive.verification.reading.token import Token
from derive.verification.reading.unit_records import with_units
from derive.verification.reading.unknown import UNKNOWN, hint_for
from derive.verification.reading.unread import Covered, Unread
from derive.verification.reading.unsplit import Unsplit
from derive.verification.reading.whole_gradients import with_entries

MIN_OF_A_CALL = 4
"""A name, a number and brackets around it."""
MAX_CLAIMS = 10_000
"""At most this many relations of one text are read."""
MAX_CHOICES = 4
"""At most this many choices of one chain are taken in the other way, one at a time."""
MAX_COMBINED = 2
"""At most this many choices of one chain are combined."""
MAX_OF_CHOICES = 600
"""A chain of more tokens is read in the plain way only."""
MAX_TOKENS = 80_000
"""At most this many names, numbers and signs of one text are read, with what vectors and sums are made of besides."""
MAX_OF_A_KEPT_SIDE = 60
"""What a side of at most this many tokens is read as is kept for another one like it."""
MAX_OF_A_BLANK = 12
"""A side of more tokens says more than that something is worked out."""
_CHOICES = frozenset(CHOICES)
_CONDITIONS = frozenset({"compared", "relation"})
_BLANK = regex(r"[A-Za-z_0-9']+\((?:\.\.+)?\)")
_COUNTS_BACK = regex(r"[\^_({\[,]\s*[({\[]?[ktn]\s*[-−]\s*1\s*[)\]}]")
"""A script that counts updates back: ``w_{t-1}``."""
_UPDATES = frozenset({":=", "<-", UPDATE}) | STEPS
"""Signs that give what stands before them a new value."""


def read(
    text: str, kind: TextKind, spelling: Spelling, decimal: Decimal = "auto", taken: frozenset[str] = frozenset()
) -> ReadText:
    """The derivation of a text. Prose is passed over.

    ``taken`` are choices that all of it takes in the other way; see :class:`derive.verification.reading.parse.Parser`.
    """
    count = 0
    reading = _Reading(text, spelling, kind, decimal)
    reading.unsplit.said |= taken
    found, ends = list(reading.without_meaning()), None
    for chain in reading.chains():
        count += len(chain.relations)
        if reading.unsplit.tokens > MAX_TOKENS or count > MAX_CLAIMS:
            much = f"{MAX_CLAIMS:,} claims" if count > MAX_CLAIMS else f"{MAX_TOKENS:,} names, numbers and signs"
            ends = _too_many(chain, much)
            break
        found.append(chain)
    found.sort(key=lambda chain: chain.relations[0].start.offset)
    found += [ends] if ends is not None else []
    last = len(reading.lines) if ends is None else ends.line
    return ReadText(tuple(found), reading.general, reading.unread(last))


def _too_many(chain: Chain, much: str) -> Chain:
    """The chain at which reading stops."""
    problem, hint = f"more than {much} in one file", "split the file"
    sides = tuple(replace(side, expr=None, problem=problem, hint=hint, at=side.start) for side in chain.sides[:2])
    return Chain(sides, chain.relations[:1])


@record
class _How:
    """How the sides of a chain are read; see :class:`Parser`."""

    free: bool = False
    partial: bool = False
    local: bool = False
    choices: frozenset[str] = frozenset()


class _OfAChain(NamedTuple):
    """What is said of a chain besides its sides; see :class:`Chain`."""

    met: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    meant: tuple[tuple[str, str], ...] = ()
    told: tuple[tuple[str, str, str], ...] = ()


NOTHING_SAID = _OfAChain()


class _Other(NamedTuple):
    """The chains in another reading, and what it takes in another way."""

    chains: list[Chain]
    taken: frozenset[str]


@record
class _Read:
    """The sides of a chain in one reading.

    Attributes:
        sides: each side; None for a general rule.
        met: which of d, ∂, ``local`` and the choices were met in each; None for a general rule.
        meant: what symbols that are no names by themselves are read as.
        labels: what stands under braces, and in them.
    """

    sides: list[Side | None]
    met: list[set[str] | None]
    meant: dict[str, str]
    labels: list[tuple[list[Token], list[Token]]]

    @property
    def signs(self) -> set[str]:
        """All that was met."""
        return set[str]().union(*filter(None, self.met))


class _Reading:
    """One text while it is read."""

    def __init__(self, text: str, spelling: Spelling, kind: TextKind, decimal: Decimal) -> None:
        self.text = text
        said = lets(with_points(text, decimal), kind, spelling)
        self.bad_lets = said.bad
        spelling = spelling.with_own(spelling.own_names.with_(said.own)) if said.own else spelling
        shown = said.text if said.own or said.bad else text
        if spelling.rows == 1:  # of several samples, one of them is said so
            shown = shown if spelling.names.sizes else without_moments_said(shown, spelling.knows)
            shown = with_units(without_index_labels(shown, spelling.knows), spelling.names)
        self.source = source(shown, kind, decimal)
        self.spelling = spelling = with_own_functions(spelling, self.source.text)
        self.kind = kind
        self.defined: dict[str, SideContent] = {}
        self.ambiguous: set[str] = set()
        self.terms: Counter[str] = Counter()
        self.bare = BareLetters(spelling)
        self.arrows = Arrows(spelling, self.source.text)
        self.told: dict[str, tuple[int, OwnName]] = {}
        self.ahead = self.listed = False
        self.general = 0
        self.unsplit = Unsplit(self.source, kind, spelling, self.arrows)
        self.covered: set[int] = set()
        self.ends: dict[int, int] = {}
        """Where the last claim of a line ends."""
        self.lines = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def place(self, offset: int) -> TextPlace:
        """Line and column of an offset."""
        line = bisect_right(self.lines, offset)
        return TextPlace(offset, line, offset - self.lines[line - 1] + 1)

    def unread(self, last: int) -> tuple[int, ...]:
        """The lines up to ``last`` that say a number of a quantity and were not read."""
        return Unread(self.source, self.kind, self.spelling).lines(self.lines, Covered(self.covered, self.ends), last)

    def without_meaning(self) -> Iterator[Chain]:
        """The lines that were to give a name a meaning and could not be read, as claims that cannot be read."""
        for bad in self.bad_lets:
            self.covered.add(self.place(bad.start).line)
            start, end = self.place(bad.start), self.place(bad.left_end)
            shown = self._shown(bad.start, bad.left_end)
            left = self._hinted(Side(None, shown, start, end, bad.problem, bad.hint, self.place(bad.at)))
            right = replace(left, text=self._shown(bad.right, bad.end), start=self.place(bad.right))
            yield Chain((left, right), (Relation("=", end),))

    def _cover(self, chain: RawChain) -> None:
        """Notes the lines of a chain as read."""
        for tokens_ in (*chain.sides, chain.relations):
            if tokens_:
                self._cover_lines(tokens_[0].start, tokens_[-1].end - 1)
                line = bisect_right(self.lines, tokens_[-1].end - 1)
                self.ends[line] = max(tokens_[-1].end, self.ends.get(line, 0))

    def _cover_lines(self, start: int, end: int) -> None:
        first, last = (bisect_right(self.lines, offset) for offset in (start, end))
        self.covered.update(range(first, last + 1))

    def chains(self) -> Iterator[Chain]:
        """The chains in the order in which they are read."""
        before: Raw | None = None
        for statement in self.unsplit.programs:
            if statement.covered:
                self._cover_lines(statement.start, statement.end - 1)
        for raw in self.unsplit.raw():
            joined = self.arrows.joined(before, raw) if before is not None and raw.chain.arrow is not None else None
            if joined is not None:
                yield from chain_of.from_iterable(self._whole(one) for one in joined)
                before = self.arrows.goes_on(before, raw)
                continue
            if before is not None:
                yield from self._whole(before)
            before = raw
        if before is not None:
            yield from self._whole(before)

    def _whole(self, raw: Raw) -> Iterator[Chain]:
        """A chain that no arrow leads on from; as it stands there, where there was too much before it."""
        if self.unsplit.tokens > MAX_TOKENS:
            yield from self._unread(raw.chain)
            return
        raw = self.arrows.without_route(raw)
        if raw.chain.relations:
            for one in by_steps(raw, self.arrows):
                yield from map(in_numbers, self._read(one))
        elif hides_a_relation(raw.chain.sides[0]):
            self._cover(raw.chain)
            self.general += 1

    def _unread(self, chain: RawChain) -> Iterator[Chain]:
        """A chain that is not read any more."""
        if chain.relations:
            extents = [self._extent(chain, i) for i in (0, 1)]
            sides = [Side(None, self._shown(a, b), self.place(a), self.place(b)) for a, b in extents]
            yield Chain(tuple(sides), (self._relation(chain.relations[0], first=True),))

    # One chain

    def _read(self, raw: Raw) -> Iterator[Chain]:
        if not raw.code:
            on = self.unsplit
            strip(raw.chain.sides, on.is_mathematics, on.is_called, on.knows, tex=raw.tex)
            if not raw.tex:
                without_words(raw.chain, on.knows)
                on.units.with_unit(raw.chain.sides)
        _without_blanks(raw.chain)
        names = self.spelling.names
        with_entries(raw.chain, names.loss or names.graph_output or "", names.parameters)
        if raw.tex and not any(raw.chain.sides):
            return  # a sign that the text speaks of: "$=$ stands where it is exact"
        self._cover(raw.chain)
        if self._is_elsewhere(raw.chain.sides[0]) or self._counts_layers(raw.chain):
            self.general += 1
            return
        any_letter = next((one for one in ("z", "a") if not self.spelling.own_names.has(one)), "")
        if not raw.code and (rule := with_arguments(raw.chain.sides, self._is_function, any_letter)) is not None:
            if not any_letter:
                self.general += 1
                return
            raw.chain.sides[:] = rule
        defines = self._define(raw)
        free = raw.tex and _has_free(raw.chain.sides)
        how = _How(free=free, choices=self.unsplit.said | self._said(raw))
        read = self._sides(raw, how)
        signs = read.signs
        if len(signs - {"single", "change"}) > 1:
            again = replace(how, partial={"d", "∂"} <= signs, local="local" in signs)
            how, read = again, self._sides(raw, again) if again != how else read
        met, meant = frozenset(signs & _CHOICES), tuple((self._own_names(raw) | read.meant).items())
        if "single" in met and _is_mixed(read.sides) and not self._is_laid_out_otherwise(raw, how, read, met):
            how = replace(how, choices=how.choices | {"single"})
            read, met = self._sides(raw, how), met - {"single"}
        if not raw.code and self.spelling.rows > 1 and (self._is_over_samples(read.sides) or self._averages(raw.chain)):
            how = replace(how, choices=how.choices | {"samples"})
            read, met = self._sides(raw, how), met & signs
        met = met - {"layout"} if self._is_idle(raw, how, read, met) else met
        sides = self.bare.settled(read.sides, self._letters(raw))
        self.general += None in sides[defines:]
        told = self._found_out(raw) if self.told else ()
        said = _OfAChain(met, self.unsplit.said & met, meant, told)
        plain = list(self._without_general([None, *sides[1:]] if defines else sides, raw.chain.relations, said))
        taken_otherwise = list(self._combined(raw, met))
        yield from _with_others(plain, self._later(raw, how, read, taken_otherwise) if taken_otherwise else None)
        for above, below in read.labels:
            sign = Token("relation", "=", below[0].start, below[0].start)
            pair = Raw(RawChain([above, below], [sign]), raw.tex)
            yield from self._without_general(self._sides(pair, _How(free=free)).sides, [sign])

    def _averages(self, chain: RawChain) -> bool:
        """Whether a side is a mean over all samples."""
        return any(averages(self.text[slice(*self._extent(chain, i))]) for i in range(len(chain.sides)))

    def _counts_layers(self, chain: RawChain) -> bool:
        """Whether a chain says how many layers there are: ``L = 3``."""
        is_loss = ("L", "", "") in self.spelling.own or self.spelling.own_names.has("L")
        return not is_loss and counts_layers(chain, self.source.text, len(self.spelling.names.sizes))

    def _is_elsewhere(self, side: Sequence[Token]) -> bool:
        """Whether a side is the value of the output or the loss at another point: ``f(1.51)``."""
        called = [token for token in side if token.kind != "gap"]
        names = self.spelling.names
        if len(called) < MIN_OF_A_CALL or called[0].text not in {names.loss, names.graph_output, *names.outputs}:
            return False
        inside = called[2:-1] if called[2].text not in ("-", "+") else called[3:-1]
        bracketed = (called[1].text, called[-1].text) == ("(", ")")
        return bracketed and len(inside) == 1 and inside[0].kind == "number" and "." in inside[0].text

    def _is_idle(self, raw: Raw, how: _How, read: _Read, met: frozenset[str]) -> bool:
        """Whether the file's way to lay matrices out says nothing of a chain: it is the same in either."""
        if "layout" not in met or any(side is not None and side.problem for side in read.sides):
            return False
        return self._otherwise(raw, how, frozenset({"layout"}), read) == read.sides

    def _is_laid_out_otherwise(self, raw: Raw, how: _How, read: _Read, met: frozenset[str]) -> bool:
        """Whether all of a chain is vectors where weights have one row for each input, so that no name is a unit's."""
        if "layout" not in met:
            return False
        sides = self._otherwise(raw, how, frozenset({"layout"}), read)
        return all(side is not None and side.expr is not None for side in sides) and not _is_mixed(sides)

    def _later(
        self, raw: Raw, how: _How, first: _Read, choices: Sequence[frozenset[str]]
    ) -> Callable[[], list[_Other]]:
        """What gives the further readings of a chain, as the text stands here."""

        def read() -> list[_Other]:
            return list(self._others(raw, how, first, choices))

        if any(token.text in self.defined for side in raw.chain.sides for token in side):
            here = read()  # what its letters mean may change further down
            return lambda: here
        return read

    def _others(self, raw: Raw, how: _How, first: _Read, choices: Sequence[frozenset[str]]) -> Iterator[_Other]:
        """The readings of a chain that differ from the first."""
        for taken in choices:
            sides = self._otherwise(raw, how, taken, first)
            if sides != first.sides:
                settled = self.bare.settled(sides, self._letters(raw))
                yield _Other(list(self._without_general(settled, raw.chain.relations)), taken)

    def _is_function(self, word: str) -> bool:
        """Whether a word is a function, and no quantity."""
        known = self.spelling.knows(word) or self.spelling.own_names.has(word)
        return not known and bool(self.spelling.function(word))

    def _own_names(self, raw: Raw) -> dict[str, str]:
        """The names of the writer's own in a chain, and what they mean."""
        said: dict[str, str] = {}
        for side in raw.chain.sides if self.spelling.own_names else ():
            for name, own in self.spelling.own_names.said_in(side).items():
                if own.why:
                    self.told.setdefault(name, (raw.chain.relations[0].start, own))
                else:
                    said[name] = own.meaning
        return said

    def _found_out(self, raw: Raw) -> tuple[tuple[str, str, str], ...]:
        """The names of the writer's own that stand in a chain first, what was found that they mean, and how."""
        at = raw.chain.relations[0].start
        return tuple((name, own.meaning, own.why) for name, (first, own) in self.told.items() if first == at)

    def _said(self, raw: Raw) -> frozenset[str]:
        """What a chain says of how all of it is read."""
        start, end = self._extent(raw.chain, 0)[0], self._extent(raw.chain, len(raw.chain.sides) - 1)[1]
        return frozenset({"counts_back"}) if _COUNTS_BACK.search(self.source.text, start, end) else frozenset()

    def _is_over_samples(self, sides: Sequence[Side | None]) -> bool:
        """Whether a chain is about all samples at once: only then its sides are of one shape, or can be read."""
        shapes = {side.expr.shape for side in sides if side is not None and isinstance(side.expr, Matrix)}
        columns = len(shapes) > 1 or any(side is not None and side.expr is None for side in sides)
        if columns and any(shape[0] > 1 and shape[1] == self.spelling.rows for shape in shapes):
            return True  # a column for each sample
        return _is_mixed(sides) and self._lists_samples(sides)

    def _lists_samples(self, sides: Sequence[Side | None]) -> bool:
        """Whether a side is a list with one number for each sample."""
        lists = (side.expr for side in sides if side is not None and isinstance(side.expr, Matrix))
        return any(max(one.shape) == self.spelling.rows and 1 in one.shape for one in lists)

    @staticmethod
    def _combined(raw: Raw, met: frozenset[str]) -> Iterator[frozenset[str]]:
        """The sets of choices that may be taken in the other way."""
        if sum(map(len, raw.chain.sides)) > MAX_OF_CHOICES:
            return
        known = [choice for choice in CHOICES if choice in met - LAYERS - {"delta"}][:MAX_CHOICES]
        yield from (frozenset((choice,)) for choice in (*known, *met & {"delta"}))
        for size in range(2, MAX_COMBINED + 1):
            yield from map(frozenset, combinations(known[:MAX_COMBINED], size))
        layers = [choice for choice in CHOICES if choice in met & LAYERS]
        for size in range(1, len(layers) + 1):
            yield from map(frozenset, combinations(layers, size))

    def _define(self, raw: Raw) -> bool:
        """``h = 0.0001`` and ``S = e^{z_1} + …`` give a letter that is no quantity a meaning; that is no claim."""
        first = raw.chain.sides[0]
        letter = first[0].text if len(first) == 1 else ""
        is_matrix = letter.isupper() and letter not in GENERAL_LETTERS
        if not raw.tex or not (is_matrix or letter in GENERAL_LETTERS) or self.spelling.knows(letter):
            return False
        if letter in self.spelling.shorthands.families or self.spelling.own_names.has(letter):
            return False
        side = self._side(raw, 1, _How())
        if side is None or side[0].expr is None or (is_matrix and not _is_of_quantities(side[0].expr)):
            return False
        self.defined[letter] = side[0].expr
        return True

    def _sides(self, raw: Raw, how: _How) -> _Read:
        """The sides, and what was met in them."""
        found = [self._side(raw, i, how) for i in range(len(raw.chain.sides))]
        met = [one and one[1].signs for one in found]
        noted = [one[1] for one in found if one is not None]
        meant = {shown: name for notes in noted for shown, name in notes.meant.items()}
        labels = [label for notes in noted for label in notes.labels]
        return _Read([one and one[0] for one in found], met, meant, labels)

    def _otherwise(self, raw: Raw, how: _How, taken: frozenset[str], first: _Read) -> list[Side | None]:
        """The sides where some choices are taken in the other way; one that met none of them stays as it was."""
        kept = how.choices - {"single"} if LAYERS & taken else how.choices
        how, changed = replace(how, choices=kept | taken), how.choices ^ (kept | taken)
        found = list(first.sides)
        for i, met in enumerate(first.met):
            if met is None or not changed.isdisjoint(met):
                again = self._side(raw, i, how)
                found[i] = again and again[0]
        return found

    def _without_general(
        self, sides: list[Side | None], relations: list[Token], said: _OfAChain = NOTHING_SAID
    ) -> Iterator[Chain]:
        """The chains of the sides that are about this spec; a general side parts what stands beside it."""
        start = 0
        for i, side in enumerate([*sides, None]):
            if side is not None:
                continue
            kept = [self._hinted(side) for side in sides[start:i] if side is not None]
            if len(kept) > 1:
                between = relations[start : i - 1]
                signs = tuple(self._relation(sign, first=sign is relations[0]) for sign in between)
                yield Chain(tuple(kept), signs, (), *said)
            start = i + 1

    def _hinted(self, side: Side) -> Side:
        """A side; where a name in it is unknown, with the names that there are."""
        if not side.problem.startswith(UNKNOWN):
            return side
        again, self.listed = self.listed, True
        return replace(side, hint=hint_for(self.spelling, side.problem, side.hint, again=again))

    def _relation(self, sign: Token, *, first: bool) -> Relation:
        updates, step = first and sign.text in _UPDATES, sign.text if sign.text in STEPS else ""
        built: Literal["", "part", "sum"] = "part" if sign.text == PART else "sum" if sign.text == SUM else ""
        colon = sign.text == "=" and self.text[sign.start : sign.start + 1] == ":"
        return Relation("~" if sign.text == "~" else "=", self.place(sign.start), updates, step, built, colon)

    def _letters(self, raw: Raw) -> dict[str, TextPlace]:
        """Where each bare letter of a chain stands first."""
        found = (token for side in raw.chain.sides for token in side if token.text in LETTERS)
        return {token.text: self.place(token.start) for token in reversed(list(found))}

    def _extent(self, chain: RawChain, i: int) -> tuple[int, int]:
        """Where a side begins and ends; an empty one stands beside its relation sign."""
        side = chain.sides[i]
        if side:
            return side[0].start, side[-1].end
        beside = chain.relations[i - 1].end if i else chain.relations[0].start
        return beside, beside

    def _shown(self, start: int, end: int) -> str:
        return " ".join(self.text[start : min(end, start + 2_000)].split())

    def _side(self, raw: Raw, i: int, how: _How) -> tuple[Side, SideNotes] | None:
        start, end = self._extent(raw.chain, i)
        tokens = raw.chain.sides[i]
        shown = self._shown(start, end)
        first, last = self.place(start), self.place(end)
        key = None if self.defined else self._key(raw, tokens, how)
        known = self.spelling.sides.get(key) if key is not None else None
        if known is not None:
            self.unsplit.tokens += known.more
            return Side(known.value, shown, first, last), known.notes
        parser = Parser(
            list(tokens), self.spelling, self.source.text, end, atom,
            tex=raw.tex, code=raw.code, free=how.free, partial=how.partial, local=how.local, choices=how.choices,
            defined=self.defined, terms=self.terms,
        )  # fmt: skip
        counted = self.terms.total()
        try:
            value = parser.side()
            more = grown(value, len(tokens))
            self.unsplit.tokens += more
            notes = _notes(parser)
            if key is not None and not notes.labels and self.terms.total() == counted:
                self.spelling.keep_side(key, ReadSide(value, notes, more))
            return Side(value, shown, first, last), notes
        except Unreadable as error:
            return Side(None, shown, first, last, error.problem, error.hint, self.place(error.offset)), _notes(parser)
        except AnyLetter as general:
            if self._is_rule(raw, general.letter):
                return None
            if self._looked_ahead():
                return self._side(raw, i, how)
            if general.letter in self.ambiguous:
                return None
            problem = f"unknown quantity '{general.letter}'"
            return Side(None, shown, first, last, problem, "", self.place(general.offset)), _notes(parser)
        except General:
            return None
        except (RecursionError, MemoryError):
            problem, hint = "this nests too deep, or is too large, to be read", "write it in steps"
            return Side(None, shown, first, last, problem, hint, first), _notes(parser)

    @staticmethod
    def _key(raw: Raw, tokens: Sequence[Token], how: _How) -> Hashable | None:
        """What says how a side is read, wherever it stands; None for a long one, and where that takes no time."""
        if len(tokens) > MAX_OF_A_KEPT_SIDE or (len(tokens) < 2 and (not tokens or tokens[0].kind == "number")):
            return None
        if not _CONDITIONS.isdisjoint([kind for kind, _, _, _ in tokens]):
            return None  # the signs of a condition are looked up in the text
        start = tokens[0].start
        parts = tuple((kind, text, at - start, end - start) for kind, text, at, end in tokens)
        return parts, raw.tex, raw.code, how.free, how.partial, how.local, how.choices

    def _looked_ahead(self) -> bool:
        """Looks once for letters that get their meaning further down only, and one meaning."""
        if self.ahead:
            return False
        self.ahead = True
        earlier, later, count = dict(self.defined), dict[str, SideContent](), self.unsplit.tokens
        for raw in self.unsplit.raw():
            if self.unsplit.tokens > count + MAX_TOKENS:
                break
            if len(raw.chain.sides) > 1 and self._define(raw):
                letter = raw.chain.sides[0][0].text
                if later.setdefault(letter, self.defined[letter]) != self.defined[letter]:
                    self.ambiguous.add(letter)
        self.unsplit.tokens = count
        self.defined = {**{letter: later[letter] for letter in later.keys() - self.ambiguous}, **earlier}
        return True

    @staticmethod
    def _is_rule(raw: Raw, letter: str) -> bool:
        """Whether a letter that is no quantity stands in more than one side: a rule about any parameter."""
        return sum(any(token.text == letter for token in side) for side in raw.chain.sides) > 1


def _notes(parser: Parser) -> SideNotes:
    """What a parser has noted by now."""
    return SideNotes(parser.signs, parser.meant, parser.labels)


def _without_blanks(chain: RawChain) -> None:
    """Takes out the sides between two others that only say that a function is worked out: ``tanh(..)``."""
    for i in range(len(chain.sides) - 2, 0, -1):
        side = chain.sides[i]
        if len(side) < MAX_OF_A_BLANK and _BLANK.fullmatch("".join(token.text for token in side)):
            del chain.sides[i], chain.relations[i - 1]


def _with_others(chains: list[Chain], others: Callable[[], list[_Other]] | None) -> Iterator[Chain]:
    """The chains, each with its other readings where it has any that can be read."""
    if others is None:
        yield from chains
        return
    read = cache(others)

    def alike(i: int) -> tuple[Chain, ...]:
        chain, several = chains[i], [other for other in read() if len(other.chains) == len(chains)]
        return tuple(
            replace(other.chains[i], met=chain.met, meant=chain.meant, told=chain.told, taken=other.taken | chain.taken)
            for other in several
            if all(side.expr for side in other.chains[i].sides)
        )

    for i, chain in enumerate(chains):
        yield replace(chain, others=Readings(partial(alike, i)))


def _is_of_quantities(value: SideContent) -> bool:
    """Whether a matrix has names in its entries, as that of all derivatives has."""
    return isinstance(value, Matrix) and any(names_in(entry) for row in value.rows for entry in row)


def _is_mixed(sides: Sequence[Side | None]) -> bool:
    """Whether vectors stand beside numbers, or beside what cannot be read."""
    values = [side.expr for side in sides if side is not None]
    vectors = [value for value in values if isinstance(value, Matrix) and value.shape != (1, 1)]
    return len(vectors) < len(values) and (bool(vectors) or None in values)


def _has_free(sides: list[list[Token]]) -> bool:
    """Whether a bare ``z`` stands in a chain: then its letters stand for any unit."""
    for side in sides:
        for i, token in enumerate(side):
            behind = i + 2 if [t.text for t in side[i - 1 : i + 2 : 2]] == ["{", "}"] and i else i + 1
            following = side[behind].text if behind < len(side) else ""
            if token.kind == "word" and token.text == "z" and following not in ("^", "_"):
                return True
    return False
