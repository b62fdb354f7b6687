"""What an author believes of quantities, and the worlds in which some of it is so."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Literal, TypeAlias

from flint import arb, fmpq

from derive.arithmetic.numbers import as_ball
from derive.arithmetic.reals import Value
from derive.records import record
from derive.verification.comparing.believing import Crowd
from derive.verification.comparing.identity import CompiledFormula
from derive.verification.comparing.side import ScalarSide
from derive.verification.points.point import Point, PointAddress
from derive.verification.points.work import Work

Turn: TypeAlias = tuple[int, int, int]
Mode: TypeAlias = Literal["number", "rounded", "formula"]
"""A believed number as it is written, as all that rounds to it, or the formula where there is one."""
MAX_ALIKE = 64
"""At most this many of the beliefs that round to one number are looked at."""


@record(eq=False)
class Belief:
    """What a wrong line says of a quantity.

    Attributes:
        address: the quantity; ``place``: when its turn comes.
        line: where it first went wrong.
        fresh: whether it went wrong in this very line.
        number: the value that the line ends with, and how far it may be rounded; None where it gives none.
        said: the last wrong formula of the line, None where it gives none.
    """

    address: PointAddress
    place: Turn
    line: int
    fresh: bool
    number: tuple[fmpq, fmpq] | None
    said: ScalarSide | None

    def answer(self, formula: Callable[[ScalarSide], CompiledFormula], world: Point, mode: Mode) -> Value:
        """The number that is believed."""
        if self.number is not None and (mode != "formula" or self.said is None):
            middle, reach = self.number
            return as_ball(middle) + arb(0, arb(reach)) if mode == "rounded" else middle
        assert self.said is not None
        return formula(self.said).at(world)


class Believers:
    """Some of the beliefs of a file, the newest last: together a world of their own."""

    def __init__(self, formula: Callable[[ScalarSide], CompiledFormula], work: Work) -> None:
        self.held: dict[PointAddress, Belief] = {}
        self._crowd = Crowd()
        self._formula, self._work = formula, work
        self._sizes: list[tuple[fmpq, int]] = []
        self._numbered: dict[int, Belief] = {}
        self._number_of: dict[PointAddress, int] = {}
        self._count = 0

    def put(self, belief: Belief) -> None:
        """Believe it, as the newest."""
        self.drop(belief.address)
        self.held[belief.address] = belief
        self._crowd.put(belief.address, belief)
        if belief.number is not None and belief.number[0] != 0:
            self._count += 1
            self._numbered[self._count] = belief
            self._number_of[belief.address] = self._count
            insort(self._sizes, (abs(belief.number[0]), self._count))

    def drop(self, address: PointAddress) -> None:
        """Believe nothing of a quantity."""
        belief = self.held.pop(address, None)
        if belief is None:
            return
        self._crowd.drop(address)
        number = self._number_of.pop(address, None)
        if number is not None and belief.number is not None:
            del self._numbered[number]
            del self._sizes[bisect_left(self._sizes, (abs(belief.number[0]), number))]

    def world(self, base: Point, mode: Mode, besides: tuple[PointAddress, ...] = ()) -> Point:
        """The world among these beliefs, besides what is believed of some quantities."""
        answer = partial(Belief.answer, formula=self._formula, world=base, mode=mode)
        return self._crowd.world(base, mode, answer, self._work, besides)

    def rounding_to(self, size: fmpq, reach: fmpq) -> Iterator[Belief]:
        """The beliefs in numbers of about this size, the newest first."""
        first = bisect_left(self._sizes, (size - reach, 0))
        near = islice(self._sizes, first, first + MAX_ALIKE)
        found = sorted((number for value, number in near if value <= size + reach), reverse=True)
        return (self._numbered[number] for number in found)


__all__ = ["Belief", "Believers", "Mode", "Turn"]
