"""Trees as SymPy expressions, for checks and for readers who go on in SymPy.

Symbols are built directly, so no name (``I``, ``beta``, ``S``) means anything to SymPy. This module is
imported only where SymPy is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, Self

import sympy
from flint import fmpq
from sympy.functions.elementary.piecewise import ExprCondPair

from derive.errors import DeriveError
from derive.expressions.fold import fold
from derive.expressions.functions import FUNCTIONS
from derive.expressions.tree import (
    ONE,
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
    exp,
    ln,
    sqrt,
    substitute,
    walk,
)
from derive.records import record

Parts = tuple[Any, ...]


class TeXSymbol(sympy.Symbol):  # type: ignore[misc]
    """A real symbol that prints as TeX of its own, and has a name for everything else.

    Two are equal where name and TeX are: a name of two networks in two notations is two symbols.
    """

    __slots__ = ("tex",)
    tex: str

    def __new__(cls, name: str, tex: str) -> Self:
        made: Self = sympy.Symbol.__xnew__(cls, name, real=True)
        made.tex = tex
        return made

    def _hashable_content(self) -> Parts:
        return (*super()._hashable_content(), self.tex)

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, Any]]:
        return (self.name, self.tex), {}

    def _latex(self, _: object) -> str:
        return self.tex


class Branches(sympy.Piecewise):  # type: ignore[misc]
    """A ``Piecewise`` of which a power can be printed: where nothing is evaluated, ``latex`` refuses SymPy's own."""

    @classmethod
    def unfolded(cls, *branches: tuple[Any, Any], evaluate: bool) -> Any:
        """The branches as they are: SymPy's constructor would fold a condition that holds branches of its own.

        Then what is compared would be there no more, and the conditions would be twice as long with each level.
        """
        branches = tuple((formula, sympy.true if condition is True else condition) for formula, condition in branches)
        if not any(condition.has(sympy.Piecewise) for _, condition in branches):
            return cls(*branches, evaluate=evaluate)
        return sympy.Basic.__new__(cls, *(sympy.Tuple.__new__(ExprCondPair, *branch) for branch in branches))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        branches = printer._print_Piecewise(self)  # noqa: SLF001
        return branches if exp is None else rf"\left({branches}\right)^{{{exp}}}"


Branches.__name__ = "Piecewise"  # SymPy's printers know a function by its name


class NotInSympy(DeriveError):
    """SymPy cannot make an expression, though it has a meaning."""

    def __init__(self) -> None:
        super().__init__(
            "",
            "a formula is one that SymPy cannot make: it compares functions with kinks",
            "write it as several nodes, each with one function with a kink",
        )


def symbol(name: str) -> sympy.Symbol:
    """The symbol of a quantity: real, whatever it is called."""
    return sympy.Symbol(name, real=True)


Named = Callable[[str], Any]


def to_sympy(expr: Expr, relu_at_zero: fmpq | None = None, named: Named = symbol) -> sympy.Expr:
    """The expression in SymPy, evaluated as SymPy does; a piecewise function becomes ``Piecewise``.

    ``relu_at_zero`` is the convention of the spec, for slopes at a kink; left out it stays a symbol. ``named`` is what
    stands for a name, its symbol unless said otherwise.

    Raises:
        NotInSympy: where SymPy cannot make it.

    >>> from derive.expressions.grammar import parse
    >>> to_sympy(parse("I*x^2/3"))
    I*x**2/3
    >>> to_sympy(parse("I*x^2/3")).free_symbols == {symbol("I"), symbol("x")}
    True
    """
    return _Bridge(named, relu_at_zero, evaluate=True).converted(expr)


def as_written(expr: Expr, relu_at_zero: fmpq | None = None, named: Named = symbol) -> sympy.Expr:
    r"""The expression in SymPy with nothing evaluated: terms and factors stand in the author's order.

    SymPy's printers sort unless they are told not to: ``latex(…, order="none")``. The arguments of ``Max`` and
    ``Min`` are a set to SymPy, and have no order. ``relu_at_zero`` and ``named`` as for :func:`to_sympy`.

    Raises:
        NotInSympy: where SymPy cannot make it.

    >>> from derive.expressions.grammar import parse
    >>> expression = as_written(parse("w*x + b - 2*3*a"))
    >>> expression.args
    (w*x, b, -2*3*a)
    >>> print(sympy.latex(expression, order="none"))
    w x + b - 2 \cdot 3 a
    """
    return _Bridge(named, relu_at_zero, evaluate=False).converted(expr)


