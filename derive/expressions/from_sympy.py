"""SymPy expressions as trees: the objects are taken apart, no text is read and nothing is evaluated.

What SymPy has evaluated stands in the order in which SymPy prints it, with a positive term first; what it was told to
leave as it is (``evaluate=False``) keeps its order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from functools import cmp_to_key
from types import MappingProxyType
from typing import Any

import sympy
from flint import fmpq
from sympy.core.function import AppliedUndef

from derive.errors import quoted
from derive.expressions.folded_by_sympy import unfolded
from derive.expressions.pieces_of_sympy import (
    NoPieces,
    TestedSides,
    Unsupported,
    function_of_two_kinks,
    known_function,
    normal_cdf,
    rational_of,
    sides_of,
)
from derive.expressions.scan import MAX_DEPTH, MAX_DIGITS, MAX_EXPONENT, MAX_TERMS
from derive.expressions.tree import (
    ONE,
    Call,
    Constant,
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
    walk,
)
from derive.patterns import regex

MAX_PARTS = 3 * MAX_TERMS
"""At most this many parts has one expression; the grammar's limit of terms is met later."""

MAX_SORTED = 200
"""At most this many terms are sorted as SymPy prints them; more stand as SymPy has them."""

_NAME = regex(r"[A-Za-z][A-Za-z0-9_]*")


def from_sympy(expression: object, seen: dict[str, sympy.Symbol] | None = None) -> Expr:
    """The tree of a SymPy expression.

    ``seen`` holds the symbols that were met so far, by name, so that two symbols of one name are found.

    Raises:
        Unsupported: where it is too large, or holds what a network cannot.

    >>> x, y = sympy.symbols("x y")
    >>> from derive.expressions.print_text import ascii
    >>> ascii(from_sympy((y - x) ** 2 / 2 + sympy.exp(-x)))
    '(y - x)^2/2 + exp(-x)'
    """
    check_size(expression)
    tree = _SympyReader({} if seen is None else seen).read(expression)
    if any(isinstance(part, Call) and part.function == "erfc" for part in walk(tree)):
        raise Unsupported("erfc has no place in a network", _MENDS["erf"])
    return tree


def check_size(expression: object) -> None:
    """That an object is an expression of SymPy of a size that can be worked with, before anything else looks at it.

    Raises:
        Unsupported: where it is not.
    """
    if not isinstance(expression, sympy.Basic):
        raise Unsupported(f"{an_object(expression)} where an expression of SymPy is expected",
                          "build it of sympy.Symbol and the functions of SymPy")  # fmt: skip
    waiting = [(expression, 0)]
    count = 0
    while waiting:
        here, depth = waiting.pop()
        count += 1
        if depth > MAX_DEPTH:
            raise Unsupported(f"the expression is nested more than {MAX_DEPTH} deep", "write it as several nodes")
        if count > MAX_PARTS:
            raise Unsupported(f"the expression has more than {MAX_PARTS:,} parts", "write it as several nodes")
        waiting.extend((part, depth + 1) for part in getattr(here, "args", ()))


def an_object(given: object) -> str:
    """What kind of object somebody gave: an 'int', a 'str'."""
    name = type(given).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {quoted(name)}"


