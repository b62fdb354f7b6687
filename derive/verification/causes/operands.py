"""A calculation laid beside the formula that it works out: does exactly one number stand in a wrong place?

``0.0881*0.8453 + 0.1710*0.1522`` beside ``w2_1_1*a1_1 + w2_1_2*a1_2``: the terms that agree are put together, then the
factors, until one number is left that stands where something else belongs. If more than one is left, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from derive.expressions.tree import Call, Expr, Name, Negative, Number, Power, Product, Quotient, Sum
from derive.records import record

MAX_OPERANDS = 40
"""At most this many operands of one sum or product are laid beside each other."""
MAX_DEPTH = 12
"""At most this deep a calculation is laid beside its formula."""
MAX_STEPS = 8
"""At most this many quantities are written out on the way to a calculation."""


class Sizes(Protocol):
    """What the alignment asks about values."""

    def fits(self, written: Expr, wanted: Expr) -> bool:
        """Whether a written part stands for a part of the formula, whatever its sign."""

    def sign(self, expr: Expr) -> int:
        """The sign of a part at the spec's values."""

    def is_one(self, expr: Expr) -> bool:
        """Whether a part is 1 or -1 exactly."""

    def is_nought(self, expr: Expr) -> bool:
        """Whether a part is 0 exactly."""

    def expanded(self, name: str) -> Expr | None:
        """The formula of a quantity."""


@record
class Misfit:
    """The one place in which a calculation and its formula differ.

    Attributes:
        written: what stands there; ``wanted``: what belongs there.
        beside: another factor of the same product, as it is written.
        sign: only the sign is another one.
    """

    written: Expr
    wanted: Expr
    beside: Expr | None = None
    sign: bool = False


class Unlike(Exception):
    """The calculation and the formula are not made alike, or differ in several places."""


def misfit(written: Expr, formulas: Sequence[Expr], sizes: Sizes) -> Misfit | None:
    """The one operand of a calculation that does not fit one of the formulas; None where it is not that."""
    for formula in formulas:
        try:
            found = _Alignment(sizes).sums(written, formula, 0)
        except Unlike:
            continue
        if found is not None and found.written is not written and (found.sign or _is_leaf(found.wanted)):
            return found
    return None


