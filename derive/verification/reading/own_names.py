"""Names that the writer of a derivation has given a meaning: ``let o_1 = yhat``, ``let W = W1^T``.

>>> from derive.expressions.tree import Name
>>> weights = Matrix(((Name("w1_1_1"), Name("w1_2_1")), (Name("w1_1_2"), Name("w1_2_2"))))
>>> own = OwnNames({"W": OwnName("W", "W1^T", 1, weights)})
>>> [entry_of(own.found("W", below)) for below in ("1,2", "12", "21")]
[w1_2_1, w1_2_1, w1_1_2]
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import NamedTuple

from derive.expressions.tree import Name
from derive.patterns import regex
from derive.records import record
from derive.verification.reading.model import Matrix, SideContent
from derive.verification.reading.new_and_old import NEW_WORDS, SAYS_WHICH
from derive.verification.reading.symbols import Scripted, symbol_at
from derive.verification.reading.token import Token

MAX_INDICES = 2
"""At most this many indices follow a name of one's own."""
MAX_DIGITS_OF_AN_INDEX = 4
"""At most this many digits has an index."""
_SIGNS = regex(r"[^A-Za-z0-9]")
_INDEXED = regex(r"(.*[^0-9_,])[_,]?([0-9]+(?:[_,][0-9]+)*)")
_OF_A_FAMILY = regex(r"_?[0-9]\w*|_\w+|")
_LATER = regex(rf"(\w*?[A-Za-z0-9])?,?_?\(?({SAYS_WHICH})\)?")
_LAYER = regex(r"([(\[]?)[0-9]+[)\]]?T?")
_SAMPLE = regex(r"\(([1-9][0-9]{0,5})\)|\[([1-9][0-9]{0,5})\]")
_SAID = frozenset({"word", "accent", "text"})


@record
class OwnName:
    """A name and what it means.

    Attributes:
        written, meaning: both sides as they were typed.
        line: where, from 1.
        value: what the right side says; None for a family.
        family: the network's letter whose indices go on: ``z`` for ``let net = z``; ``letter`` is the name's own.
        negative: with the other sign: ``let delta = -dE/dz``.
        why: how a meaning that no ``let`` gives was found (``its_value``); empty for any other.
    """

    written: str
    meaning: str
    line: int
    value: SideContent | None = None
    family: str = ""
    letter: str = ""
    negative: bool = False
    why: str = ""

    def means(self, other: OwnName) -> bool:
        """Whether another definition says the same."""
        return (self.value, self.family, self.negative) == (other.value, other.family, other.negative)


class FoundOwn(NamedTuple):
    """A name of one's own that stands somewhere.

    With the indices behind it, whether its superscript is part of it, and the updates that ``_new`` says.
    """

    own: OwnName
    indices: tuple[int, ...] = ()
    raised: bool = False
    steps: int = 0


