"""Formulas, and terms of them, that are exactly 0 because of their factors, however the others are rounded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from derive.expressions.fold import fold
from derive.expressions.tree import (
    ONE,
    ZERO,
    Call,
    Expr,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    children,
    plus,
    rebuild,
    walk,
)

LOGARITHMS = frozenset({"ln", "log", "log2", "log10"})
DERIVATIVES = frozenset({"gradient", "local"})
"""The kinds of numbers that, as one of two factors, are left out where they are 1."""


def vanishes(expr: Expr, is_zero: Callable[[str], bool]) -> bool:
    """Whether every term has a factor that is exactly 0.

    >>> from derive.expressions.grammar import parse
    >>> vanishes(parse("a*b - c*a^2/d"), {"a"}.__contains__), vanishes(parse("a*b + c"), {"a"}.__contains__)
    (True, False)
    """
    match expr:
        case Name(name=name):
            return is_zero(name)
        case Number(value=value):
            return bool(value == 0)
        case Negative(operand=operand):
            return vanishes(operand, is_zero)
        case Quotient(numerator=above):
            return vanishes(above, is_zero)
        case Power(base=base, exponent=Number(value=exponent)):
            return exponent > 0 and vanishes(base, is_zero)
        case Product(factors=factors):
            return any(vanishes(factor, is_zero) for factor in factors)
        case Sum(terms=terms):
            return all(vanishes(term, is_zero) for term in terms)
        case _:
            return False


def without_zero_terms(expr: Expr, is_zero: Callable[[Expr], bool]) -> Expr:
    """The expression without the terms of a cross entropy that are exactly 0, and without logarithms times 0.

    ``is_zero`` says whether a factor is exactly 0. The terms of a weighted sum stay, whatever they are.

    >>> from derive.expressions.grammar import parse
    >>> without_zero_terms(parse("t*ln(y) + s*ln(1 - y) + s*x"), lambda factor: factor == Name("s"))
    Sum(terms=(Product(factors=(t, Call('ln', y)), leading_zero=False), Product(factors=(s, x), leading_zero=False)))
    """

    def left_out(here: Expr, parts: tuple[Expr | None, ...]) -> Expr | None:
        if not parts:
            return here
        kept = tuple(part for part in parts if part is not None)
        if isinstance(here, Sum):
            return here if kept == here.terms else plus(*kept) if kept else None
        if len(kept) < len(parts):
            return None
        whole = here if kept == children(here) else rebuild(here, kept)
        return None if _is_left_out(whole, is_zero) else whole

    return fold(expr, left_out) or ZERO


def may_leave_out(expr: Expr) -> bool:
    """Whether the expression has terms that are left out where they are 0."""
    return any(_is_term(part) or _is_logarithm(part) for part in walk(expr))


def left_out_factors(expr: Expr, kinds: Mapping[str, str], longest: int) -> tuple[frozenset[str], frozenset[str]]:
    """The names that, were they exactly 0, would take a term out of a sum; those that would go, were they exactly 1.

    ``kinds`` are the kinds of the names' quantities. A 1 goes where it stands first in a product, and a derivative
    of 1 where there are two factors. A sum of more than ``longest`` terms stands as it is.

    >>> from derive.expressions.grammar import parse
    >>> zeros, ones = left_out_factors(parse("w*x + v*s + b"), {"w": "value", "v": "gradient", "s": "local"}, 8)
    >>> sorted(zeros), sorted(ones)
    (['s', 'v', 'w', 'x'], ['s', 'v', 'w'])
    """
    zeros: set[str] = set()
    ones: set[str] = set()
    for part in walk(expr):
        if isinstance(part, Product):
            first, *others = part.factors
            if isinstance(first, Name):
                ones.add(first.name)
            if len(others) == 1 and isinstance(others[0], Name) and kinds.get(others[0].name) in DERIVATIVES:
                ones.add(others[0].name)
        elif isinstance(part, Sum):
            if len(part.terms) > longest:
                return frozenset(), frozenset()
            products = (p for term in part.terms if isinstance(p := _unsigned(term), Product))
            zeros.update(f.name for p in products for f in p.factors if isinstance(f, Name))
    return frozenset(zeros), frozenset(ones)


def plainer(expr: Expr, zeros: Collection[str], ones: Collection[str]) -> Expr:
    """The expression without terms of sums that have a factor of ``zeros``, and without the factors ``ones``.

    Of a sum that is 0 the first term stays, so that there is a line to be read; and so does a factor of a product that
    is the whole line.

    >>> from derive.expressions.grammar import parse
    >>> plainer(parse("w*x + v*y + b"), {"y"}, {"w"}), plainer(parse("w*x"), set(), {"w"})
    (Sum(terms=(x, b)), Product(factors=(1, x), leading_zero=False))
    """
    if isinstance(expr, Product) and len(expr.factors) == 2:
        first, second = expr.factors
        alone = isinstance(first, Name) and first.name in ones and not expr.leading_zero
        return Product((ONE, second)) if alone else expr
    return fold(expr, lambda here, parts: _plainer(here, parts, zeros, ones))


def _plainer(here: Expr, parts: tuple[Expr, ...], zeros: Collection[str], ones: Collection[str]) -> Expr:
    if isinstance(here, Sum):
        gone = [_has_factor(term, zeros) for term in here.terms]
        kept = [part for part, out in zip(parts, gone, strict=True) if not out] or [parts[0]]
        return kept[0] if len(kept) == 1 else Sum(tuple(kept))
    if isinstance(here, Product) and not here.leading_zero and ones:
        first, *others = parts
        if isinstance(first, Name) and first.name in ones:
            return others[0] if len(others) == 1 else Product(tuple(others))
        if len(parts) == 2 and isinstance(others[0], Name) and others[0].name in ones:
            return first
    return here if parts == children(here) else rebuild(here, parts)


def _has_factor(term: Expr, names: Collection[str]) -> bool:
    product = _unsigned(term)
    return isinstance(product, Product) and any(isinstance(f, Name) and f.name in names for f in product.factors)


def _unsigned(term: Expr) -> Expr:
    return term.operand if isinstance(term, Negative) else term


def _is_left_out(term: Expr, is_zero: Callable[[Expr], bool]) -> bool:
    match term:
        case Product(factors=(first, *_)) if _is_term(term):
            return is_zero(first)
        case Quotient(numerator=above) if _is_term(term):
            return is_zero(above)
        case Product(factors=factors):
            plain = [factor for factor in factors if not any(isinstance(part, Call) for part in walk(factor))]
            return any(map(_is_logarithm, factors)) and any(map(is_zero, plain))
        case _:
            return False


def _is_term(part: Expr) -> bool:
    """Whether it is a term of a cross entropy, or of its slope, that is 0 where its first factor is."""
    return isinstance(part, Product | Quotient) and part.leading_zero


def _is_logarithm(part: Expr) -> bool:
    return isinstance(part, Call) and part.function in LOGARITHMS
