"""Misconceptions about the rules of differentiation, where nodes are formulas of their author's.

A mistaken rule is a differentiation of its own: the same recursion over the tree with one rule replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from derive.arithmetic.reals import Value
from derive.expressions.evaluate import compiled
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
    names_in,
    rebuild,
    substitute,
    walk,
)
from derive.network import Network
from derive.network.graph import Use
from derive.verification.causes.entry import Mistake, NodeSlip
from derive.verification.points.row_after import RowAfter
from derive.verification.points.slips import Right

Rule = Callable[["Mistaken", Expr], Expr]
MAX_NODES = 60
"""At most this many nodes of a graph are looked at."""
MAX_DEPTH = 60
"""At most this deep nests a formula that is written in another way."""


class Mistaken:
    """Differentiation by one name, with some rules replaced."""

    def __init__(self, by: str, rules: Mapping[type[Expr], Rule]) -> None:
        self.by, self.rules = by, {**RIGHT, **rules}

    def __call__(self, expr: Expr) -> Expr:
        """The derivative as this differentiation finds it."""
        if self.by not in names_in(expr):
            return ZERO
        return self.rules[type(expr)](self, expr)


def _sum(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Sum)
    return Sum(tuple(d(term) for term in expr.terms))


def _negative(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Negative)
    return Negative(d(expr.operand))


def _product(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Product)
    factors = expr.factors
    terms = [Product((*factors[:i], d(factor), *factors[i + 1 :])) for i, factor in enumerate(factors)]
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _quotient(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Quotient)
    top, bottom = expr.numerator, expr.denominator
    if d.by not in names_in(bottom):
        return d(top) / bottom
    return (d(top) * bottom - top * d(bottom)) / bottom**2


def _power(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Power)
    base, exponent = expr.base, expr.exponent
    if d.by not in names_in(exponent):
        return exponent * base ** (exponent - 1) * d(base)
    return expr * (d(exponent) * Call("ln", (base,)) + exponent * d(base) / base)


def _call(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Call)
    return Call(expr.function + "'", expr.arguments) * d(expr.arguments[0])


RIGHT: Mapping[type[Expr], Rule] = MappingProxyType(
    {Name: lambda d, expr: ONE, Sum: _sum, Negative: _negative, Product: _product, Quotient: _quotient,
     Power: _power, Call: _call}
)  # fmt: skip


def _products_of_slopes(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Product)
    return Product(tuple(d(factor) if d.by in names_in(factor) else factor for factor in expr.factors))


def _own_factor(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Product)
    return Product(tuple(factor for factor in expr.factors if d.by in names_in(factor)) or (ONE,))


def _quotient_sign(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Quotient)
    top, bottom = expr.numerator, expr.denominator
    if d.by not in names_in(bottom):
        return d(top) / bottom
    return (top * d(bottom) - d(top) * bottom) / bottom**2


def _quotient_unsquared(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Quotient)
    top, bottom = expr.numerator, expr.denominator
    if d.by not in names_in(bottom):
        return d(top) / bottom
    return (d(top) * bottom - top * d(bottom)) / bottom


def _same_exponent(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Power)
    return expr.exponent * expr * d(expr.base)


def _no_exponent(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Power)
    return expr.base ** (expr.exponent - 1) * d(expr.base)


def _no_inner_power(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Power)
    return expr.exponent * expr.base ** (expr.exponent - 1)


def _no_inner(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Call)
    return Call(expr.function + "'", expr.arguments)


def _function_itself(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Call)
    return expr * d(expr.arguments[0])


def _unsquared(d: Mistaken, expr: Expr) -> Expr:
    """1 - tanh for the slope of tanh."""
    assert isinstance(expr, Call)
    return (ONE - expr) * d(expr.arguments[0]) if expr.function == "tanh" else _call(d, expr)


def _half_of_slope(d: Mistaken, expr: Expr) -> Expr:
    """1 - σ for the slope of the sigmoid."""
    assert isinstance(expr, Call)
    return (ONE - expr) * d(expr.arguments[0]) if expr.function == "sigmoid" else _call(d, expr)


def _slope_of_another(d: Mistaken, expr: Expr) -> Expr:
    """The slope of the sigmoid for that of tanh, and the other way round."""
    assert isinstance(expr, Call)
    slopes = {"tanh": expr * (ONE - expr), "sigmoid": ONE - expr**2}
    slope = slopes.get(expr.function)
    return _call(d, expr) if slope is None else slope * d(expr.arguments[0])


def _other_sign(d: Mistaken, expr: Expr) -> Expr:
    return Negative(RIGHT[type(expr)](d, expr))


def _without_constants(d: Mistaken, expr: Expr) -> Expr:
    """A factor or a denominator that is a number, lost."""
    if isinstance(expr, Quotient):
        return d(expr.numerator) if isinstance(expr.denominator, Number) else _quotient(d, expr)
    assert isinstance(expr, Product)
    rest = tuple(factor for factor in expr.factors if not isinstance(factor, Number | Quotient) or names_in(factor))
    return _product(d, Product(rest)) if rest else ZERO


def _minus_between(d: Mistaken, expr: Expr) -> Expr:
    """u'v - uv' for the derivative of a product."""
    right = _product(d, expr)
    terms = [term for term in right.terms if ZERO not in children(term)] if isinstance(right, Sum) else []
    return Sum((terms[0], Negative(terms[1]))) if len(terms) == 2 else right


def _minus_lost(d: Mistaken, expr: Expr) -> Expr:
    assert isinstance(expr, Negative)
    return d(expr.operand)


RULES: tuple[tuple[str, Mapping[type[Expr], Rule]], ...] = (
    ("minus_lost", {Negative: _minus_lost}),
    ("inner_derivative_left_out", {Power: _no_inner_power, Call: _no_inner}),
    ("own_factor", {Product: _own_factor}),
    ("constant_factor_left_out", {Product: _without_constants, Quotient: _without_constants}),
    ("product_rule_sign", {Product: _minus_between}),
    ("product_of_derivatives", {Product: _products_of_slopes}),
    ("power_rule_exponent", {Power: _same_exponent}),
    ("power_rule_factor", {Power: _no_exponent}),
    ("quotient_rule_sign", {Quotient: _quotient_sign}),
    ("quotient_rule_square", {Quotient: _quotient_unsquared}),
    ("function_for_derivative", {Call: _function_itself}),
    ("square_left_out", {Call: _unsquared}),
    ("half_of_slope", {Call: _half_of_slope}),
    ("slope_of_another_function", {Call: _slope_of_another}),
    ("derivative_sign", {Call: _other_sign, Power: _other_sign}),
)
"""An entry each: the rules that it replaces. (Mistakes with ``exp`` for itself are none.)"""


def rule(name: str) -> Callable[[Network], Iterator[Mistake]]:
    """The mistakes of one entry about rules of differentiation."""
    rules = dict(RULES)[name]

    def mistakes(network: Network) -> Iterator[Mistake]:
        for node in network.graph.nodes[:MAX_NODES]:
            if node.operation.kind != "formula" or not any(type(part) in rules for part in walk(node.formula)):
                continue
            change = _Locals(node.formula, rules)
            if any(change.is_another(by) for by in names_in(node.formula)):
                yield Mistake(name, NodeSlip(frozenset((node.name,)), frozenset(("formula",)), on_local=change))

    return mistakes


class _Locals:
    """The local derivatives of one formula as a mistaken rule gives them."""

    def __init__(self, formula: Expr, rules: Mapping[type[Expr], Rule]) -> None:
        self.formula, self.rules = formula, rules
        self._found: dict[str, tuple[Expr, Callable[..., Value]] | None] = {}

    def tree(self, by: str) -> Expr | None:
        """The mistaken derivative as an expression."""
        try:
            return Mistaken(by, self.rules)(self.formula)
        except (KeyError, RecursionError):
            return None

    def changes(self, use: Use) -> bool:
        """Whether the mistaken rules are used at all on the way to this derivative."""
        return self.is_another(use.node.inputs[use.position])

    def is_another(self, by: str) -> bool:
        """Whether the mistaken derivative by a name is another expression."""
        return self.tree(by) != Mistaken(by, {})(self.formula)

    def __call__(self, at: RowAfter, use: Use, right: Right) -> Value | None:
        by = use.node.inputs[use.position]
        if by not in self._found:
            tree = self.tree(by)
            relu_at_zero = at.passes.network.relu_at_zero
            self._found[by] = None if tree is None else (tree, compiled(tree, names_in(tree), relu_at_zero))
        found = self._found[by]
        if found is None:
            return None
        tree, function = found
        return function(*[at.value(name) for name in names_in(tree)])


def logarithms(network: Network) -> Iterator[Mistake]:
    """ln in an author's formula read as a logarithm of base 2 or 10."""
    for node in network.graph.nodes[:MAX_NODES]:
        formula = node.formula if node.operation.kind == "formula" else ONE
        if any(isinstance(part, Call) and part.function in ("ln", "log") for part in walk(formula)):
            for base in (2, 10):
                changed = _with_base(formula, base)
                slip = NodeSlip(frozenset((node.name,)), frozenset(("formula",)), _Value(changed), _Locals(changed, {}))
                yield Mistake(f"logarithm_base_{base}", slip, "logarithm_base", {"base": str(base)})


def _with_base(expr: Expr, base: int) -> Expr:
    parts = tuple(_with_base(part, base) for part in children(expr))
    changed = rebuild(expr, parts) if parts else expr
    if isinstance(changed, Call) and changed.function in ("ln", "log"):
        return Call(f"log{base}", changed.arguments)
    return changed


class _Value:
    """A node computed by another formula."""

    def __init__(self, formula: Expr) -> None:
        self.names = names_in(formula)
        self.function = compiled(formula, self.names)

    def __call__(self, at: RowAfter, node: object, right: Right) -> Value:
        return self.function(*[at.value(name) for name in self.names])


__all__ = ["RULES", "Mistaken", "Number", "logarithms", "rule", "substitute"]