def number(value: fmpq) -> sympy.Rational:
    """A rational number in SymPy.

    >>> number(fmpq(-3, 6))
    -1/2
    """
    return sympy.Rational(int(value.numerator), int(value.denominator))


def parts_in_sympy(expr: Expr, known: Mapping[str, int] = MappingProxyType({})) -> int:
    """How many parts the expression has in SymPy, about, where formulas of functions are put in.

    Nested functions repeat their argument, so that a short expression may have very many. ``known`` are the parts of
    names that stand for a formula.

    >>> from derive.expressions.grammar import parse
    >>> parts_in_sympy(parse("relu(x)")) < parts_in_sympy(parse("relu(relu(x))"))
    True
    """
    parts: int = fold(expr, partial(_parts, known))
    return parts


MAX_REPEATS = 100
"""At most this many times over is a formula written where its functions are: SymPy is slow with nested pieces."""


def repeats_itself(expr: Expr) -> bool:
    """Whether nested functions repeat their arguments so often that SymPy could not work with it."""
    return parts_in_sympy(expr) > MAX_REPEATS * sum(1 for _ in walk(expr))


def _parts(known: Mapping[str, int], here: Expr, parts: tuple[int, ...]) -> int:
    if isinstance(here, Name):
        return known.get(here.name, 1)
    below = sum(parts)
    if not isinstance(here, Call):
        return 1 + below
    slope = here.function.endswith("'")
    entry = FUNCTIONS[here.function.removesuffix("'")]
    if entry.variadic:
        return (1 + below) * (len(parts) if slope else 1)
    formula = entry.derivative if slope else entry.formula
    if entry.pieces:
        repeated = 2 * len(entry.pieces)
    else:
        repeated = 1 if formula is None else max(1, sum(isinstance(part, Name) for part in walk(formula)))
    return 1 + repeated * below