class _SympyReader:
    """Takes expressions apart; every part is of one of the kinds below."""

    def __init__(self, seen: dict[str, sympy.Symbol]) -> None:
        self._seen = seen

    def read(self, here: Any) -> Expr:
        """Any part."""
        if isinstance(here, sympy.Symbol):
            return self._symbol(here)
        if isinstance(here, sympy.Rational | sympy.Float):
            return _number(here)
        if isinstance(here, sympy.Pow):
            return self._power(*here.args)
        kind = sympy.Piecewise if isinstance(here, sympy.Piecewise) else type(here)
        if kind in _CALLED:
            return Call(_CALLED[kind], tuple(map(self.read, _ordered(here))))
        reader = _KINDS.get(kind)
        if reader is None:
            raise _refused(here)
        return reader(self, here)

    def _symbol(self, here: sympy.Symbol) -> Expr:
        name = name_of(here)
        if self._seen.setdefault(name, here) != here:
            raise Unsupported(f"two different symbols are called {quoted(name)}",
                              "use one symbol for one quantity: they differ in what is assumed of them")  # fmt: skip
        return Name(name)

    def sum(self, here: Any) -> Expr:
        return Sum(tuple(map(self.read, _terms(here))))

    def product(self, here: Any) -> Expr:
        evaluated, factors = _is_sorted(here), list(_ordered(here))
        above: list[Expr] = []
        below: list[Expr] = []
        first = factors[0]
        negative = bool(isinstance(first, sympy.Number) and first.is_negative and len(factors) > 1)
        if negative:
            factors[0] = -first
        for factor in factors:
            if factor is sympy.S.One and (negative or evaluated):
                continue
            if evaluated and isinstance(factor, sympy.Rational) and not factor.is_Integer:
                above += [] if factor.p == 1 else [_number(sympy.Integer(factor.p))]
                below.append(_number(sympy.Integer(factor.q)))
            elif (inverse := _inverse(factor)) is not None:
                below.append(self._power(*inverse))
            else:
                above.append(self.read(factor))
        if len(above) == 2 and not below and above[1] == normal_cdf(above[0]):
            return Call("gelu", (above[0],))
        top = above[0] if len(above) == 1 else Product(tuple(above)) if above else ONE
        if below:
            top = Quotient(top, below[0] if len(below) == 1 else Product(tuple(below)))
        return Negative(top) if negative else top

    def _power(self, base: Any, exponent: Any) -> Expr:
        if exponent is sympy.S.One:
            return self.read(base)
        if base is sympy.E:
            return exp(self.read(exponent))
        if exponent is sympy.S.Half:
            return sqrt(self.read(base))
        if (inverse := _inverse_of(base, exponent)) is not None:
            return Quotient(ONE, self._power(*inverse))
        return Power(self.read(base), self.read(exponent))

    def logarithm(self, here: Any) -> Expr:
        logarithms = [ln(self.read(part)) for part in here.args]
        return logarithms[0] if len(logarithms) == 1 else Quotient(logarithms[0], logarithms[1])

    def step(self, here: Any) -> Expr:
        argument, *at_zero = here.args
        if at_zero and at_zero[0] is sympy.S.One:
            return Call("step", (self.read(argument),))
        raise Unsupported("Heaviside is not 1 at 0 here", "step(z) is Heaviside(z, 1)")

    def piecewise(self, here: Any) -> Expr:
        """A function of the table, where the branches are exactly its own."""
        branches = [self.read(formula) for formula, _ in here.args]
        with suppress(NoPieces):
            return self._pieces(branches, [sides_of(condition) for _, condition in here.args])
        for tests in unfolded(here):
            with suppress(NoPieces):
                return self._pieces(branches, tests)
        raise NoPieces

    def _pieces(self, branches: Sequence[Expr], tests: Sequence[TestedSides]) -> Expr:
        compared = [pair for pair, _ in tests if pair is not None]
        if not compared:
            raise NoPieces
        numbers = {right: rational_of(self.read(right)) for _, right in compared}
        if len(numbers) > 1 and None not in numbers.values():
            return self._two_kinks(compared, numbers, tests, branches)
        arguments = [self._argument(*pair) for pair in dict.fromkeys(compared)]
        if any(argument != arguments[0] for argument in arguments):
            raise NoPieces
        left, middle, right = (_chosen(branches, tests, _always(side)) for side in (-1, 0, 1))
        if middle is None or right is None or (left is None and not _at_least(*compared[0])):
            raise NoPieces
        return known_function(arguments[0], left, middle, right)

    def _two_kinks(
        self,
        compared: Sequence[Any],
        numbers: Mapping[Any, Any],
        tests: Sequence[TestedSides],
        branches: Sequence[Expr],
    ) -> Expr:
        """The same of an expression that is compared with two numbers."""
        bounds = sorted(set(numbers.values()))
        if len(bounds) != 2 or any(left != compared[0][0] for left, _ in compared):
            raise NoPieces
        low, high = bounds
        places = (low - 1, low, (low + high) / 2, high, high + 1)

        def beside(place: fmpq) -> Callable[[Any], int]:
            return lambda number: (place > numbers[number]) - (place < numbers[number])

        below, *others = [_chosen(branches, tests, beside(place)) for place in places]
        found = [branch for branch in others if branch is not None]
        if len(found) < len(others):
            raise NoPieces
        z = self.read(compared[0][0])
        if below is not None:
            with suppress(NoPieces):
                return function_of_two_kinks(z, low, high, below, found)
        if _at_least(compared[0][0], next(number for number, value in numbers.items() if value == low)):
            return function_of_two_kinks(z, low, high, None, found)
        raise NoPieces

    def _argument(self, left: Any, right: Any) -> Expr:
        """What is compared with 0."""
        if right is sympy.S.Zero:
            return self.read(left)
        terms = [self.read(term) for term in (_terms(left) if isinstance(left, sympy.Add) else (left,))]
        other = self.read(right)
        return Sum((*terms, other.operand if isinstance(other, Negative) else Negative(other)))


