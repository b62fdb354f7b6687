"""Quantities that a program builds up in parts: ``dz = -db``, and further down ``dz += dg*g*(1 - g)``.

The first statement gives a part and not the quantity; the sum is a claim where it is complete, which is where the
next thing that is done with the name is no step. A name that is given another value before anything reads it had a
part, too: what is missing is then the ``+``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from derive.patterns import regex
from derive.verification.reading.program_lines import CodeLine
from derive.verification.reading.token import Token

PART, SUM = "=part", "=sum"
"""The signs of a chain about a part, and of one about all parts together."""
MAX_STEPS = 100
"""A quantity is built up in at most so many steps."""
MAX_LINE = 2_000
"""A step stands on a line of at most so many characters."""
_WORD = regex(r"(?<![\w.])[A-Za-z_]\w*")
_QUOTED = regex(r"\"[^\"\n]*\"|'[^'\n]*'")
_SIGNS = {"+=": "+", "-=": "-"}
Following = Literal["added", "scaled", "replaced", "used"]


class BuiltStep(NamedTuple):
    """A step: its sign, and what is added, or multiplied by."""

    sign: str
    by: list[Token]


@dataclass
class BuiltUp:
    """What one program builds up.

    Attributes:
        batch: there are several samples, and a quotient is their mean.
        sums: what the parts are so far, by name.
        scaled: names of which the parts are multiplied by something afterwards: no part is one of the quantity's.
    """

    text: str
    batch: bool = False
    sums: dict[str, list[Token]] = field(default_factory=dict)
    scaled: set[str] = field(default_factory=set)
    _places: dict[str, list[int]] = field(default_factory=dict)
    _indents: dict[str, int] = field(default_factory=dict)

    def look_through(self, lines: Iterable[CodeLine]) -> None:
        """Notes where the words of a region stand, those in texts and comments left out."""
        for line in lines:
            code = _QUOTED.sub(lambda found: " " * len(found.group()), self.text[line.start : line.end])
            for found in _WORD.finditer(code):
                self._places.setdefault(found.group(), []).append(line.start + found.start())

    def begins(self, name: str, after: int) -> Following:
        """What is done next with a name that is given a value; all steps up to the next use are looked at."""
        first, place = self._following(name, after)
        following = first
        self.scaled.discard(name)
        for _ in range(MAX_STEPS):
            if following not in ("added", "scaled"):
                break
            self.scaled |= {name} if following == "scaled" else set()
            end = self.text.find("\n", place)
            following, place = self._following(name, end if end >= 0 else len(self.text))
        return first

    def take(self, name: str, value: list[Token], start: int) -> None:
        """A first value, the statement of which begins at a place."""
        self.sums[name], self._indents[name] = value, self._indent(start)

    def add(self, name: str, value: list[Token]) -> None:
        """What a value is after a step."""
        self.sums[name] = value

    def goes_on(self, name: str, after: int) -> bool:
        """Whether another step follows before the name is used."""
        return self._following(name, after)[0] in ("added", "scaled")

    def step(
        self, left: Sequence[Token], sign: str, right: list[Token], *, over_samples: bool = False
    ) -> BuiltStep | None:
        """The step that a statement makes with a name that has a value; not one that a loop makes again and again.

        ``over_samples``: the statement stands in a loop over the samples, and adds up what each of them has.
        """
        name = left[0].text
        if name not in self.sums:
            return None
        if self._indent(left[0].start) != self._indents[name]:
            found = self._plain_step(left, sign, right) if over_samples else None
            return found._replace(by=_summed(found.by)) if found is not None and found.sign in _SIGNS.values() else None
        return self._plain_step(left, sign, right)

    @staticmethod
    def _plain_step(left: Sequence[Token], sign: str, right: list[Token]) -> BuiltStep | None:
        name = left[0].text
        if sign in _SIGNS:
            return BuiltStep(_SIGNS[sign], right) if len(left) == 1 else None
        if len(left) == 2 and left[1].text in ("*", "o", "/"):
            return BuiltStep(left[1].text, right)
        if len(left) != 1 or len(right) < 3:
            return None
        if right[0].text == name and right[1].text in ("*", "o", "/"):
            return BuiltStep(right[1].text, right[2:]) if _is_factor(right[2:]) else None
        if right[0].text == name and right[1].text in ("+", "-"):
            return BuiltStep("+", right[2:] if right[1].text == "+" else right[1:])
        if right[-1].text == name and right[-2].text == "+":
            return BuiltStep("+", right[:-2])
        return None

    @staticmethod
    def added(step: BuiltStep) -> list[Token]:
        """What a step adds."""
        if step.sign == "+":
            return list(step.by)
        start = step.by[0].start
        return [Token("op", "-", start, start), *_bracketed(step.by, step.by[-1].end)]

    def stepped(self, name: str, step: BuiltStep) -> list[Token]:
        """All parts so far with one more, in the place of the latter."""
        start, end = step.by[0].start, step.by[-1].end
        before = [token._replace(start=start, end=start) for token in self.sums[name]]
        if not before:
            return self.added(step)
        return [*_bracketed(before, start), Token("op", step.sign, start, start), *_bracketed(step.by, end)]

    def _following(self, name: str, after: int) -> tuple[Following, int]:
        places = self._places.get(name, [])
        i = bisect_right(places, after)
        if i == len(places):
            return "used", after
        at = places[i]
        start = self.text.rfind("\n", 0, at) + 1
        line = self.text[at : at + MAX_LINE].partition("\n")[0].partition("#")[0]
        behind = line[len(name) :].lstrip()
        if self.text[start:at].strip() not in ("", ">>>"):
            return "used", at
        if behind[:2] in ("+=", "-="):
            return "added", at
        if behind[:2] in ("*=", "/="):
            return "added" if self.batch and behind[0] == "/" else "scaled", at
        if behind[:1] != "=" or behind[:2] == "==":
            return "used", at
        right = behind[1:].strip()
        if not re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", right):
            return "replaced", at
        if re.fullmatch(rf"{re.escape(name)}\s*[*/]\s*(?:[\w.]+|\w*\([^()]*\))", right):
            return ("added" if self.batch and "/" in right else "scaled"), at
        said = rf"{re.escape(name)}\s*[-+](?!.*(?<![\w.]){re.escape(name)}(?!\w))|.*[)\w]\s*\+\s*{re.escape(name)}\Z"
        return ("added" if re.match(said, right) else "used"), at

    def _indent(self, place: int) -> int:
        start = self.text.rfind("\n", 0, place) + 1
        return len(self.text[start:place]) - len(self.text[start:place].lstrip())


def is_zero(right: Sequence[Token]) -> bool:
    """Whether a value is 0, or an array of zeros: there are no parts yet."""
    texts = [token.text for token in right]
    return texts in (["0"], ["0.0"], ["0."]) or texts[:1] in (["zeros"], ["zeros_like"])


def _is_factor(value: Sequence[Token]) -> bool:
    """Whether a value is one number, name, call, or stands in brackets."""
    depth, closed = 0, False
    for token in value:
        if closed or (not depth and token.kind == "op" and token.text not in ("(", "[")):
            return False
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        closed = depth == 0 and token.text in (")", "]")
    return bool(value) and (len(value) == 1 or closed)


def _summed(value: Sequence[Token]) -> list[Token]:
    """The sum over what each sample has."""
    start, end = value[0].start, value[-1].end
    head = [Token("word", "sum", start, start), Token("op", "(", start, start)]
    return [*head, *value, Token("op", ")", end, end)]


def _bracketed(value: Sequence[Token], place: int) -> list[Token]:
    if len(value) == 1:
        return list(value)
    start = value[0].start
    return [Token("op", "(", start, start), *value, Token("op", ")", place, place)]


__all__ = ["PART", "SUM", "BuiltStep", "BuiltUp", "is_zero"]
