r"""A reader of the formulas of a document, written for the tests alone: TeX to a tree that keeps the order on the page.

It is strict where a person could misread: a sign after an operation sign, a number beside a number, a second
superscript are errors. Nothing here is shared with the package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from operator import add

NUMBER = r"[0-9]+(?:\.[0-9]+)?"
POWER_OF_TEN = re.compile(rf"({NUMBER}) \\times 10\^\{{(-?[0-9]+)\}}")
ENVIRONMENT = re.compile(r"\\(?:begin|end|operatorname)\{[A-Za-z0-9\\_ ]+\}'*")
WORD = re.compile(rf"{NUMBER}|\\mathbf\{{[A-Za-z0-9]\}}|\\[A-Za-z]+'*|\\.|\S'*")
SPACE = re.compile(
    r"(?:\s|\\[,;:!]|\\q?quad(?![A-Za-z])|\{\}|\\(?:left|right|[bB]ig+[lr]?)(?![A-Za-z])|\\displaystyle)+"
)
ROW_SPACE = re.compile(r"\\\\\[[0-9]+pt\]")
"""The end of a row of tall entries."""
CLOSED_BY = {"(": ")", "[": "]", r"\lvert": r"\rvert", r"\{": r"\}"}
MATRICES = {rf"\begin{{{kind}}}": rf"\end{{{kind}}}" for kind in ("bmatrix", "smallmatrix")}
ENDS = {None, "+", "-", ")", "]", "}", ",", r"\rvert", "&", r"\\", *MATRICES.values()}
DOTS = {r"\cdots", r"\vdots", r"\ddots"}
ALL_ONES = r"\mathbf{1}"
KNOWN = {*DOTS, ALL_ONES}
CONSTANTS = ("e", r"\pi")
FUNCTIONS = r"\ln \exp \log \sin \cos \tan \sinh \cosh \tanh \max \min \sigma \Phi \varphi".split()
"""The functions that are commands; the others are \\operatorname."""


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


def symbols_pattern(symbols: Iterable[str]) -> re.Pattern[str]:
    """What finds a symbol, the longest one first; a command is not the beginning of a longer command."""
    longest_first = sorted(symbols, key=len, reverse=True)
    ends = (r"(?![A-Za-z])" if symbol[0] == "\\" and symbol[-1].isalpha() else "" for symbol in longest_first)
    return re.compile("|".join(map(add, map(re.escape, longest_first), ends)) or r"(?!)")


NO_SYMBOLS = symbols_pattern(())


def read(tex: str, symbols: re.Pattern[str] = NO_SYMBOLS) -> Tree:
    """The tree of one side of a formula.

    Raises:
        MisreadError: where it is no formula, or one that can be misread.
    """
    reader = _Reader(words(ROW_SPACE.sub(r"\\\\", tex), symbols))
    tree = reader.sum()
    if reader.here is not None:
        raise MisreadError(f"{reader.here!r} is left over in {tex}")
    return tree


def words(tex: str, symbols: re.Pattern[str]) -> list[str | Sym]:
    """The words of a formula; a symbol is one word."""
    found: list[str | Sym] = []
    place = 0
    while place < len(tex):
        if space := SPACE.match(tex, place):
            place = space.end()
            continue
        environment = ENVIRONMENT.match(tex, place)
        symbol = None if environment else symbols.match(tex, place)
        power = POWER_OF_TEN.match(tex, place)
        word = environment or symbol or power or WORD.match(tex, place)
        assert word is not None
        found.append(Sym(word[0]) if word is symbol else f"{word[1]}e{word[2]}" if word is power else word[0])
        place = word.end()
    return found


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
        if word == r"\overset":
            return self.numbered()
        if word in MATRICES:
            return self.matrix(MATRICES[word])
        return self.call(word)

    def braced(self) -> Tree:
        r"""``\underbrace{factor}_{local}``: both are kept."""
        inner = self.group()
        self.take("_")
        return Op("underbrace", (inner, self.group()))

    def numbered(self) -> Tree:
        r"""``\overset{\text{①}}{factor}``: the factor, without its number in the figure."""
        for word in ("{", r"\text", "{"):
            self.take(word)
        number = self.take()
        if not (isinstance(number, str) and "①" <= number <= "⑳"):
            raise MisreadError(f"{number} above a factor")
        for word in ("}", "}"):
            self.take(word)
        return self.group()

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
        if word.rstrip("'") not in FUNCTIONS and not word.startswith(r"\operatorname"):
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
