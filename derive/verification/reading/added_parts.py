"""Derivatives that a text works out in parts, outside of programs: ``dx = -1.42``, and further down ``dx += 0.21``.

What stands before the last ``+=`` gives a part of the derivative, and so does each of these steps.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import islice

from derive.patterns import regex
from derive.verification.reading.arrows import Raw
from derive.verification.reading.built_up import PART
from derive.verification.reading.token import Token

MAX_STEPS = 1_000
"""At most this many steps of a text are noted."""
_STEP = regex(r"(?<![\w.])(d\w{1,40})[ \t]*\+=")


class AddedParts:
    """The derivatives of one text that are added up."""

    def __init__(
        self,
        text: str,
        programs: Sequence[tuple[int, int]],
        is_derivative: Callable[[Sequence[Token], bool], bool],
    ) -> None:
        self._is_derivative = is_derivative
        self._last: dict[str, int] = {}
        starts = [start for start, _ in programs]
        for found in islice(_STEP.finditer(text), MAX_STEPS) if "+=" in text else ():
            before = bisect_right(starts, found.start()) - 1
            if before < 0 or programs[before][1] <= found.start():
                self._last[found[1]] = found.start()

    def marked(self, raw: Raw) -> Raw:
        """A chain whose first sign says that it gives a part, where it does."""
        chain = raw.chain
        if not self._last or raw.code or not chain.relations or len(chain.sides[0]) != 1:
            return raw
        left, sign = chain.sides[0][0], chain.relations[0]
        last = self._last.get(left.text, -1)
        if last < 0 or left.start > last or sign.text not in ("=", "+=") or not self._is_derivative([left], False):
            return raw
        chain.relations[0] = sign._replace(text=PART)
        return raw


__all__ = ["AddedParts"]
