"""A third route for small networks: the loss composed into one SymPy expression, and ``sympy.diff`` of that.

Only for networks whose composed loss stays small: naive symbolic differentiation explodes (Griewank and Walther,
*Evaluating Derivatives*, 2008, section 1.1), and expressions from a file must not make SymPy compute towers of powers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flint import arb, fmpq

from derive.arithmetic.elementary import exponential, logarithm, power
from derive.arithmetic.numbers import as_ball
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import is_bounding
from derive.arithmetic.reals import Value
from derive.checked.by_objective import penalty_slope, share
from derive.checked.kinks_held import has_kink
from derive.equations.composed import composed
from derive.equations.run import Iteration, Sample
from derive.expressions.evaluate import value_of
from derive.expressions.fold import fold
from derive.expressions.functions import FUNCTIONS, complementary_error
from derive.expressions.tree import (
    Expr,
    Name,
    Number,
    Power,
    as_expr,
    names_in,
    walk,
)
from derive.model import Given
from derive.network import Network

MAX_PARAMETERS = 16
"""At most this many parameters."""
MAX_PARTS = 2000
"""At most this many parts of the composed loss × parameters × samples."""
MAX_DEPTH = 20
"""At most this deep nests the composed loss."""
MAX_WORK = 30_000
"""At most this many parts × nesting × parameters × samples: a nested formula's derivative repeats its parts at each
level."""
MAX_EXPONENT = 12
"""At most this large is an exponent."""
MAX_NUMBER = 10**30
"""At most this large are a number's numerator and denominator."""
DIGITS = 40


def small(network: Network) -> bool:
    """Whether the composed loss of a row is small, smooth and free of large powers."""
    if network.couples_rows:  # composed row by row
        return False
    if any(not _short(value) for known in (network.exact_start, *network.exact_rows) for value in known.values()):
        return False
    factor = len(network.parameters) * len(network.rows)
    if len(network.parameters) > MAX_PARAMETERS:
        return False
    size: dict[str, int] = {}
    depth: dict[str, int] = {}
    height: dict[str, int] = {}
    for node in network.graph.nodes:
        formula = node.formula
        if has_kink(node) or not _harmless(formula):
            return False
        size[node.name] = sum(size.get(part.name, 1) if isinstance(part, Name) else 1 for part in walk(formula))
        depth[node.name] = 1 + max((depth.get(name, 0) for name in node.inputs), default=0)
        height[node.name] = fold(formula, partial(_height, height))
        if size[node.name] * factor > MAX_PARTS or depth[node.name] > MAX_DEPTH:
            return False
        if size[node.name] * height[node.name] * factor > MAX_WORK:
            return False
    return True


def _height(known: Mapping[str, int], here: Expr, parts: tuple[int, ...]) -> int:
    """How deep an expression nests, the nodes it names put in."""
    return known.get(here.name, 0) if isinstance(here, Name) else 1 + max(parts, default=0)


def _harmless(formula: Expr) -> bool:
    for part in walk(formula):
        if isinstance(part, Power):
            exponent = part.exponent
            if not isinstance(exponent, Number) or abs(exponent.value) > MAX_EXPONENT or not names_in(part.base):
                return False
        if isinstance(part, Number) and not _short(part.value):
            return False
    return True


def _short(value: fmpq | Given) -> bool:
    """Whether a number is short enough to be handed to SymPy; one that is calculated is."""
    return not isinstance(value, fmpq) or max(abs(value.numerator), value.denominator) <= MAX_NUMBER


def composed_loss(network: Network, sample: Sample) -> Any:
    """One sample's output as one SymPy expression in the parameters, the data's numbers put in."""
    from derive.expressions.sympy_bridge import symbol, to_sympy

    given = {leaf: sample.values[leaf] for leaf in network.graph.leaves if leaf not in network.parameters}
    data = {leaf: as_expr(value) for leaf, value in given.items() if type(value) is fmpq}

    def leaf(name: str) -> Any:
        return _sympy_number(given[name]) if name in given else symbol(name)

    return composed(network, leaf, data, lambda formula, known: to_sympy(formula, named=known))


def composed_gradients(network: Network, iteration: Iteration) -> dict[str, Value] | None:
    """The batch's gradient by every parameter, by ``sympy.diff`` of the composed loss.

    None where a part of SymPy's expression has no real value that can be told, or is of a kind that is not known here.
    """
    from derive.expressions.sympy_bridge import symbol

    each = share(network, [sample.values for sample in iteration.samples])
    numbers: dict[Any, Value] = {symbol(name): as_ball(value) for name, value in iteration.parameters.items()}
    found: dict[str, Value] = {
        name: as_ball(penalty_slope(network, name, iteration.parameters[name])) for name in network.parameters
    }
    for sample in iteration.samples:
        loss = composed_loss(network, sample)
        values = dict(numbers)
        for name in network.parameters:
            try:
                found[name] = found[name] + sympy_value(loss.diff(symbol(name)), values) * each
            except (OutsideDomain, KeyError):
                return None
            except Undecided:
                if is_bounding():  # the run itself is decided: its own derivative does without this form
                    return None
                raise
    return found


def sympy_value(expr: Any, values: dict[Any, Value]) -> Value:
    """A SymPy expression in balls; ``values`` holds its symbols and gathers the parts that are met.

    Raises:
        KeyError: for a kind of expression that is not known here.
        OutsideDomain: where a part has no real value.
    """
    known = values.get(expr)
    if known is None:
        parts = [sympy_value(part, values) for part in expr.args]
        known = values[expr] = _KINDS[type(expr).__name__](expr, parts)
    return known


def _rational(expr: Any, _: list[Value]) -> Value:
    return fmpq(int(expr.p), int(expr.q))


def _product(_: Any, parts: list[Value]) -> Value:
    total: Value = fmpq(1)
    for part in parts:
        total = total * part
    return total


def _function(name: str) -> Callable[[Any, list[Value]], Value]:
    return lambda _, parts: value_of(FUNCTIONS[name])(parts[0])


_KINDS: Mapping[str, Callable[[Any, list[Value]], Value]] = {
    "Add": lambda _, parts: sum(parts[1:], parts[0]),
    "Mul": _product,
    "Pow": lambda _, parts: power(*parts),
    "exp": lambda _, parts: exponential(parts[0]),
    "log": lambda _, parts: logarithm(parts[0]),
    "Pi": lambda _, __: arb.pi(),
    "Exp1": lambda _, __: arb.const_e(),
    "Float": lambda expr, _: arb(str(expr)),
    **dict.fromkeys(("Integer", "Rational", "Zero", "One", "NegativeOne", "Half"), _rational),
    **{name: _function(name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "erfc": lambda _, parts: complementary_error(parts[0]),
}
"""SymPy's classes by name, so that SymPy is imported only where it is used."""


def _sympy_number(value: Value) -> Any:
    import sympy

    if isinstance(value, fmpq):
        return sympy.Rational(int(value.numerator), int(value.denominator))
    return sympy.Float(value.str(DIGITS + 10, radius=False), DIGITS + 10)
