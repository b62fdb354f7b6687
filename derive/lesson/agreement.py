"""How many digits the numbers of a line need, so that a pocket calculator finds from them what is printed below.

Where digits cancel (``1 - a`` of a saturated unit, ``ŷ - t`` near the target), the digits that a page usually has say
nothing of the result. A line is worked from its printed numbers; where the outcome differs from the printed result by
more than :data:`SLIP` units of its last place, the number that is to blame gets a digit more, until the line comes out.
A number has the same digits wherever it stands on the page, so that the lines that gave it are looked at again.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Protocol, cast

from flint import arb, ctx, fmpq

from derive.arithmetic.numbers import plain
from derive.arithmetic.numbers import settled as without_residue
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import power_of_ten
from derive.expressions.evaluate import compiled
from derive.expressions.tree import Expr, names_in
from derive.lesson.quantity import Quantity

SLIP = fmpq(5, 2)
"""What a reader finds, rounded to the printed digits, may be two units of the last place off: rounding adds up."""
HALF = fmpq(1, 2)
MAX_LOOKED_AT_EACH = 12
"""Of at most this many rounded numbers in a line, only the worst one gets more digits at a time."""
ALIKE = 10.0
"""Of more numbers all those do that are at most so many times less to blame than the worst one."""


CARRIED = 10
"""Where rounding is carried, digits cancelled where it is more than one part in so many of a result"""
UNITS = 10
"""and more than so many units of the last place;"""
LOST = 100
"""or where it is more than so many units, so that the last two places and more say nothing,"""
AMPLIFIED = 10
"""and so many times more than a number of the line is off by already, in units of its own last place."""
ENOUGH_BITS = 4096


class Digits(Protocol):
    """The numbers of a page, and how they are printed with more digits than asked for."""

    def true(self, quantity: Quantity) -> Value:
        """The number before it was rounded to be printed."""

    def fixed(self, quantity: Quantity) -> bool:
        """Whether more digits change nothing: the number is printed exactly."""

    def rounded(self, quantity: Quantity, more: int) -> Value:
        """The number as it is printed with so many more digits than asked for."""

    def next(self, quantity: Quantity, more: int) -> int:
        """The next number of more digits than asked for with which it may be another number."""

    def most(self, quantity: Quantity) -> int:
        """How many more digits it may have."""


class PageLine:
    """A quantity, the formula by which the page works it, and what the names in it stand for.

    ``shown``: the page shows the line, or the formula; otherwise a reader who knows the formula can work it.
    """

    def __init__(
        self, quantity: Quantity, formula: Expr, values: Mapping[str, Quantity], at_zero: fmpq, *, shown: bool = True
    ) -> None:
        self.quantity, self.shown = quantity, shown
        self.formula, self._at_zero = formula, at_zero
        self._names = names_in(formula)
        self.operands = tuple(values[name] for name in self._names)

    @property
    def values(self) -> dict[str, Quantity]:
        """What the names in the formula stand for."""
        return dict(zip(self._names, self.operands, strict=True))

    @property
    def _key(self) -> tuple[object, ...]:
        return self.quantity, self.operands, self._names, self.formula, self._at_zero, self.shown

    @cached_property
    def _hash(self) -> int:
        return hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        """Two lines that work the same number in the same way are one."""
        return self is other or (isinstance(other, PageLine) and self._hash == other._hash and self._key == other._key)

    def of(self, quantity: Quantity) -> PageLine:
        """The same line of another quantity that has the same number."""
        other = copy(self)
        other.quantity = quantity
        vars(other).pop("_hash", None)
        return other

    @cached_property
    def compute(self) -> Callable[..., Value]:
        """What the formula gives with numbers of the operands, in their order."""
        return compiled(self.formula, self._names, self._at_zero)


def more_digits(
    page: Digits, line: PageLine, known: Mapping[Quantity, int], result: Value, place: int
) -> dict[Quantity, int] | None:
    """How many more digits the numbers of a line must have, so that it gives ``result`` to the power of ten ``place``.

    Args:
        page: the numbers.
        line: the line.
        known: how many more digits numbers have already.
        result: what must come out.
        place: the last place of the result.

    Returns:
        The numbers that must have more digits than they have, none where the line comes out; None where no number of
        digits makes it come out.
    """
    work = _Work(page, line, known, result, power_of_ten(place))
    if not work.loose or work.comes_out() or (not line.shown and work.will_do()) or not work.can_come_out():
        return {}
    return work.raised()


def cancelled(found: Value, result: Value, unit: fmpq, carried: Callable[[], Value]) -> bool:
    """Whether what is found has little left of the result, as digits cancelled.

    Where rounding is carried from line to line a result may be a little off, but rounding must not be all that is left,
    and no line may lose what the numbers in it still have: over a thousand layers slips add up, no line is to blame.
    ``unit``: of the last place of the result; ``carried``: by how many units of its last place a number is off.
    """
    off, size = magnitude(found - result), magnitude(result)
    if size == 0:
        return False
    if off > LOST * unit and off > AMPLIFIED * carried() * unit:
        return True
    if off * CARRIED < size:
        return False
    if not off * CARRIED > size:
        return not at_last()
    return magnitude(found) == 0 or bool(off > UNITS * unit)


def digits_within(
    page: Digits,
    lines: Sequence[PageLine],
    known: Mapping[Quantity, int],
    result: Callable[[Quantity, int], tuple[Value, int] | None],
) -> Mapping[Quantity, int]:
    """How many more digits than asked for numbers have in some lines, so that each rounds to the number below it.

    The arguments are those of :func:`settled`. A line that no number of digits makes come out leaves them as they are.
    """
    more = {quantity: known.get(quantity, 0) for line in lines for quantity in line.operands}
    start = dict(more)
    waiting = True
    while waiting:
        waiting = False
        for line in lines:
            expected = result(line.quantity, more.get(line.quantity, known.get(line.quantity, 0)))
            if expected is None:
                continue
            work = _ToTheDigit(page, line, more, expected[0], power_of_ten(expected[1]))
            raised = work.raised() if work.loose and not work.comes_out() else None
            if raised:
                more.update(work.trimmed(raised))
                waiting = len(lines) > 1
    return {quantity: digits for quantity, digits in more.items() if digits > start[quantity]}


class _Work:
    """One line while its numbers get digits."""

    def __init__(self, page: Digits, line: PageLine, known: Mapping[Quantity, int], result: Value, unit: fmpq) -> None:
        self._page, self._line, self._result, self._unit = page, line, result, unit
        self._start = {q: known.get(q, 0) for q in line.operands}
        self._more = dict(self._start)
        self.loose = [i for i, q in enumerate(line.operands) if not page.fixed(q)]
        self._numbers: list[Value] = []
        if self.loose:
            self._numbers = [page.rounded(q, self._more[q]) for q in line.operands]

    def comes_out(self) -> bool:
        """Whether the printed numbers give the result."""
        off = self._off(self._numbers)
        return off is not None and _small(off)

    def will_do(self) -> bool:
        """The same, of a line that the page does not show: whether enough is left of the result."""
        try:
            found = self._line.compute(*self._numbers)
        except (OutsideDomain, Undecided):
            return False
        return not cancelled(found, self._result, self._unit, fmpq)

    def can_come_out(self) -> bool:
        """Whether the numbers themselves give it: the line is what the formula says."""
        off = self._off(self._true)
        return off is not None and _small(off)

    @property
    def _true(self) -> list[Value]:
        loose = set(self.loose)
        return [self._page.true(q) if i in loose else self._numbers[i] for i, q in enumerate(self._line.operands)]

    def _off(self, numbers: Sequence[Value]) -> Value | None:
        """How many units of the last place the line is off; None where it has no value with these numbers."""
        try:
            return magnitude(self._line.compute(*numbers) - self._result) / self._unit
        except (OutsideDomain, Undecided):  # with printed numbers: a tie that more digits part
            return None

    def raised(self) -> dict[Quantity, int] | None:
        """The digits with which the line comes out; None where they are too many."""
        true = self._true
        while not self.comes_out():
            worst = self._to_blame(true)
            if not all(self._raise(i) for i in worst):
                return None
        return {q: more for q, more in self._more.items() if more > self._start[q]}

    def _to_blame(self, true: Sequence[Value]) -> list[int]:
        """The numbers whose rounding throws the line off most."""
        if len(self.loose) == 1:
            return self.loose
        if len(self.loose) > MAX_LOOKED_AT_EACH:
            blame = {i: _size(self._numbers[i] - true[i]) for i in self.loose}
        else:
            blame = {i: self._alone(true, i) for i in self.loose}
        worst = max(blame.values())
        if len(self.loose) <= MAX_LOOKED_AT_EACH:
            return [next(i for i in self.loose if blame[i] == worst)]
        return [i for i in self.loose if blame[i] * ALIKE >= worst]

    def _alone(self, true: Sequence[Value], i: int) -> float:
        """How far off the line is where only this number is rounded."""
        off = self._off([*true[:i], self._numbers[i], *true[i + 1 :]])
        return float("inf") if off is None else _size(off)

    def _raise(self, i: int) -> bool:
        """More digits for a number, until they change it; whether it may have as many."""
        quantity = self._line.operands[i]
        before, most = self._numbers[i], self._page.most(quantity)
        while self._numbers[i] == before:
            self._more[quantity] = self._page.next(quantity, self._more[quantity])
            if self._more[quantity] > most:
                return False
            self._numbers[i] = self._page.rounded(quantity, self._more[quantity])
        for j in self._places[quantity]:
            self._numbers[j] = self._numbers[i]
        return True

    @cached_property
    def _places(self) -> Mapping[Quantity, list[int]]:
        """Where each quantity stands: it may have several names."""
        found: defaultdict[Quantity, list[int]] = defaultdict(list)
        for i, quantity in enumerate(self._line.operands):
            found[quantity].append(i)
        return found


class _ToTheDigit(_Work):
    """One line while its numbers get digits until it rounds to what is printed below it."""

    def comes_out(self) -> bool:
        """Whether what a reader finds from the printed numbers rounds to the printed result."""
        try:
            found = without_residue((self._line.compute(*self._numbers) - self._result) / self._unit)
        except (OutsideDomain, Undecided):
            return False
        outwards = found if self._result > 0 else -found
        if -HALF <= outwards < HALF:
            return True
        return at_last() if isinstance(outwards, arb) and not (outwards < -HALF or outwards >= HALF) else False

    def trimmed(self, raised: dict[Quantity, int]) -> dict[Quantity, int]:
        """The same digits without those that others made needless."""
        for quantity in raised if len(raised) > 1 else ():
            while self._more[quantity] > self._start[quantity]:
                self._put(quantity, self._more[quantity] - 1)
                if not self.comes_out():
                    self._put(quantity, self._more[quantity] + 1)
                    break
        return {quantity: self._more[quantity] for quantity in raised}

    def _put(self, quantity: Quantity, more: int) -> None:
        self._more[quantity] = more
        number = self._page.rounded(quantity, more)
        for i in self._places[quantity]:
            self._numbers[i] = number


def magnitude(value: Value) -> Value:
    """The size of a number, without a residue."""
    plain = without_residue(value)
    return plain if plain >= 0 else -plain if plain < 0 else cast(Value, abs(plain))


def _small(off: Value) -> bool:
    """Whether a line is off by no more than rounding adds up to."""
    if isinstance(off, fmpq):
        return bool(off < SLIP)
    if off < SLIP:
        return True
    if off > SLIP:
        return False
    return at_last()


def at_last() -> bool:
    """True where a ball that is too wide has as many bits as anything needs: what it cannot decide is a tie.

    Raises:
        Undecided: where more bits may decide it.
    """
    if ctx.prec < ENOUGH_BITS:
        raise Undecided
    return True


def _size(value: Value) -> float:
    """About how large a number is; only to compare which is the larger one."""
    ball = plain(magnitude(value))
    return float(ball) if ball < arb(10) ** 300 else float("inf")


def settled(
    page: Digits,
    lines: Sequence[PageLine],
    known: Mapping[Quantity, int],
    result: Callable[[Quantity, int], tuple[Value, int] | None],
) -> tuple[dict[Quantity, int], bool]:
    """How many more digits the numbers of a page must have, so that each of its lines comes out.

    Args:
        page: the numbers.
        lines: the lines.
        known: how many more digits numbers have already.
        result: a quantity as it is printed with so many more digits, and the power of ten of its last place; None
            where there is nothing to come out.

    Returns:
        The digits, and whether there is a line that no number of digits makes come out.
    """
    more, short = dict(known), False
    waiting = OrderedDict.fromkeys(lines)  # the first one of a plain dict is found past all that have left it
    touching: dict[Quantity, list[PageLine]] = {}
    while waiting:
        line, _ = waiting.popitem(last=False)
        expected = result(line.quantity, more.get(line.quantity, 0))
        raised = more_digits(page, line, more, *expected) if expected is not None else {}
        if raised is None:
            short = True
        elif raised:
            touching = touching or _by_quantity(lines)
            more.update(raised)
            waiting.update(dict.fromkeys(other for quantity in raised for other in touching[quantity]))
    return more, short


def _by_quantity(lines: Iterable[PageLine]) -> dict[Quantity, list[PageLine]]:
    """The lines in which a quantity stands, above or below."""
    found: defaultdict[Quantity, list[PageLine]] = defaultdict(list)
    for line in lines:
        for quantity in {line.quantity, *line.operands}:
            found[quantity].append(line)
    return found