@record
class _Bridge:
    """One way across: evaluated or as written; ``inside`` the formula of a function, where names are its formals."""

    named: Named
    relu_at_zero: fmpq | None
    evaluate: bool
    inside: bool = False

    def converted(self, expr: Expr) -> Any:
        return fold(expr, self._of)

    def _of(self, here: Expr, parts: Parts) -> Any:
        match here:
            case Number(value=value):
                return number(value)
            case Constant(name=name):
                return sympy.pi if name == "pi" else sympy.E
            case Name(name=name):
                return self._name(name)
            case Sum():
                return self.apply(sympy.Add, *parts)
            case Product():  # a parameter that is 1 (the alpha of elu) is not written
                shown = tuple(part for part in parts if part is not sympy.S.One) if self.inside else parts
                return self.apply(sympy.Mul, *shown) if shown else sympy.S.One
            case Quotient():
                return self._quotient(here, *parts)
            case Power():
                return self.apply(sympy.Pow, *parts)
            case Negative(operand=operand):
                return (
                    -parts[0] if isinstance(operand, Number) else self.apply(sympy.Mul, sympy.S.NegativeOne, parts[0])
                )
            case Derivative(by=by):
                return sympy.Derivative(parts[0], symbol(by), evaluate=self.evaluate)
            case Call(function=function):
                return self._called(function, parts)
            case _:
                raise TypeError(type(here).__name__)

    def apply(self, function: Any, *parts: Any) -> Any:
        """A class of SymPy's with these arguments; a sum or product of one part is that part."""
        if len(parts) == 1 and function in (sympy.Add, sympy.Mul):
            return parts[0]
        return _by_sympy(function, *parts, evaluate=self.evaluate)

    def _name(self, name: str) -> Any:
        if self.inside and name == "relu_at_zero":
            return symbol(name) if self.relu_at_zero is None else number(self.relu_at_zero)
        return self.named(name)

    def _quotient(self, here: Quotient, top: Any, bottom: Any) -> Any:
        if top.is_Integer and bottom.is_Integer and bottom and sympy.gcd(top, bottom) == 1:
            return top / bottom
        if bottom.is_Rational and not bottom.is_Integer:  # SymPy prints -(x/(1/2)) as -x/1/2, which is another number
            return self.apply(sympy.Mul, 1 / bottom, top)
        below = self.apply(sympy.Pow, bottom, sympy.S.NegativeOne)
        return below if here.numerator == ONE else self.apply(sympy.Mul, top, below)

    # Functions

    def _called(self, function: str, arguments: Parts) -> Any:
        if function in _PRIMITIVES:
            return self.apply(_PRIMITIVES[function], *arguments)
        name = function.removesuffix("'")
        entry = FUNCTIONS[name]
        missing = tuple(map(number, entry.defaults.values()))
        arguments += missing[len(arguments) - 1 :] if len(arguments) < len(entry.formals) else ()
        if name != function:
            return self._slope(name, arguments)
        if name in _FORMULAS:
            return self._filled(_FORMULAS[name], name, arguments)
        if entry.pieces:
            return self._pieces(name, arguments, slope=False)
        assert entry.formula is not None
        return self._filled(entry.formula, name, arguments)

    def _slope(self, name: str, arguments: Parts) -> Any:
        """The derivative by the first argument; at a kink as the conventions have it."""
        entry = FUNCTIONS[name]
        if entry.variadic:
            return self._share(name, *arguments)
        if entry.pieces:
            return self._pieces(name, arguments, slope=True)
        assert entry.derivative is not None
        own = substitute(entry.derivative, {"a": Call(name, tuple(map(Name, entry.formals)))})
        return self._filled(own, name, arguments)

    def _share(self, name: str, first: Any, *others: Any) -> Any:
        """The first argument's part in ``max`` or ``min``: 0, or 1 over the number of those that tie."""
        behind = sympy.StrictLessThan if name == "max" else sympy.StrictGreaterThan
        loses = [(sympy.S.Zero, self._compared(behind, first, other)) for other in others]
        ties = [self._branches((sympy.S.One, self._equal(first, other)), (sympy.S.Zero, True)) for other in others]
        share = self.apply(sympy.Pow, self.apply(sympy.Add, sympy.S.One, *ties), sympy.S.NegativeOne)
        return self._branches(*loses, (share, True))

    def _pieces(self, name: str, arguments: Parts, *, slope: bool) -> Any:
        entry, first = FUNCTIONS[name], arguments[0]
        ats = [self._filled(kink.at, name, arguments) for kink in entry.kinks]
        tests = [
            test for at in ats for test in (self._compared(sympy.StrictLessThan, first, at), self._equal(first, at))
        ]
        tests.append(self._compared(sympy.StrictGreaterThan, first, ats[-1]))
        filled = [self._filled(piece.derivative if slope else piece.formula, name, arguments) for piece in entry.places]
        return self._branches(*zip(filled, tests, strict=True))

    def _branches(self, *branches: tuple[Any, Any]) -> Any:
        return _by_sympy(Branches if self.evaluate else Branches.unfolded, *branches, evaluate=self.evaluate)

    def _equal(self, one: Any, other: Any) -> Any:
        return self._compared(sympy.Equality, one, other)

    def _compared(self, relation: Any, one: Any, other: Any) -> Any:
        """A condition; of two numbers it is decided, as SymPy has no value for ``Eq(1, 0)`` or ``1 < 0`` left open."""
        return _by_sympy(relation, one, other, evaluate=self.evaluate or (one.is_Rational and other.is_Rational))

    def _filled(self, formula: Expr, name: str, arguments: Parts) -> Any:
        formals = dict(zip(FUNCTIONS[name].formals, arguments, strict=True))
        return replace(self, named=formals.__getitem__, inside=True).converted(formula)


def _by_sympy(function: Any, *parts: Any, evaluate: bool) -> Any:
    """What SymPy makes of these parts; where it gives up, it says so in one of several ways."""
    try:
        return function(*parts, evaluate=evaluate)
    except (NotImplementedError, TypeError, ValueError):  # branches by several symbols; a comparison with zoo or nan
        raise NotInSympy from None


_z = Name("z")
_FORMULAS: Mapping[str, Expr] = MappingProxyType({
    "sqrt": Power(_z, Quotient(ONE, Number(fmpq(2)))), "log2": Quotient(ln(_z), ln(2)),
    "log10": Quotient(ln(_z), ln(10)),
    "normal_cdf": Quotient(Call("erfc", (Quotient(Negative(_z), sqrt(2)),)), Number(fmpq(2))),
    "normal_pdf": Quotient(exp(-(_z**2) / 2), sqrt(2 * Constant("pi"))),
})  # fmt: skip
"""Of primitives that SymPy has in other words: in those."""

_PRIMITIVES: Mapping[str, Any] = MappingProxyType({
    "exp": sympy.exp, "ln": sympy.log, "log": sympy.log, "abs": sympy.Abs, "sign": sympy.sign,
    "min": sympy.Min, "max": sympy.Max, "sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan,
    "sinh": sympy.sinh, "cosh": sympy.cosh, "tanh": sympy.tanh, "erfc": sympy.erfc,
})  # fmt: skip
