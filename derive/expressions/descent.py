"""The one grammar of formulas: for the expressions of specs, and for both sides of claims.

::

    sum      = signs product { ("+" | "-") signs product }
    product  = power { ("*" | "/") signs power }
    power    = atom { "^" signs atom }               grouped from the right
    signs    = { "+" | "-" }

A minus sign so binds weaker than a product and a power: ``-a*b`` is ``-(a*b)``, ``-x^2`` is ``-(x^2)``. A reader says
what its tokens and atoms are (brackets are atoms, too) and what is made of the parts: a tree of numbers and names, or
something with matrices. It comes back into the grammar only where a bracket opens, so that Python's own stack is as
deep as brackets nest, with four calls for each.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")

SIGNS = ("+", "-")


class Factors(Protocol[T]):
    """A product while it is read."""

    def times(self, value: T, sign: str, at: int, /) -> None:
        """One more factor, after ``sign`` at this place."""

    def over(self, below: T, at: int, /) -> None:
        """What was read so far, divided."""

    def value(self) -> T:
        """The product of what was read."""


class Descent(ABC, Generic[T]):
    """A reader of formulas by recursive descent; ``at`` is always an offset in the text.

    The methods down to :meth:`power` are the grammar; those after it are what a reader adds.
    """

    __slots__ = ()

    def sum(self) -> T:
        """Terms with signs between them."""
        self.enter()
        signs = self.leading_signs()
        terms = [self.signed(self.product(), signs)]
        first = -1
        while (sign := self.sign()) in SIGNS:
            at = self.go_over()
            first = at if first < 0 else first
            signs = self.leading_signs()
            term = self.signed(self.product(), signs)
            terms.append(self.subtracted(term) if sign == "-" else term)
        self.leave()
        return terms[0] if len(terms) == 1 else self.added(terms, first)

    def product(self) -> T:
        """Factors with signs between them, or without where :meth:`goes_on` says so."""
        factors = self.factors(self.power())
        while True:
            self.skip()
            sign = self.sign()
            if sign in self.times:
                at = self.go_over()
                signs = self.leading_signs()
                factors.times(self.signed(self.power(), signs), sign, at)
            elif sign == "/":
                at = self.go_over()
                signs = self.leading_signs()
                factors.over(self.signed(self.power(), signs), at)
            elif not self.goes_on(factors):
                return factors.value()

    def power(self) -> T:
        """An atom and what it is raised to.

        ``a^b^c`` is a chain and no recursion, so that a tower of any height is read, and refused for its height.
        """
        value = self.atom()
        if self.sign() != "^":
            return value
        bases: list[tuple[T, int, list[tuple[str, int]]]] = []
        while self.sign() == "^":
            at = self.go_over()
            if (turned := self.after_caret(value)) is not None:
                value = turned
                continue
            self.enter()
            braced = self.begins_group()
            signs = self.leading_signs()
            exponent, closed = self.exponent(braced=braced)
            if closed:
                self.leave()
                value = self.raised(value, self.signed(exponent, signs), at)
            else:
                bases.append((value, at, signs))
                value = exponent
        for base, at, signs in reversed(bases):
            self.leave()
            value = self.raised(base, self.signed(value, signs), at)
        return value

    def leading_signs(self) -> list[tuple[str, int]]:
        """The signs before a term or factor, and where they stand; goes over them."""
        self.skip()
        found: list[tuple[str, int]] = []
        while (sign := self.sign()) in SIGNS:
            found.append((sign, self.go_over()))
            self.skip()
        return found

    # What the tokens are

    @property
    @abstractmethod
    def times(self) -> tuple[str, ...]:
        """The signs of multiplication."""

    @abstractmethod
    def sign(self) -> str:
        """The sign that stands here; empty where something else does, and at the end."""

    @abstractmethod
    def go_over(self) -> int:
        """Goes over the sign that stands here; where it stood."""

    @abstractmethod
    def atom(self) -> T:
        """A number, a name, a call, something in brackets; an error where nothing of that kind stands."""

    # What is made of the parts

    @abstractmethod
    def signed(self, value: T, signs: list[tuple[str, int]]) -> T:
        """A value with signs before it."""

    @abstractmethod
    def subtracted(self, term: T) -> T:
        """A term as it is added where it is to be subtracted."""

    @abstractmethod
    def added(self, terms: list[T], at: int) -> T:
        """The sum of two terms or more; ``at``: where its first sign stands."""

    @abstractmethod
    def factors(self, first: T) -> Factors[T]:
        """A product that begins with this factor."""

    @abstractmethod
    def raised(self, base: T, exponent: T, at: int) -> T:
        """A power; ``at``: where its sign stands."""

    # What a reader may have besides

    def begins_group(self) -> bool:
        """Whether an exponent in braces begins here."""
        return False

    def exponent(self, *, braced: bool) -> tuple[T, bool]:
        """What stands after ``^`` and its signs, and whether it is closed: a further ``^`` then raises the power.

        ``braced``: what :meth:`begins_group` said before the signs.
        """
        return self.atom(), False

    def goes_on(self, factors: Factors[T], /) -> bool:
        """Whether a factor without a sign stands here; reads it."""
        return False

    def after_caret(self, value: T, /) -> T | None:
        """What ``^`` makes of a value where it is no power (the transpose of a matrix); None where it is one."""
        return None

    def skip(self) -> None:
        """Goes over what says nothing."""

    def enter(self) -> None:
        """A level deeper; an error where that is too deep."""

    def leave(self) -> None:
        """A level up again."""
