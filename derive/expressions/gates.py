"""One long expression split into named steps, each an operation that is differentiated at one go."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count

from derive.expressions.tree import (
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
    children,
    names_in,
    rebuild,
)


def split(expression: Expr, output: str, taken: Collection[str] = ()) -> dict[str, Expr]:
    """The nodes of an expression in the order of computation, the last one called ``output``.

    Each function, power, product, quotient and sum is a node of its own, but for signs and factors that are numbers.
    A weighted sum (two or more products of single quantities) stays whole. What stands twice is one node. Nodes are
    called ``u1``, ``u2``, …; names that are ``taken`` are left out.

    >>> from derive.expressions.grammar import parse
    >>> from derive.expressions.print_text import ascii
    >>> nodes = split(parse("(1/(1 + exp(-(w*x + v*y))) - t)^2/2"), "E")
    >>> [f"{name} = {ascii(node)}" for name, node in nodes.items()]
    ['u1 = w*x + v*y', 'u2 = exp(-u1)', 'u3 = 1 + u2', 'u4 = 1/u3', 'u5 = u4 - t', 'E = u5^2/2']
    """
    used = {*taken, output, *names_in(expression)}
    splitter = _Splitter(name for k in count(1) if (name := f"u{k}") not in used)
    last = splitter.node(expression)
    return {name: node for node, name in splitter.names.items()} | {output: last}


class _Splitter:
    """Gathers nodes; ``names`` has them in the order of computation."""

    def __init__(self, free: Iterator[str]) -> None:
        self._free = free
        self.names: dict[Expr, str] = {}

    def node(self, here: Expr) -> Expr:
        """An expression as one operation on quantities, its operands named."""
        match here:
            case Negative() | Quotient(denominator=Number()):
                inside, *number = children(here)
                return rebuild(here, (self.node(inside), *number))
            case Product(factors=(Number() as number, Sum() | Power() | Call() as only)):
                return Product((number, self.node(only)))
            case Sum(terms=terms) if sum(map(_is_weighted, terms)) > 1:
                return Sum(tuple(term if _is_weighted(term) else self._operand(term) for term in terms))
            case _:
                return rebuild(here, tuple(map(self._operand, children(here))))

    def _operand(self, here: Expr) -> Expr:
        """What stands in an operation: a quantity or number, with its sign and factor; anything else by its name."""
        match here:
            case Name() | Number() | Constant():
                return here
            case Negative() | Quotient(denominator=Number()):
                inside, *number = children(here)
                return rebuild(here, (self._operand(inside), *number))
            case Product(factors=(Number() as number, only)):
                return Product((number, self._operand(only)))
            case _ if not names_in(here):
                return here
            case _:
                made = self.node(here)
                if made not in self.names:
                    self.names[made] = next(self._free)
                return Name(self.names[made])


def _is_weighted(term: Expr) -> bool:
    """Whether a term is a product of two or more quantities, perhaps with a sign and numbers."""
    if isinstance(term, Negative):
        return _is_weighted(term.operand)
    if not isinstance(term, Product):
        return False
    quantities = [factor for factor in term.factors if isinstance(factor, Name)]
    return len(quantities) > 1 and all(isinstance(factor, Name | Number) for factor in term.factors)
