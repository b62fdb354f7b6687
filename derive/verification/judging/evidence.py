"""What the other lines of a file say about a wrong one: which quantities are right, and which other numbers wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from flint import fmpq

from derive.arithmetic.numbers import plain
from derive.arithmetic.reals import Value
from derive.records import record
from derive.verification.comparing.chain import NoValue, TooHard
from derive.verification.comparing.scale import MAX_BINARY_EXPONENT
from derive.verification.judging.judge import Hearing

Ends: TypeAlias = tuple[fmpq, fmpq]
"""The least and the greatest number that something can be."""
MAX_LINES_APART = 40
"""At most this many lines before a wrong one speak about it, and as many after it."""
MAX_OF_ONE_NAME = 8
"""At most this many farther ones do that give the same quantity after another update, or in another sample."""


@record(eq=False)
class Testimony:
    """One chain of a file: the quantity, whether all of it holds, and the number that it ends with, if it does."""

    hearing: Hearing
    subject: str
    holds: bool
    number: Ends | None


@dataclass(slots=True)
class Evidence:
    """The chains of one file, in its order, as far as they give a quantity rightly or end with a wrong number."""

    lines: list[Testimony] = field(default_factory=list)
    _places: dict[int, int] = field(default_factory=dict)
    _of_name: dict[str, list[int]] = field(default_factory=dict)

    def take(self, hearing: Hearing) -> None:
        """What a judged chain says."""
        name = hearing.sides[hearing.subject].subject
        if name is None or not hearing.about_quantity:
            return
        self._places[id(hearing)] = len(self.lines)
        last = max((i for i, state in enumerate(hearing.states) if state != "none"), default=0)
        number = interval_of(hearing, last) if hearing.sides[last].number is not None else None
        before = len(self.lines)
        if all(finding.verdict in ("holds", "rounding") for finding in hearing.findings):
            self.lines.append(Testimony(hearing, name, True, number))
        elif hearing.states[last] == "wrong" and number is not None:
            self.lines.append(Testimony(hearing, name, False, number))
        if len(self.lines) > before:
            self._of_name.setdefault(_bare(name), []).append(before)

    def settled(self, about: Hearing, subject: str | None) -> tuple[tuple[str, Ends | None], ...]:
        """The quantities but the subject that are right in the lines around a chain, with the numbers there."""
        return tuple((t.subject, t.number) for t in self._around(about, subject) if t.holds)

    def stated(self, about: Hearing, subject: str | None) -> tuple[tuple[str, Ends], ...]:
        """The wrong numbers of other quantities in the lines around a chain."""
        around = self._around(about, subject)
        return tuple((t.subject, t.number) for t in around if not t.holds and t.number is not None)

    def _around(self, about: Hearing, subject: str | None) -> list[Testimony]:
        at = self._places.get(id(about), len(self.lines))
        near = range(max(at - MAX_LINES_APART, 0), min(at + MAX_LINES_APART, len(self.lines)))
        far = [i for i in self._of_name.get(_bare(subject or ""), ()) if i not in near][:MAX_OF_ONE_NAME]
        lines = (self.lines[i] for i in (*far, *near))
        return [line for line in lines if line.hearing is not about and line.subject != subject]


def _bare(name: str) -> str:
    """A quantity without the update and the sample that it is in."""
    return name.partition("@")[0].partition("[")[0].removesuffix("'")


def interval_of(hearing: Hearing, i: int) -> Ends | None:
    """What a side stands for at the spec's values, with rational ends."""
    try:
        span = hearing.span(i)
    except (NoValue, TooHard):
        return None
    return rational(span.low, -1), rational(span.high, 1)


def rational(value: Value, direction: int) -> fmpq:
    """A rational just outside the end of an interval; of one past all that can be written, one as far out as that."""
    if type(value) is fmpq:
        return value
    ball = plain(value)
    mantissa, exponent = (ball.upper() if direction > 0 else ball.lower()).man_exp()
    if exponent < -MAX_BINARY_EXPONENT:  # a fraction of so many digits would fill gigabytes
        return (
            direction * fmpq(2) ** (mantissa.bit_length() - MAX_BINARY_EXPONENT)
            if mantissa * direction > 0
            else fmpq(0)
        )
    return fmpq(mantissa) * fmpq(2) ** min(int(exponent), MAX_BINARY_EXPONENT)


__all__ = ["Ends", "Evidence", "interval_of", "rational"]
