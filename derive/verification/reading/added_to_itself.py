r"""Derivatives that are added to themselves, outside of programs: ``\bar v = \bar v + \bar u \cos v``.

What stands before gives a part of the derivative, as before a ``+=``; the derivative on the right is that part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.patterns import regex
from derive.records import record
from derive.verification.reading.arrows import Raw
from derive.verification.reading.built_up import PART
from derive.verification.reading.token import Token

MAX_NAME = 60
"""A derivative's name has at most this many characters."""
MAX_SUMS = 1_000
"""At most this many such sums of a text are noted."""
MAX_PARTS = 500
"""Parts of at most so many tokens are put in the place of the name."""
_SUM = regex(rf"=(?=[^=\n+]{{1,{3 * MAX_NAME}}}\+)")
"""A sign of equality before the first term of a sum."""
_BEFORE = regex(r"[^=\n&$;,]*\Z")
_SPACE = regex(r"\s")


@record(slots=False)
class AddedToItself:
    """The derivatives of one text that are added to themselves, and their parts so far.

    Attributes:
        last: where the last such sum of a name begins.
        parts: what was added up before, by name.
    """

    text: str
    is_derivative: Callable[[Sequence[Token], bool], bool]
    last: dict[str, int]
    parts: dict[str, list[Token]]

    @classmethod
    def of(cls, text: str, is_derivative: Callable[[Sequence[Token], bool], bool]) -> AddedToItself:
        """Those of a text."""
        return cls(text, is_derivative, _sums(text), {})

    def marked(self, raw: Raw) -> Raw:
        """A chain with the parts in the place of its own left side, where it adds something to that."""
        chain = raw.chain
        if not self.last or raw.code or not chain.relations or chain.relations[0].text != "=" or not chain.sides[0]:
            return raw
        left = chain.sides[0]
        name = _SPACE.sub("", self.text[left[0].start : left[-1].end])
        last = self.last.get(name, -1)
        if left[0].start > last + MAX_NAME or not chain.sides[1] or not self.is_derivative(left, raw.tex):
            return raw
        texts, before = [token.text for token in left], self.parts.get(name)
        for i, side in enumerate(chain.sides[1:] if before else (), 1):
            if [token.text for token in side[: len(texts) + 1]] == [*texts, "+"]:
                chain.sides[i] = [*_in_brackets(before or [], side[0].start), *side[len(texts) :]]
        if len(chain.sides[1]) <= MAX_PARTS:
            self.parts[name] = chain.sides[1]
        if chain.relations[0].start < last:
            chain.relations[0] = chain.relations[0]._replace(text=PART)
        return raw


def _sums(text: str) -> dict[str, int]:
    """Where the last sum of each name begins, by the name without spaces."""
    found: dict[str, int] = {}
    for sign in _SUM.finditer(text):  # a sum or a start of one: what is no sum is passed over at once
        before = _BEFORE.search(text[max(0, sign.start() - MAX_NAME) : sign.start()])
        name = _SPACE.sub("", before[0]) if before else ""
        behind = _SPACE.sub("", text[sign.end() : sign.end() + 2 * MAX_NAME]).lstrip("$&")
        if name and behind.startswith(name + "+") and len(found) < MAX_SUMS:
            found[name] = sign.start()
    return found


def _in_brackets(value: Sequence[Token], place: int) -> list[Token]:
    at = [token._replace(start=place, end=place) for token in value]
    return [Token("op", "(", place, place), *at, Token("op", ")", place, place)]


__all__ = ["AddedToItself"]