class _Alignment:
    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes

    def sums(self, written: Expr, wanted: Expr, depth: int) -> Misfit | None:
        """What differs between two sums; None where nothing does."""
        here = [term for term in _terms(written) if not self.sizes.is_nought(term)]
        there = [term for term in _terms(wanted) if not self.sizes.is_nought(term)]
        if depth > MAX_DEPTH or max(len(here), len(there)) > MAX_OPERANDS:
            raise Unlike
        if len(here) == 1 and len(there) != 1 and not isinstance(here[0], Product | Quotient):
            return self._single(here[0], wanted, depth)
        return self._matched(here, there, lambda one, other: self._products(one, other, depth + 1))

    def _matched(
        self, here: list[Expr], there: list[Expr], compare: Callable[[Expr, Expr], Misfit | None]
    ) -> Misfit | None:
        """Equal parts put together, those in the same place first; what differs between the two that are left."""
        if len(here) != len(there):
            raise Unlike
        rest: list[Expr] = []
        left = list(there)
        order = sorted(range(len(here)), key=lambda i: not _agree(compare, here[i], there[i]))
        for i in order:
            places = [there[i], *left] if there[i] in left else left
            found = next((part for part in places if _agree(compare, here[i], part)), None)
            if found is None:
                rest.append(here[i])
            else:
                left.remove(found)
        if not rest:
            return None
        if len(rest) > 1:
            raise Unlike
        return compare(rest[0], left[0])

    def _products(self, written: Expr, wanted: Expr, depth: int) -> Misfit | None:
        """What differs between two terms."""
        here = [part for part in _factors(written) if not self.sizes.is_one(part[0])]
        there = [part for part in _factors(wanted) if not self.sizes.is_one(part[0])]
        there = self._longer(here, there)
        found = None
        if len(here) == len(there):
            found = self._factors(here, there, depth)
        elif len(here) == 1 and not here[0][1]:
            found = self._single(here[0][0], wanted, depth)
        elif len(there) == 1 and isinstance(there[0][0], Name):
            return self._expanded(written, wanted, depth)
        else:
            raise Unlike
        if self.sizes.sign(written) == self.sizes.sign(wanted) or (found is not None and found.sign):
            return found
        if found is not None:
            apart = self.sizes.sign(found.written) != self.sizes.sign(found.wanted)
            if apart and _is_number(found.written):
                return found
            raise Unlike
        place = self._unsigned(here, [part for part, _ in there if self.sizes.sign(part) < 0], _is_negative(written))
        if place is not None:
            return place
        return Misfit(written, wanted, sign=True)

    def _unsigned(self, here: list[tuple[Expr, bool]], negative: list[Expr], leading: bool) -> Misfit | None:
        """The one negative quantity put in without its sign; a ``leading`` minus belongs to the first factor."""
        found: list[Misfit] = []
        for quantity in negative:
            places = [i for i, (part, _) in enumerate(here) if self.sizes.fits(part, quantity)]
            signed = any(isinstance(here[i][0], Negative) or (leading and i == 0) for i in places)
            if places and not signed and isinstance(here[places[0]][0], Number):
                found.append(Misfit(here[places[0]][0], quantity, sign=True))
        return found[0] if len(found) == 1 else None

    def _longer(self, here: list[tuple[Expr, bool]], there: list[tuple[Expr, bool]]) -> list[tuple[Expr, bool]]:
        """The wanted factors, those that do not stand there as they are written out, as long as they are fewer."""
        for _ in range(MAX_STEPS):
            if len(here) <= len(there):
                break
            missing = (i for i, part in enumerate(there) if not any(self._is_in_place(p, part) for p in here))
            found = next(((i, written) for i in missing if (written := self._written_out(there[i]))), None)
            if found is None:
                break
            i, parts = found
            there = [*there[:i], *parts, *there[i + 1 :]]
        return there

    def _is_in_place(self, one: tuple[Expr, bool], other: tuple[Expr, bool]) -> bool:
        return one[1] is other[1] and self.sizes.fits(one[0], other[0])

    def _written_out(self, part: tuple[Expr, bool]) -> list[tuple[Expr, bool]]:
        """The factors of the formula of a quantity; none where it is no product."""
        name, below = part
        formula = self.sizes.expanded(name.name) if isinstance(name, Name) else None
        parts = _factors(formula) if formula is not None else []
        return [(p, under is not below) for p, under in parts if not self.sizes.is_one(p)] if len(parts) > 1 else []

    def _factors(self, here: list[tuple[Expr, bool]], there: list[tuple[Expr, bool]], depth: int) -> Misfit | None:
        found = None
        for below in (False, True):
            ours = [part for part, under in here if under is below]
            theirs = [part for part, under in there if under is below]
            one = self._matched(ours, theirs, lambda a, b: self._single(a, b, depth + 1))
            if one is not None:
                if found is not None:
                    raise Unlike
                other = next((p for p, _ in here if p is not one.written and _is_number(p)), None)
                found = one if one.beside is not None or other is None else replace(one, beside=other)
        return found

    def _single(self, written: Expr, wanted: Expr, depth: int) -> Misfit | None:
        """What differs between two factors, their signs apart."""
        if written == wanted:
            return None
        if depth > MAX_DEPTH:
            raise Unlike
        if _is_number(written):
            return None if self.sizes.fits(written, wanted) else Misfit(written, wanted)
        match written, wanted:
            case Call(function=f, arguments=ours), Call(function=g, arguments=theirs) if f == g:
                return self._matched(list(ours), list(theirs), lambda a, b: self.sums(a, b, depth + 1))
            case Power(base=base, exponent=power), Power(base=other, exponent=another) if power == another:
                return self.sums(base, other, depth + 1)
            case Sum(), Sum():
                return self.sums(written, wanted, depth + 1)
        if isinstance(wanted, Name):
            return self._expanded(written, wanted, depth)
        if self.sizes.fits(written, wanted):
            return None
        raise Unlike

    def _expanded(self, written: Expr, wanted: Expr, depth: int) -> Misfit | None:
        if self.sizes.fits(written, wanted):
            return None
        name = wanted.operand if isinstance(wanted, Negative) else wanted
        formula = self.sizes.expanded(name.name) if isinstance(name, Name) else None
        if formula is None or depth > MAX_DEPTH:
            raise Unlike
        return self.sums(written, -formula if isinstance(wanted, Negative) else formula, depth + 1)


def _agree(compare: Callable[[Expr, Expr], Misfit | None], one: Expr, other: Expr) -> bool:
    try:
        return compare(one, other) is None
    except Unlike:
        return False


def _is_number(expr: Expr) -> bool:
    return isinstance(expr.operand if isinstance(expr, Negative) else expr, Number)


def _is_negative(expr: Expr) -> bool:
    """Whether a minus stands before a product."""
    return isinstance(expr, Negative) and not _is_number(expr)


def _is_leaf(expr: Expr) -> bool:
    return _is_number(expr) or isinstance(expr.operand if isinstance(expr, Negative) else expr, Name)


def _terms(expr: Expr) -> list[Expr]:
    """The terms of a sum, the signs before brackets carried in."""
    match expr:
        case Sum(terms=terms):
            return [part for term in terms for part in _terms(term)]
        case Negative(operand=Sum(terms=terms)):
            return [Negative(part) for term in terms for part in _terms(term)]
        case Negative(operand=Negative(operand=operand)):
            return _terms(operand)
        case _:
            return [expr]


def _factors(expr: Expr) -> list[tuple[Expr, bool]]:
    """The factors of a product without a minus before it; ``True`` beside those below a line."""
    if isinstance(expr, Negative) and not isinstance(expr.operand, Number):
        return _factors(expr.operand)
    return _flat(expr)


def _flat(expr: Expr) -> list[tuple[Expr, bool]]:
    match expr:
        case Product(factors=factors):
            return [part for factor in factors for part in _flat(factor)]
        case Quotient(numerator=top, denominator=bottom):
            return [*_flat(top), *((part, not under) for part, under in _flat(bottom))]
        case Negative(operand=Product() | Quotient() as operand):
            return _flat(operand)
        case _:
            return [(expr, False)]


__all__ = ["Misfit", "Sizes", "misfit"]