@record
class OwnNames:
    """The names of one file, by their letters and digits."""

    by_key: Mapping[str, OwnName] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_key)

    def with_(self, more: Mapping[str, OwnName]) -> OwnNames:
        """These and more; the latter win."""
        return OwnNames({**self.by_key, **more}) if more else self

    @property
    def plain(self) -> OwnNames:
        """Those that are no whole families."""
        return OwnNames({key: own for key, own in self.by_key.items() if not own.family})

    def found(self, base: str, below: str = "", above: str = "") -> FoundOwn | None:
        """What a symbol stands for: itself, an entry of a vector or matrix, a quantity of a family."""
        if not self.by_key:
            return None
        if above and (own := self.by_key.get(key(base, below, above))) is not None:
            return FoundOwn(own, raised=True)
        sample = _SAMPLE.fullmatch(above)
        if (
            sample is not None
            and not below
            and (own := self.by_key.get(f"{key(base)}{sample[1] or sample[2]}")) is not None
        ):
            return FoundOwn(own, raised=True)
        own = self.by_key.get(key(base, below))
        if own is not None and not own.family:
            return None if _is_a_layer(above, own.value) else FoundOwn(own)
        parts = _INDEXED.fullmatch(f"{base}_{below}" if below else base)
        own = self._listed(parts[1]) if parts is not None else None
        if parts is not None and own is not None and isinstance(own.value, Matrix):
            indices = _numbers(re.split("[_,]", parts[2]), own.value)
            return None if indices is None or _is_a_layer(above, own.value) else FoundOwn(own, indices)
        return self._of_a_family(base)

    def _listed(self, letter: str) -> OwnName | None:
        """What a letter with indices is an entry of; that of W may be written w."""
        found = self.by_key.get(key(letter))
        return self.by_key.get("W") if found is None and letter == "w" else found

    def _of_a_family(self, base: str) -> FoundOwn | None:
        """A family of which a word is the letter, or its letter with indices."""
        letter = re.match("[A-Za-z]*", base)
        own = self.by_key.get(letter.group()) if letter is not None else None
        if own is None or not own.family or not _OF_A_FAMILY.fullmatch(base, len(own.letter)):
            return None
        return FoundOwn(own)

    def at(self, tokens: Sequence[Token], at: int) -> tuple[FoundOwn, Scripted] | None:
        """The name of one's own that begins at a place, and the symbol that it is written as."""
        if not self.by_key or tokens[at].kind not in _SAID:
            return None
        symbol = symbol_at(tokens, at)
        if symbol is None:
            return None
        found = self.found(symbol.base, symbol.below, symbol.above) or self._later(symbol)
        return None if found is None else (found, symbol)

    def _later(self, symbol: Scripted) -> FoundOwn | None:
        r"""``W_12_new``, ``W_{12,\text{new}}``."""
        base, below = _LATER.fullmatch(symbol.base), _LATER.fullmatch(symbol.below)
        found = self.found(base[1], symbol.below, symbol.above) if base is not None and base[1] else None
        if found is None and below is not None:
            found = self.found(symbol.base, below[1] or "", symbol.above)
        said = base[2] if base is not None else below[2] if below is not None else ""
        return None if found is None else found._replace(steps=int(said in NEW_WORDS))

    def has(self, word: str) -> bool:
        """Whether a word is such a name, or one with its indices."""
        return bool(self.by_key) and self.found(word) is not None

    def said_in(self, tokens: Sequence[Token]) -> dict[str, OwnName]:
        """The names that stand among tokens, as they were typed, and what they mean."""
        said: dict[str, OwnName] = {}
        for at, token in enumerate(tokens):
            found = self.at(tokens, at)
            if found is None and token.kind == "word" and token.text[:1] == "d" and len(token.text) > 1:
                found = self.at([token._replace(text=token.text[1:]), *tokens[at + 1 : at + MAX_OF_A_SYMBOL]], 0)
            if found is not None:
                said.setdefault(found[0].own.written, found[0].own)
        return said


MAX_OF_A_SYMBOL = 80
"""At most this many tokens of a name with its scripts."""
NO_OWN_NAMES = OwnNames()


def key(base: str, below: str = "", above: str = "") -> str:
    """A name by its letters and digits: ``o_1`` and ``o1`` are one."""
    plain = _SIGNS.sub("", base + below)
    return f"{plain}^{_SIGNS.sub('', above)}" if above else plain


def _is_a_layer(above: str, value: SideContent | None) -> bool:
    """Whether what stands above a name is the number of a layer, and no power: the name is the network's then."""
    found = _LAYER.fullmatch(above)
    return found is not None and (bool(found[1]) or isinstance(value, Matrix))


def entry_of(found: FoundOwn | None) -> SideContent | None:
    """What a found name says: the whole, or the entry that its indices say.

    Raises:
        IndexError: where there is no such entry.
    """
    if found is None or found.own.value is None:
        return None
    value = found.own.value
    if not found.indices or not isinstance(value, Matrix):
        return value
    row, column = found.indices if len(found.indices) == MAX_INDICES else _along(value, found.indices[0])
    if not (1 <= row <= value.shape[0] and 1 <= column <= value.shape[1]):
        raise IndexError
    return value.rows[row - 1][column - 1]


def _along(value: Matrix, index: int) -> tuple[int, int]:
    return (1, index) if value.shape[0] == 1 else (index, 1 if value.shape[1] == 1 else 0)


def _numbers(texts: list[str], value: Matrix) -> tuple[int, ...] | None:
    """Indices as numbers; ``12`` is two of them where a matrix has two."""
    if len(texts) == 1 and len(texts[0]) == MAX_INDICES and 1 not in value.shape:
        texts = list(texts[0])
    if len(texts) > MAX_INDICES or any(len(text) > MAX_DIGITS_OF_AN_INDEX for text in texts):
        return None
    return tuple(map(int, texts))


def names_of(value: SideContent | None) -> tuple[str, ...]:
    """The names that a value is made of, where it is one name, or a vector or matrix of nothing else."""
    if isinstance(value, Matrix):
        entries = [entry.name for row in value.rows for entry in row if isinstance(entry, Name)]
        return tuple(entries) if len(entries) == len(value.rows) * len(value.rows[0]) else ()
    return (value.name,) if isinstance(value, Name) else ()


__all__ = ["NO_OWN_NAMES", "FoundOwn", "OwnName", "OwnNames", "entry_of", "key", "names_of"]
