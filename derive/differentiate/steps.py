"""The lines a teacher writes on the way to a derivative, each with the names of its rules.

The outermost rule comes first. The sum rule, constant multiples and what is linear are worked in the same
line as the rule they belong to; the last line is tidied.

>>> from derive.expressions.grammar import parse
>>> from derive.expressions.print_text import ascii
>>> for line in working(parse("1/(1 + exp(-z))"), "z").lines:
...     print(ascii(line.expr), line.rules)
(d/dz [1]*(1 + exp(-z)) - 1*d/dz [1 + exp(-z)])/(1 + exp(-z))^2 ('quotient',)
(0*(1 + exp(-z)) - 1*(-exp(-z)))/(1 + exp(-z))^2 ('constant', 'sum', 'chain', 'exponential')
exp(-z)/(1 + exp(-z))^2 ('tidy',)
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from flint import fmpq

from derive.differentiate.algebra import less_one, negated, power, rational, simplified
from derive.differentiate.rules import derivative, local
from derive.expressions.functions import FUNCTIONS
from derive.expressions.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Derivative,
    Expr,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    children,
    ln,
    rebuild,
    walk,
)
from derive.records import record

OWN_RULES = ("constant", "identity", "sum", "constant_multiple", "product", "quotient", "power", "chain",
             "exponential_base", "general_power", "parameter", "tidy", "rewrite")  # fmt: skip


def rules() -> tuple[str, ...]:
    """The names of all rules that a line can carry, for the wording to name."""
    return tuple(dict.fromkeys((*OWN_RULES, *(entry.rule for entry in FUNCTIONS.values() if entry.rule))))


@record
class WorkLine:
    """One line: what stands on it, and the rules that led to it from the line above."""

    expr: Expr
    rules: tuple[str, ...]


@record
class Working:
    """How the derivative of ``of`` by ``by`` is found: the last line is the ``result``."""

    of: Expr
    by: str
    lines: tuple[WorkLine, ...]
    result: Expr


MAX_LINES = 8
"""At most this many lines of a working."""
MAX_LINE_PARTS = 300
"""At most this many parts of an expression are worked in lines; of a larger one only the result is given."""


def working(expr: Expr, by: str, known: Expr | None = None) -> Working:
    """The derivative of ``expr`` by ``by``, line by line.

    ``known`` is the derivative as a book states it (a(1 - a) for the sigmoid): the last line then says so.
    What is too long for a page has one line, the result, with all the rules on the way to it.
    """
    lines = _lines(expr, by)
    if lines is None:
        result = derivative(expr, by)
        lines = [WorkLine(result, _all_rules(expr))]
    if known is not None and known != lines[-1].expr:
        lines.append(WorkLine(known, ("rewrite",)))
    return Working(expr, by, tuple(lines), lines[-1].expr)


def _lines(expr: Expr, by: str) -> list[WorkLine] | None:
    if not _fits(expr):
        return None
    here: Expr = Derivative(expr, by)
    lines: list[WorkLine] = []
    while any(isinstance(part, Derivative) for part in walk(here)):
        line = _Line()
        here = line.rewritten(here)
        lines.append(WorkLine(here, tuple(line.rules)))
        if len(lines) > MAX_LINES or not _fits(here):
            return None
    tidy = simplified(here)
    if tidy != here:
        lines.append(WorkLine(tidy, ("tidy",)))
    return lines


def _fits(expr: Expr) -> bool:
    return sum(1 for _ in islice(walk(expr), MAX_LINE_PARTS + 1)) <= MAX_LINE_PARTS


def _depends(expr: Expr, by: str) -> bool:
    return any(isinstance(part, Name) and part.name == by for part in walk(expr))


class _Line:
    """One line in the making: each derivative still to be taken goes one rule further."""

    def __init__(self) -> None:
        self.rules: dict[str, None] = {}

    def _by(self, *names: str) -> None:
        self.rules.update(dict.fromkeys(names))

    def rewritten(self, here: Expr) -> Expr:
        """The expression with one rule applied to each :class:`Derivative` in it."""
        if isinstance(here, Derivative):
            return self.step(here.of, here.by)
        parts = children(here)
        return rebuild(here, tuple(self.rewritten(part) for part in parts)) if parts else here

    def step(self, of: Expr, by: str) -> Expr:
        """The derivative of ``of`` after its outermost rule; the rest is still to be taken."""
        if not _depends(of, by):
            self._by("constant")
            return ZERO
        match of:
            case Name():
                self._by("identity")
                return ONE
            case Sum(terms=terms):
                return self._sum(terms, by)
            case Negative(operand=operand):
                return negated(self.step(operand, by))
            case Product(factors=factors):
                return self._product(of, factors, by)
            case Quotient():
                return self._quotient(of, by)
            case Power():
                return self._power(of, by)
            case Call():
                return self._call(of, by)
            case _:
                raise TypeError(f"no rule for {type(of).__name__}")

    def _sum(self, terms: tuple[Expr, ...], by: str) -> Expr:
        """Term by term; the constants among the terms leave nothing behind."""
        self._by("sum")
        changing = [term for term in terms if _depends(term, by)]
        if len(changing) < len(terms):
            self._by("constant")
        slopes = tuple(self.step(term, by) for term in changing)
        return slopes[0] if len(slopes) == 1 else Sum(slopes)

    def _product(self, of: Product, factors: tuple[Expr, ...], by: str) -> Expr:
        changing = [i for i, factor in enumerate(factors) if _depends(factor, by)]
        if of.leading_zero and 0 not in changing:  # t ln ŷ: t is a constant here
            self._by("constant_multiple")
            others = factors[1] if len(factors) == 2 else Product(factors[1:])
            return Product((factors[0], self.step(others, by)), leading_zero=True)
        if of.leading_zero and changing != [0]:
            return self._guarded(of, by)
        if len(changing) == 1:
            self._by("constant_multiple")
            i = changing[0]
            slope = self.step(factors[i], by)
            kept = (*factors[:i], slope, *factors[i + 1 :])
            rest = tuple(factor for factor in kept if factor != ONE)
            return Product(rest) if len(rest) > 1 else rest[0] if rest else ONE
        self._by("product")
        return Sum(tuple(Product((*factors[:i], Derivative(factors[i], by), *factors[i + 1 :])) for i in changing))

    def _guarded(self, of: Product | Quotient, by: str) -> Expr:
        """The derivative of t ln ŷ and its kind: the usual rule, with the 0 kept for t = 0."""
        self._by(*_all_rules(of))
        return derivative(of, by)

    def _quotient(self, of: Quotient, by: str) -> Expr:
        u, v = of.numerator, of.denominator
        if not _depends(v, by):
            self._by("constant_multiple")
            return Quotient(self.step(u, by), v)
        if of.leading_zero:
            return self._guarded(of, by)
        self._by("quotient")
        change = Sum((Product((Derivative(u, by), v)), Negative(Product((u, Derivative(v, by))))))
        return Quotient(change, Power(v, Number(fmpq(2))))

    def _power(self, of: Power, by: str) -> Expr:
        u, v = of.base, of.exponent
        if not _depends(v, by):
            self._by("power")
            raised = power(u, less_one(v))
            return self._chain((v, raised) if raised != ONE else (v,), u, by)
        if _depends(u, by):
            self._by("general_power")
            slope = Sum((Product((Derivative(v, by), ln(u))), Product((v, Quotient(Derivative(u, by), u)))))
            return Product((of, slope))
        if u == Constant("e"):
            self._by("exponential")
            return self._chain((of,), v, by)
        self._by("exponential_base")
        return self._chain((of, ln(u)), v, by)

    def _call(self, of: Call, by: str) -> Expr:
        changing = [i for i, argument in enumerate(of.arguments) if _depends(argument, by)]
        entry = FUNCTIONS[of.function.removesuffix("'")]
        if any(i and not entry.variadic for i in changing):
            self._by("parameter")
        terms = []
        for i in changing:
            slope = self._chain((local(of, i),), of.arguments[i], by)
            self._by(entry.rule)
            terms.append(slope)
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def _chain(self, outer: tuple[Expr, ...], inner: Expr, by: str) -> Expr:
        """Outer slope times inner slope; the inner one at once where it is linear."""
        if inner == Name(by):
            return outer[0] if len(outer) == 1 else Product(outer)
        self._by("chain")
        if not _linear(inner, by):
            return Product((*outer, Derivative(inner, by)))
        slope = derivative(inner, by)
        if slope == ONE or slope == Negative(ONE):
            whole = outer[0] if len(outer) == 1 else Product(outer)
            return whole if slope == ONE else Negative(whole)
        return Product((*outer, slope))


def _linear(expr: Expr, by: str) -> bool:
    """A sum of constants and constant multiples of ``by``."""
    match expr:
        case Name() | Number() | Constant():
            return True
        case Sum(terms=terms):
            return all(_linear(term, by) for term in terms)
        case Negative(operand=operand):
            return _linear(operand, by)
        case Product(factors=factors):
            changing = [factor for factor in factors if _depends(factor, by)]
            return len(changing) <= 1 and all(_linear(factor, by) for factor in changing)
        case Quotient(numerator=top, denominator=bottom):
            return not _depends(bottom, by) and _linear(top, by)
        case _:
            return not _depends(expr, by)


def _all_rules(expr: Expr) -> tuple[str, ...]:
    """The rules that a derivative needs, outside in, without working it."""
    found: dict[str, None] = {}
    for part in islice(walk(expr), 100 * MAX_LINE_PARTS):
        found.update(dict.fromkeys(_rules_of(part)))
    return tuple(found)


def _rules_of(part: Expr) -> Iterable[str]:
    match part:
        case Sum():
            return ("sum",)
        case Product():
            return ("product",)
        case Quotient():
            return ("quotient",)
        case Power(exponent=exponent):
            return ("power",) if rational(exponent) is not None else ("general_power",)
        case Call(function=function):
            return (FUNCTIONS[function.removesuffix("'")].rule, "chain")
        case _:
            return ()
