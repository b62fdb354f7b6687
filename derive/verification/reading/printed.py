"""What a program prints, beside the statements that print it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from derive.patterns import regex
from derive.verification.reading.code_tokens import code_tokens, value_end
from derive.verification.reading.comprehensions import unrolled
from derive.verification.reading.token import Token

MAX_WAITING = 500
"""At most this many statements wait for what they print."""
MAX_PASSED = 12
"""At most this many statements that printed nothing are passed over."""
_FIELD = regex(r"\{([^{}!:]{1,200})(?:![rs])?(?::[^{}]{0,20})?=?\}")
_BLANKS = regex(r"(?:\s|#)*")
_REMARK = regex(r"[,;(–—]\s*[a-z][^=≈]*")
"""What may be said behind the value in a comment: ``# prints 24.7041, the outcome of this forward pass``."""
_STRING = regex(r"([fFrRbBuU]{0,2})(['\"])(.*)\2\Z", re.DOTALL)

_OF_AN_ARRAY = frozenset({"shape", "size", "ndim", "dtype"})
"""What an array says of its entries, which is no value of a quantity."""


class PrintedPart(NamedTuple):
    """A piece of what is printed: words, or the value of ``tokens``."""

    text: str
    tokens: tuple[Token, ...]


class PrintedValue(NamedTuple):
    """The value of ``tokens``, printed between two places."""

    tokens: tuple[Token, ...]
    start: int
    end: int


def is_of_an_array(tokens: Sequence[Token]) -> bool:
    """Whether a value is the shape or the type of an array, and no number of the network: ``W1.shape``."""
    return len(tokens) > 2 and tokens[-2].text == "." and tokens[-1].text in _OF_AN_ARRAY


class Waiting:
    """The statements whose output has not been met, in their order."""

    def __init__(self) -> None:
        self.closed_by: dict[int, int] = {}
        self._waiting: deque[tuple[PrintedPart, ...]] = deque(maxlen=MAX_WAITING)
        self._again = set[tuple[PrintedPart, ...]]()

    def add(self, parts: Sequence[PrintedPart], *, again: bool = False) -> None:
        """One more statement that prints; ``again``: it stands in a loop, and what it says in words is met again."""
        if any(part.tokens for part in parts):
            self._waiting.append(tuple(parts))
            if again and any(part.text for part in parts):
                self._again.add(tuple(parts))

    def _met(self) -> None:
        """The first statement has printed; in a loop it does so again after the others."""
        parts = self._waiting.popleft()
        if parts in self._again:
            self._waiting.append(parts)

    def forget(self) -> None:
        """What was printed so far is met."""
        self._waiting.clear()

    def begins(self, text: str, start: int, end: int) -> bool:
        """Whether the words with which a statement prints begin here."""
        waiting = (self._waiting[i] for i in range(min(len(self._waiting), MAX_PASSED)))
        return any(parts[0].text and _words(parts[0].text).match(text, start, end) for parts in waiting)

    def matched(self, text: str, start: int, end: int, *, last: bool) -> list[PrintedValue] | None:
        """The values of an output that begins at ``start``; None where no statement printed it.

        ``last``: only the statement right above may have printed it.
        """
        if last:
            found = self._matched(text, start, end, self._waiting[-1], last=True) if self._waiting else None
            if found is not None:
                self._waiting.pop()
            return found
        for passed in range(min(len(self._waiting), MAX_PASSED)):
            found = self._matched(text, start, end, self._waiting[passed])
            if found is not None:
                for _ in range(passed + 1):
                    self._met()
                return found
        return None

    def _matched(
        self, text: str, start: int, end: int, parts: Sequence[PrintedPart], *, last: bool = False
    ) -> list[PrintedValue] | None:
        found: list[PrintedValue] = []
        at = start
        for part in parts:
            blanks = _BLANKS.match(text, at, end)
            at = blanks.end() if blanks is not None else at
            if part.text:
                said = _words(part.text).match(text, at, end)
                if said is None:
                    return None
                at = said.end()
                continue
            after = value_end(text, at, end, self.closed_by)
            if after == at:
                return None
            found.append(PrintedValue(part.tokens, at, after))
            at = after
        newline = text.find("\n", at, end)
        rest = text[at : end if newline < 0 else newline].strip()
        return found if rest in ("", ")", ",", ".") or (last and _REMARK.fullmatch(rest)) else None


@lru_cache(maxsize=1024)
def _words(text: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, text.split())))


def parts_of(text: str, given: Sequence[Sequence[Token]], code: str) -> list[PrintedPart]:
    """What a print statement with these arguments prints."""
    found: list[PrintedPart] = []
    arguments = [list(one) for one in given if not (len(one) > 1 and one[1].kind == "relation")]
    for one in arguments:
        prefixed = len(one) == 2 and one[0].text.lower() in ("f", "r", "rf", "fr") and one[1].kind == "string"
        if len(one) == 1 and one[0].kind == "string":
            found += [PrintedPart(_said(text[one[0].start : one[0].end]), ())]
        elif prefixed and "f" in one[0].text.lower():
            found += _fields(text, one[1], code)
        elif any(token.kind == "string" for token in one):
            return []
        else:
            found.append(PrintedPart("", tuple(one)))
    return [part for part in found if part.text or part.tokens]


def tuple_parts(tokens: Sequence[Token]) -> list[PrintedPart]:
    """What a statement shows that is an expression: its value; of ``dw, db`` the values in brackets."""
    values: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.text == "," and depth == 0:
            values.append([])
        else:
            values[-1].append(token)
    if len(values) == 1 or not all(values):
        return [PrintedPart("", tuple(tokens))]
    found: list[PrintedPart] = []
    for value in values:
        found += [PrintedPart("," if found else "(", ()), PrintedPart("", tuple(value))]
    return [*found, PrintedPart(")", ())]


def _said(string: str) -> str:
    found = _STRING.match(string)
    return (found[3] if found is not None else string).replace("\\n", " ").replace("\\t", " ").strip()


def _fields(text: str, string: Token, code: str) -> list[PrintedPart]:
    """The pieces of an f-string."""
    found: list[PrintedPart] = []
    at = string.start + 1
    for field in _FIELD.finditer(text, at, string.end - 1):
        said = _said(text[at : field.start()])
        shown = field[1] + "=" if field.group().rstrip("}").endswith("=") else ""
        found += [PrintedPart(said + shown, ())] if said or shown else []
        found.append(PrintedPart("", tuple(unrolled(code_tokens(text, code, field.start(1), field.end(1))))))
        at = field.end()
    said = _said(text[at : string.end - 1])
    return [*found, PrintedPart(said, ())] if said else found


__all__ = ["PrintedPart", "PrintedValue", "Waiting", "parts_of", "tuple_parts"]
