"""Forward passes of many samples at once.

A quantity is a column: a list with the number of each sample, or one number where all samples share it. Each operation
of a formula is done for the whole column, so that what Python does for it is done once and not for every sample.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from operator import add, mul, neg, sub
from typing import Any, TypeAlias

from flint import fmpq

from derive.arithmetic.elementary import integer_power, quotient
from derive.arithmetic.numbers import bounded
from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.reals import Value
from derive.checked.kinks_held import HoldingCompiler, ValuesByName
from derive.expressions.evaluate import Compiler, place_of, value_of
from derive.expressions.functions import FUNCTIONS, formula_of
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
    names_in,
)
from derive.network import Network
from derive.network.graph import Node

Column: TypeAlias = Any
"""A list of numbers, one for each sample; or a number that all of them share."""
Columns: TypeAlias = dict[str, Column]
HeldColumn: TypeAlias = Callable[[Columns], Column]


def each(function: Callable[..., Value], *columns: Column) -> Column:
    """A function of the numbers of each sample: a column, where one of its arguments is one.

    >>> each(add, [fmpq(1), fmpq(2)], fmpq(3))
    [4, 5]
    """
    several = [column if type(column) is list else repeat(column) for column in columns]
    return list(map(function, *several)) if list in map(type, columns) else function(*columns)


def column_of(expr: Expr, columns: Mapping[str, Column], relu_at_zero: fmpq) -> Column:
    """The values of an expression for all samples."""

    def part(inner: Expr) -> Column:
        return column_of(inner, columns, relu_at_zero)

    match expr:
        case Name(name=name) if name in columns:
            return columns[name]
        case Number(value=value):
            return value
        case Negative(operand=operand):
            return each(neg, part(operand))
        case Sum(terms=(first, *others)):
            total = part(first)
            for term in others:
                taken = isinstance(term, Negative)
                total = each(sub, total, part(term.operand)) if taken else each(add, total, part(term))  # type: ignore[attr-defined]
            return total
        case Product(factors=(first, *others), leading_zero=False):
            total = part(first)
            for factor in others:
                total = each(mul, total, part(factor))
            return total
        case Quotient(numerator=top, denominator=bottom, leading_zero=False):
            return each(quotient, part(top), part(bottom))
        case Power(base=base, exponent=Number(value=whole)) if whole == 2:
            square = part(base)
            return each(mul, square, square)
        case Power(base=base, exponent=Number(value=whole)) if whole.denominator == 1 and base != Constant("e"):
            return each(integer_power, part(base), int(whole.numerator))
        case Call(function=name, arguments=arguments) if name in FUNCTIONS:
            function = FUNCTIONS[name]
            rest = list(function.defaults.values())[len(arguments) - 1 :]
            return each(value_of(function, relu_at_zero), *map(part, arguments), *rest)
        case _:
            names = names_in(expr)
            closure = Compiler(names, relu_at_zero).closure(expr)
            used = tuple(name for name in names if name in columns)
            if not used:
                return closure(())
            return each(lambda *row: closure(row), *(columns[name] for name in used))


class ColumnPasses:
    """Forward passes through a network, of as many samples as its columns have.

    ``held``: how the columns of nodes are found whose kinks keep a side; of others, by their formulas.
    """

    def __init__(self, network: Network, held: Mapping[str, HeldColumn] | None = None) -> None:
        self._network = network
        self._held = held or {}
        self._formulas: dict[str, Expr] = {}

    def forward(
        self,
        columns: Columns,
        change: Callable[[str, Column], Column] | None = None,
        nodes: Iterable[Node] | None = None,
    ) -> Column:
        """The column of the output, if it is worked; those of all nodes stand in ``columns`` then, beside the leaves.

        Args:
            columns: the leaves, and what stands before the ``nodes``.
            change: what becomes of the column of a node before others are worked from it.
            nodes: what is worked, in an order in which it can be; all where nothing is given.
        """
        graph = self._network.graph
        worked = set[str]()
        for node in graph.nodes if nodes is None else nodes:
            name = node.name
            try:
                if name not in worked:
                    worked.update(self._work(node, columns))
            except Undecided as error:
                raise error.at(name) from None
            if change is not None:
                columns[name] = change(name, columns[name])
        return columns.get(graph.output)

    def _work(self, node: Node, columns: Columns) -> Sequence[str]:
        """Work a node, and what is worked together with it; their names."""
        name = node.name
        if name in self._held:
            columns[name] = self._held[name](columns)
        elif node.operation.siblings:
            return _whole_layer(node, columns)
        elif node.operation.kind == "weighted_sum":
            columns[name] = _bounded(_weighted_sum(node.inputs, columns))
        else:
            columns[name] = _bounded(column_of(self._formula(node), columns, self._network.relu_at_zero))
        return (name,)

    def _formula(self, node: Node) -> Expr:
        found = self._formulas.get(node.name)
        if found is None:
            found = self._formulas[node.name] = node.formula
        return found


def _bounded(column: Column) -> Column:
    """Rationals that have grown too long as balls."""
    first = column[0] if type(column) is list else column
    return each(bounded, column) if type(first) is fmpq else column


def _weighted_sum(inputs: Sequence[str], columns: Mapping[str, Column]) -> Column:
    """Weights times sources, and the bias: the inputs are so many weights, as many sources, perhaps a bias."""
    count = len(inputs) // 2
    weights, sources, biases = inputs[:count], inputs[count : 2 * count], inputs[2 * count :]
    parts = (each(mul, columns[w], columns[x]) for w, x in zip(weights, sources, strict=True))
    total = next(parts)
    for part in (*parts, *(columns[bias] for bias in biases)):
        total = each(add, total, part)
    return total


def _whole_layer(node: Node, columns: Columns) -> Sequence[str]:
    """A layer whose units are worked together, sample after sample."""
    siblings, inputs = node.operation.siblings, node.inputs

    def of_sample(*row: Value) -> tuple[Value, ...]:
        values = dict(zip(inputs, row, strict=True))
        node.operation.forward(node.name, inputs, values)
        return tuple(values[name] for name in siblings)

    rows: Any = each(of_sample, *(columns[name] for name in inputs))  # type: ignore[arg-type]
    several = type(rows) is list
    columns.update(zip(siblings, map(list, zip(*rows, strict=True)) if several else rows, strict=True))
    return siblings


def held_columns(network: Network, kinked: Iterable[Node], bases: Sequence[ValuesByName]) -> dict[str, HeldColumn]:
    """How nodes with kinks are worked, each sample on the side where ``bases`` has it."""
    return {node.name: _held(network, node, bases) for node in kinked}


def _held(network: Network, node: Node, bases: Sequence[ValuesByName]) -> HeldColumn:
    formula, names = node.formula, tuple(dict.fromkeys(node.inputs))
    closures: dict[int, Callable[[Sequence[Value]], Value]] = {}
    of_samples = []
    place = _place(formula)
    for i, base in enumerate(bases):
        key = i if place is None else place(base)
        if key not in closures:
            at_base = tuple(base[name] for name in names)
            closures[key] = HoldingCompiler(names, network.relu_at_zero, at_base).closure(formula)
        of_samples.append(closures[key])

    def column(columns: Columns) -> Column:
        rows = zip(*(each(_same, columns[name], of_samples) for name in names), strict=True)
        return [closure(row) for closure, row in zip(of_samples, rows, strict=True)]

    return column


def _same(value: Value, _: object) -> Value:
    return value


def _place(formula: Expr) -> Callable[[ValuesByName], int] | None:
    """Where a sample stands on a function of one quantity; None of a formula that is more than that.

    Samples at one place are worked in one way.
    """
    if not isinstance(formula, Call) or not isinstance(formula.arguments[0], Name):
        return None
    function = FUNCTIONS.get(formula.function)
    if function is None or not function.pieces or formula_of(formula) is not None:
        return None
    if any(names_in(argument) for argument in formula.arguments[1:]):
        return None
    name, found = formula.arguments[0].name, place_of(function)
    given = [Compiler(()).closure(argument)(()) for argument in formula.arguments[1:]]
    rest = [*given, *list(function.defaults.values())[len(given) :]]
    return lambda base: found(base[name], *rest)
