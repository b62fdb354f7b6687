"""Names with one slip of the keyboard in their letters: ``yhatt``, ``dleta2_1``, ``pre_activaton_1``.

Digits say which quantity is meant and are never mended, nor are short names, of which many are near to each other.

>>> known = Misspelt.of(["hidden_1", "hidden_2", "output"])
>>> [known.meant(word) for word in ("hiden_1", "hiddne_2", "ouput", "hidden_3", "hudden_1")]
['hidden_1', 'hidden_2', 'output', None, None]
>>> [Misspelt.of(["delta_zin1", "delta2_1"]).meant(word) for word in ("delta_in1", "dleta2_1")]
[None, 'delta2_1']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from derive.patterns import regex
from derive.records import record

MIN_LETTERS = 4
"""Names with fewer letters are read as they are spelt only."""
MAX_LETTERS = 24
"""As are names with more."""
_SIGNS = regex(r"[^A-Za-z0-9]")
_LETTERS = regex(r"[A-Za-z]+")


@record
class Misspelt:
    """Known names by their letters and digits, by the same with one letter less, and their digits alone."""

    exact: Mapping[str, str]
    shorter: Mapping[str, frozenset[str]]
    digits: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Misspelt:
        """The names that may be misspelt."""
        exact: dict[str, str] = {}
        shorter: dict[str, set[str]] = {}
        numbers: set[str] = set()
        for name in names:
            plain = _SIGNS.sub("", name)
            digits = _LETTERS.sub("", plain)
            if not MIN_LETTERS <= len(plain) - len(digits) <= MAX_LETTERS or _is_short(plain):
                continue
            numbers.add(digits)
            exact[plain] = name
            for less in _with_one_less(plain):
                shorter.setdefault(less, set()).add(name)
        return cls(exact, {less: frozenset(found) for less, found in shorter.items()}, frozenset(numbers))

    def meant(self, word: str) -> str | None:
        """The one name that a word is but for a letter too many or too few, or two that are exchanged."""
        plain = _SIGNS.sub("", word)
        digits = _LETTERS.sub("", plain)
        if digits not in self.digits or not MIN_LETTERS <= len(plain) - len(digits) <= MAX_LETTERS:
            return None
        if plain in self.exact:
            return None
        near = {*_with_one_less(plain), *_exchanged(plain)} & self.exact.keys()
        found = {self.exact[one] for one in near} | self.shorter.get(plain, frozenset())
        return next(iter(found)) if len(found) == 1 else None


def _is_short(plain: str) -> bool:
    """Whether a δ belongs to a short name: ``δin1`` may be something else than the δ of ``zin1``."""
    of = _LETTERS.match(plain.removeprefix("delta"))
    return plain.startswith("delta") and of is not None and len(of[0]) < MIN_LETTERS


def _with_one_less(plain: str) -> Iterator[str]:
    return (plain[:i] + plain[i + 1 :] for i, letter in enumerate(plain) if letter.isalpha())


def _exchanged(plain: str) -> Iterator[str]:
    swaps = (i for i, (a, b) in enumerate(pairwise(plain)) if a.isalpha() and b.isalpha())
    return (plain[:i] + plain[i + 1] + plain[i] + plain[i + 2 :] for i in swaps)


__all__ = ["Misspelt"]