def _chosen(branches: Sequence[Expr], tests: Sequence[TestedSides], side: Callable[[Any], int]) -> Expr | None:
    """The first branch whose condition holds on the ``side`` of the number that the condition compares with."""
    for branch, (compared, sides) in zip(branches, tests, strict=True):
        if compared is None or side(compared[1]) in sides:
            return branch
    return None


def _at_least(left: Any, right: Any) -> bool:
    """Whether SymPy knows that one is never less than the other: it writes no branch for what cannot be."""
    return bool((left - right).is_nonnegative)


def _always(side: int) -> Callable[[Any], int]:
    return lambda _: side


def name_of(symbol: Any) -> str:
    """The name of a symbol, which has to be one that a quantity can have.

    Raises:
        Unsupported: where it has none.
    """
    if not isinstance(symbol, sympy.Symbol):
        raise Unsupported(f"{an_object(symbol)} where a symbol is expected", "give a Symbol, or its name")
    name = str(symbol.name)
    if isinstance(symbol, sympy.Dummy) or not _NAME.fullmatch(name):
        what = "a Dummy has no name of its own" if isinstance(symbol, sympy.Dummy) else f"{quoted(name)} is not a name"
        raise Unsupported(what, "call the symbol by an ASCII letter followed by letters, digits and _")
    return name


def _number(number: Any) -> Expr:
    """A number: exact, or for a Float the decimal that SymPy prints for it."""
    if isinstance(number, sympy.Float):
        return _signed(*_decimal(number))
    top, bottom = abs(int(number.p)), int(number.q)
    if max(top, bottom) >= 10**MAX_DIGITS:
        raise Unsupported(f"a number of more than {MAX_DIGITS:,} digits", "give a shorter one")
    whole = Number(fmpq(top), str(top))
    size = whole if bottom == 1 else Quotient(whole, Number(fmpq(bottom), str(bottom)))
    return Negative(size) if number.p < 0 else size


def _decimal(number: sympy.Float) -> tuple[Fraction, str]:
    text = str(number)
    mantissa, _, power = text.partition("e")
    if len(mantissa) > MAX_DIGITS or len(power) > 8 or abs(int(power or 0)) > MAX_EXPONENT:
        raise Unsupported("a Float that is too long, too large or too small", "give a Rational")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    written = f"{mantissa}e{int(power)}" if power else mantissa
    return Fraction(Decimal(written)), written


def _signed(value: Fraction, written: str) -> Expr:
    number = Number(fmpq(abs(value.numerator), value.denominator), written.lstrip("-"))
    return Negative(number) if value < 0 else number


def _inverse(factor: Any) -> tuple[Any, Any] | None:
    """Base and exponent of what a factor divides by, where it is a power with a negative number above."""
    return _inverse_of(*factor.args) if isinstance(factor, sympy.Pow) else None


