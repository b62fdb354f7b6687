r"""A reader of the formulas of a document, written for the tests alone: TeX to a tree that keeps the order on the page.

It is strict where a person could misread: a sign after an operation sign, a number beside a number, a second
superscript are errors. Nothing here is shared with the package.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

from mpmath import mp, mpf

DIGITS = 60
NUMBER = r"[0-9]+(?:\.[0-9]+)?"
POWER_OF_TEN = re.compile(rf"({NUMBER}) \\times 10\^\{{(-?[0-9]+)\}}")
WORD = re.compile(rf"{NUMBER}|\\(?:begin|end|operatorname|mathbf)\{{[A-Za-z0-9\\_ ]+\}}'*|\\[A-Za-z]+'*|\\.|\S'*")
SPACE = re.compile(
    r"(?:\s|\\[,;:!]|\\q?quad(?![A-Za-z])|\{\}|\\(?:left|right|[bB]ig+[lr]?)(?![A-Za-z])|\\displaystyle)+"
)
RELATIONS = ("=", r"\approx")
CLOSED_BY = {"(": ")", "[": "]", r"\lvert": r"\rvert", r"\{": r"\}"}
MATRICES = {rf"\begin{{{kind}}}": rf"\end{{{kind}}}" for kind in ("bmatrix", "smallmatrix")}
ENDS = {None, "+", "-", ")", "]", "}", ",", r"\rvert", "&", r"\\", *MATRICES.values()}
DOTS = {r"\cdots", r"\vdots", r"\ddots"}
ALL_ONES = r"\mathbf{1}"


class MisreadError(ValueError):
    """The formula can be read in two ways, or in none."""


@dataclass(frozen=True, slots=True)
class Num:
    """A number as it is printed, with its minus sign."""

    text: str

    @property
    def value(self) -> Fraction:
        mantissa, _, exponent = self.text.partition("e")
        return Fraction(mantissa) * Fraction(10) ** int(exponent or 0)


@dataclass(frozen=True, slots=True)
class Sym:
    """A symbol of the document."""

    tex: str


@dataclass(frozen=True, slots=True)
class Op:
    """An operation with its operands in the order of the page.

    ``name`` is ``+`` (a sum; a subtracted term is a ``neg``), ``*``, ``/``, ``^``, ``neg``, ``odot``, ``matrix`` (of
    ``row``s), a function, or a constant without operands.
    """

    name: str
    parts: tuple[Tree, ...]


Tree = Num | Sym | Op
Scalar = Any
"""A fraction, or 60 digits of mpmath."""
Value = Any
"""A number, or a matrix of numbers as a tuple of rows."""


def read(tex: str, symbols: Iterable[str] = ()) -> Tree:
    """The tree of one side of a formula.

    Raises:
        MisreadError: where it is no formula, or one that can be misread.
    """
    reader = _Reader(words(tex, symbols))
    tree = reader.sum()
    if reader.here is not None:
        raise MisreadError(f"{reader.here!r} is left over in {tex}")
    return tree


def words(tex: str, symbols: Iterable[str]) -> list[str | Sym]:
    """The words of a formula; a symbol is one word."""
    longest_first = sorted(symbols, key=len, reverse=True)
    found: list[str | Sym] = []
    place = 0
    while place < len(tex):
        if space := SPACE.match(tex, place):
            place = space.end()
            continue
        word = WORD.match(tex, place)
        assert word is not None
        whole = word[0].rstrip("'").endswith("}")
        found_here = (s for s in longest_first if tex.startswith(s, place) and _ends(tex, place + len(s), s))
        symbol = None if whole and word[0][1:6] != "mathb" else next(found_here, None)
        power = POWER_OF_TEN.match(tex, place)
        if symbol is not None:
            found.append(Sym(symbol))
            place += len(symbol)
        elif power:
            found.append(f"{power[1]}e{power[2]}")
            place = power.end()
        else:
            found.append(word[0])
            place = word.end()
    return found


def _ends(tex: str, place: int, symbol: str) -> bool:
    """Whether a symbol that was found is not the beginning of a longer command."""
    return not (symbol[0] == "\\" and symbol[-1].isalpha() and tex[place : place + 1].isalpha())


class _Reader:
    def __init__(self, found: list[str | Sym]) -> None:
        self.words, self.at = found, 0

    @property
    def here(self) -> str | Sym | None:
        return self.words[self.at] if self.at < len(self.words) else None

    def take(self, expected: str | None = None) -> str | Sym:
        word = self.here
        if word is None or (expected is not None and word != expected):
            raise MisreadError(f"{expected} expected before {self.words[self.at :][:8]}")
        self.at += 1
        return word

    def sum(self) -> Tree:
        first = negative(self.product(self.take())) if self.here == "-" else self.product(None)
        terms = [first]
        while self.here in ("+", "-"):
            sign = self.take()
            term = self.product(sign)
            terms.append(term if sign == "+" else Op("neg", (term,)))
        return Op("+", tuple(terms)) if len(terms) > 1 else first

    def product(self, after: str | Sym | None) -> Tree:
        if self.here in ("+", "-"):
            raise MisreadError(f"{self.here} after {after}")
        factors = [self.power()]
        while (sign := self.here) not in ENDS:
            if sign in (r"\cdot", r"\times", r"\odot", "/"):
                self.take()
            if self.here in ("+", "-"):
                raise MisreadError(f"{self.here} after {sign}")
            before = self.words[self.at - 1]
            bare = isinstance(self.here, str) and (self.here[0].isdigit() or self.here == r"\frac")
            factor = self.power()
            if sign == "/":
                factors = [Op("/", (product(factors), factor))]
            elif sign == r"\odot":
                factors = [Op("odot", (product(factors), factor))]
            else:
                if isinstance(before, str) and before[0].isdigit() and bare:
                    raise MisreadError(f"{self.words[self.at - 1]} right after {before}")
                factors.append(factor)
        return product(factors)

    def power(self) -> Tree:
        base = self.atom()
        while self.here == "^":
            self.take()
            if self.words[self.at : self.at + 3] == ["{", r"\top", "}"]:
                self.at += 3
                base = Op("top", (base,))
                continue
            if isinstance(base, Op) and base.name == "^":
                raise MisreadError("two superscripts")
            base = Op("^", (base, self.group()))
        return base

    def group(self) -> Tree:
        self.take("{")
        inner = self.sum()
        self.take("}")
        return inner

    def atom(self) -> Tree:
        word = self.take()
        if isinstance(word, Sym):
            return word
        if word[0].isdigit():
            return Num(word)
        if word in ("(", "[", r"\lvert"):
            inner = self.sum()
            self.take(CLOSED_BY[word])
            return Op("abs", (inner,)) if word == r"\lvert" else inner
        if word == "{":
            inner = self.sum()
            self.take("}")
            return inner
        if word == r"\frac":
            return Op("/", (self.group(), self.group()))
        if word == r"\sqrt":
            return Op("sqrt", (self.group(),))
        if word in CONSTANTS:
            return Op(word, ())
        if word in DOTS or word == ALL_ONES:
            return Sym(word)
        if word == r"\underbrace":
            return self.braced()
        if word in MATRICES:
            return self.matrix(MATRICES[word])
        return self.call(word)

    def braced(self) -> Tree:
        r"""``\underbrace{factor}_{local}``: both are kept."""
        inner = self.group()
        self.take("_")
        return Op("underbrace", (inner, self.group()))

    def matrix(self, end: str) -> Tree:
        rows: list[list[Tree]] = [[self.sum()]]
        while (word := self.take()) != end:
            if word == r"\\":
                rows.append([])
            elif word != "&":
                raise MisreadError(f"{word} in a matrix")
            rows[-1].append(self.sum())
        return Op("matrix", tuple(Op("row", tuple(row)) for row in rows))

    def call(self, word: str) -> Tree:
        name = re.sub(r"\\(?:operatorname)?|[{}]", "", word)
        if word == r"\log":
            self.take("_")
            base = self.group()
            assert isinstance(base, Num)
            name += base.text
        if name.rstrip("'") not in FUNCTIONS and not word.startswith(r"\operatorname"):
            raise MisreadError(f"unknown {word!r}")
        exponent = None
        if self.here == "^":
            self.take()
            exponent = self.group()
        if self.here == "(":
            self.take()
            arguments = [self.sum()]
            while self.here == ",":
                self.take()
                arguments.append(self.sum())
            self.take(")")
            called = Op(name, tuple(arguments))
        else:
            called = Op(name, (self.power(),))
        return called if exponent is None else Op("^", (called, exponent))


def product(factors: list[Tree]) -> Tree:
    """Factors in their order; one alone is itself."""
    return Op("*", tuple(factors)) if len(factors) > 1 else factors[0]


def negative(tree: Tree) -> Tree:
    """Minus a number is a number."""
    if isinstance(tree, Num) and not tree.text.startswith("-"):
        return Num(f"-{tree.text}")
    return Op("neg", (tree,))


# What a tree says


def leaves(tree: Tree) -> Iterator[Num | Sym]:
    """Symbols and numbers from left to right; what stands below a brace is not counted."""
    if isinstance(tree, Op):
        for part in tree.parts[:1] if tree.name == "underbrace" else tree.parts:
            yield from leaves(part)
    else:
        yield tree


def is_numeric(tree: Tree) -> bool:
    """Whether only numbers stand in it."""
    return all(isinstance(leaf, Num) or leaf.tex in KNOWN for leaf in leaves(tree))


def has_ellipsis(tree: Tree) -> bool:
    """Whether terms were left out of it."""
    return any(isinstance(leaf, Sym) and leaf.tex in DOTS for leaf in leaves(tree))


def value(tree: Tree, symbols: Callable[[str], Value] | None = None, at_zero: Fraction = Fraction(0)) -> Value:
    """The value of a tree: a fraction where the arithmetic is rational, otherwise 60 digits; a matrix of them.

    ``at_zero`` is where between its two sides the slope of a function with a kink is taken.
    """
    if isinstance(tree, Num):
        return tree.value
    if isinstance(tree, Sym):
        if tree.tex == ALL_ONES:
            return Fraction(1)
        if symbols is None:
            raise MisreadError(f"{tree.tex} has no value")
        return symbols(tree.tex)
    parts = [value(part, symbols, at_zero) for part in tree.parts]
    if tree.name in STRUCTURES:
        return STRUCTURES[tree.name](*parts)
    function = (
        OPERATIONS.get(tree.name) or FUNCTIONS.get(tree.name) or CONSTANTS.get(tree.name) or _slope(tree.name, at_zero)
    )
    return each(function, *parts)


def each(function: Callable[..., Scalar], *parts: Value) -> Value:
    """A function of numbers, or entry by entry of matrices."""
    shape = next((part for part in parts if isinstance(part, tuple)), None)
    if shape is None:
        return function(*parts)
    return tuple(
        tuple(function(*(part[i][j] if isinstance(part, tuple) else part for part in parts)) for j in range(len(row)))
        for i, row in enumerate(shape)
    )


def _multiplied(*factors: Value) -> Value:
    return reduce(_times, factors)


def _times(left: Value, right: Value) -> Value:
    if not (isinstance(left, tuple) and isinstance(right, tuple)):
        return each(_product, left, right)
    return tuple(tuple(_added(*map(_product, row, column)) for column in zip(*right, strict=True)) for row in left)


def _slope(name: str, at_zero: Fraction) -> Callable[..., Scalar]:
    """The derivative of a function with a kink, or of a smooth one by name."""
    if name in SLOPES:
        return SLOPES[name]
    if name not in KINKED:
        raise MisreadError(f"{name} has no value")
    left, right = KINKED[name]

    def of(z: Scalar, *parameter: Scalar) -> Scalar:
        below, above = left(z, *parameter), right(z, *parameter)
        return above if z > 0 else below if z < 0 else _added(below, _product(at_zero, _added(above, -below)))

    return of


def _divided(top: Scalar, bottom: Scalar) -> Scalar:
    return top / bottom if isinstance(top, Fraction) and isinstance(bottom, Fraction) else real(top) / real(bottom)


def _raised(base: Scalar, exponent: Scalar) -> Scalar:
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        return base ** int(exponent)
    return real(base) ** real(exponent)


def _added(*terms: Scalar) -> Scalar:
    return reduce(lambda a, b: a + b if type(a) is type(b) else real(a) + real(b), terms)


def _product(a: Scalar, b: Scalar) -> Scalar:
    if type(a) is type(b):
        return a * b
    return ZERO if a == 0 or b == 0 else real(a) * real(b)


def real(number: Scalar) -> mpf:
    """A number with 60 digits."""
    return mpf(number.numerator) / number.denominator if isinstance(number, Fraction) else number


def _real(function: Callable[[mpf], mpf]) -> Callable[[Scalar], Scalar]:
    return lambda argument: function(real(argument))


def _zero_stays(function: Callable[[mpf], mpf], at_zero: int = 0) -> Callable[[Scalar], Scalar]:
    """The same, exact at 0."""
    return lambda argument: Fraction(at_zero) if argument == 0 else function(real(argument))


def _logarithm(argument: Scalar, base: int | None = None) -> Scalar:
    if argument == 1:
        return Fraction(0)
    return mp.log(real(argument)) if base is None else mp.log(real(argument)) / mp.log(base)


def _sigmoid(z: Scalar) -> Scalar:
    return Fraction(1, 2) if z == 0 else 1 / (1 + mp.exp(-real(z)))


def _times_real(z: Scalar, factor: Scalar) -> Scalar:
    return Fraction(0) if z == 0 else real(z) * real(factor)


def _share(first: Scalar, best: Scalar, others: Iterable[Scalar]) -> Fraction:
    """The slope of max or min by its first argument: those that are best share it."""
    return Fraction(1, 1 + sum(other == best for other in others)) if first == best else ZERO


mp.dps = DIGITS
ONE, ZERO = Fraction(1), Fraction(0)
CONSTANTS: dict[str, Callable[[], Scalar]] = {"e": lambda: +mp.e, r"\pi": lambda: +mp.pi}
KNOWN = {*DOTS, ALL_ONES}
STRUCTURES: dict[str, Callable[..., Any]] = {
    "row": lambda *entries: entries,
    "matrix": lambda *rows: rows,
    "top": lambda matrix: tuple(zip(*matrix, strict=True)),
    "diag": lambda vector: tuple(
        tuple(x if i == j else ZERO for j in range(len(vector))) for i, (x,) in enumerate(vector)
    ),
    "underbrace": lambda inner, _: inner,
    "*": _multiplied,
}
OPERATIONS: dict[str, Callable[..., Scalar]] = {
    "+": _added,
    "odot": _product,
    "neg": lambda number: -number,
    "/": _divided,
    "^": _raised,
    "abs": abs,
    "sqrt": _real(mp.sqrt),
}
FUNCTIONS: dict[str, Callable[..., Scalar]] = {
    "ln": _logarithm,
    "exp": _zero_stays(mp.exp, 1),
    "log2": lambda number: _logarithm(number, 2),
    "log10": lambda number: _logarithm(number, 10),
    "sin": _zero_stays(mp.sin),
    "cos": _zero_stays(mp.cos, 1),
    "tan": _zero_stays(mp.tan),
    "sinh": _zero_stays(mp.sinh),
    "cosh": _zero_stays(mp.cosh, 1),
    "tanh": _zero_stays(mp.tanh),
    "max": lambda *numbers: max(numbers, key=real),
    "min": lambda *numbers: min(numbers, key=real),
    "sigma": _sigmoid,
    "softplus": _real(lambda z: mp.log(1 + mp.exp(z))),
    "silu": lambda z: _times_real(z, _sigmoid(z)),
    "Phi": lambda z: Fraction(1, 2) if z == 0 else mp.ncdf(real(z)),
    "varphi": _real(mp.npdf),
    "gelu": lambda z: _times_real(z, mp.ncdf(real(z))),
    "ReLU": lambda z: max(z, ZERO),
    "LReLU": lambda z, slope=Fraction(1, 100): z if z > 0 else _product(slope, z),
    "ELU": lambda z, alpha=ONE: z if z > 0 else ZERO if z == 0 else real(alpha) * mp.expm1(real(z)),
    "sign": lambda z: Fraction((z > 0) - (z < 0)),
    "step": lambda z: Fraction(z >= 0),
}
KINKED: dict[str, tuple[Callable[..., Scalar], Callable[..., Scalar]]] = {
    "ReLU'": (lambda z: ZERO, lambda z: ONE),
    "LReLU'": (lambda z, slope=Fraction(1, 100): slope, lambda z, slope=ZERO: ONE),
    "ELU'": (lambda z, alpha=ONE: alpha if z == 0 else real(alpha) * mp.exp(real(z)), lambda z, alpha=ONE: ONE),
}
SLOPES: dict[str, Callable[..., Scalar]] = {
    "max'": lambda first, *others: _share(first, max((first, *others), key=real), others),
    "min'": lambda first, *others: _share(first, min((first, *others), key=real), others),
    "sign'": lambda z: ZERO,
    "step'": lambda z: ZERO,
    "abs'": lambda z: Fraction((z > 0) - (z < 0)),
    "sigma'": lambda z: _sigmoid(z) * (1 - _sigmoid(z)),
    "tanh'": lambda z: ONE if z == 0 else 1 - mp.tanh(real(z)) ** 2,
    "softplus'": _sigmoid,
    "silu'": lambda z: Fraction(1, 2) if z == 0 else _sigmoid(z) * (1 + real(z) * (1 - _sigmoid(z))),
    "gelu'": lambda z: mp.ncdf(real(z)) + real(z) * mp.npdf(real(z)),
}