def _inverse_of(base: Any, exponent: Any) -> tuple[Any, Any] | None:
    negative = isinstance(exponent, sympy.Rational) and exponent.p < 0 and base is not sympy.E
    return (base, -exponent) if negative else None


# The order of terms and factors


def _is_sorted(here: Any) -> bool:
    """Whether a sum or product is as SymPy makes it: flat, a number first, the others in an order of its own."""
    args: tuple[Any, ...] = here.args
    others = args[1:] if isinstance(args[0], sympy.Number) else args
    if any(isinstance(arg, sympy.Number | type(here)) for arg in others):
        return False
    return all(a is b for a, b in zip(others, sorted(others, key=cmp_to_key(sympy.Basic.compare)), strict=True))


def _ordered(here: Any) -> Iterable[Any]:
    """The parts of an expression in the order in which it is printed."""
    args: tuple[Any, ...] = here.args
    if len(args) < 2 or len(args) > MAX_SORTED or not isinstance(here, sympy.Mul) or not _is_sorted(here):
        return args
    return tuple(here.as_ordered_factors())


def _terms(here: Any) -> Iterable[Any]:
    args: tuple[Any, ...] = here.args
    if len(args) > MAX_SORTED or not _is_sorted(here):
        return args
    terms = list(here.as_ordered_terms())
    first = next((i for i, term in enumerate(terms) if not term.could_extract_minus_sign()), 0)
    return [terms[first], *terms[:first], *terms[first + 1 :]]


# What has no place in a network


def _refused(here: Any) -> Unsupported:
    if here is sympy.I or here is sympy.zoo or here in (sympy.oo, -sympy.oo, sympy.nan):
        return Unsupported(f"{here} is no real number", "a network has real numbers only")
    name = type(here).__name__
    if isinstance(here, AppliedUndef):
        return Unsupported(
            f"{quoted(name)} is a function without a formula", "make it a node: a Symbol, and its formula"
        )
    if name in _MENDS:
        return Unsupported(f"{name} has no place in a network", _MENDS[name])
    kinds = {kind.__name__ for kind in _CALLED} - {"erfc"} | {"log", "sqrt", "Heaviside", "Piecewise"}
    known = ", ".join(sorted(kinds))
    return Unsupported(f"{quoted(name)} has no place in a network", f"known functions: {known}")


_MENDS: Mapping[str, str] = MappingProxyType({
    "Derivative": "take it first: .doit()", "Integral": "take it first: .doit()", "Subs": "put it in first: .doit()",
    "Sum": "write its terms out: .doit()", "Product": "write its factors out: .doit()",
    "erf": "only gelu is known, as Network.sympy() writes it: z*(erfc(-z/sqrt(2))/2), unevaluated",
    "sec": "write 1/cos", "csc": "write 1/sin", "cot": "write 1/tan", "coth": "write 1/tanh", "sech": "write 1/cosh",
    "csch": "write 1/sinh",
})  # fmt: skip

_CALLED: Mapping[Any, str] = MappingProxyType({
    sympy.exp: "exp", sympy.sin: "sin", sympy.cos: "cos", sympy.tan: "tan", sympy.sinh: "sinh", sympy.cosh: "cosh",
    sympy.tanh: "tanh", sympy.Abs: "abs", sympy.sign: "sign", sympy.Max: "max", sympy.Min: "min", sympy.erfc: "erfc",
})  # fmt: skip
"""Functions that have the same value in SymPy and here."""

_KINDS: Mapping[Any, Callable[[_SympyReader, Any], Expr]] = MappingProxyType({
    sympy.Add: _SympyReader.sum, sympy.Mul: _SympyReader.product, sympy.log: _SympyReader.logarithm,
    sympy.Heaviside: _SympyReader.step, sympy.Piecewise: _SympyReader.piecewise,
    sympy.UnevaluatedExpr: lambda reader, here: reader.read(here.args[0]),
    type(sympy.pi): lambda _, __: Constant("pi"),
    type(sympy.E): lambda _, __: exp(ONE),  # a quantity may be called e
})  # fmt: skip
