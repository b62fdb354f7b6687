"""A third route for small networks: the loss composed into one SymPy expression, and ``sympy.diff`` of that.

Only for networks whose composed loss stays small: naive symbolic differentiation explodes (Griewank and Walther,
*Evaluating Derivatives*, 2008, section 1.1), and expressions from a file must not make SymPy compute towers of powers.
"""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

from derive.expressions.tree import Expr, Number, Power, names_in, walk
from derive.held import has_kink
from derive.network import Network
from derive.numbers import Number as Value
from derive.numbers import as_ball
from derive.run import Iteration

MOST_PARAMETERS = 16
MOST_PARTS = 160
LARGEST_EXPONENT = 12
LONGEST_NUMBER = 10**30
DIGITS = 40


def small(network: Network) -> bool:
    """Whether the composed loss is small, smooth and free of large powers."""
    if len(network.parameters) > MOST_PARAMETERS or len(network.rows) > 4:
        return False
    size: dict[str, int] = {}
    for node in network.graph.nodes:
        formula = node.formula
        if has_kink(node) or not _harmless(formula):
            return False
        size[node.name] = sum(1 for _ in walk(formula)) + sum(size.get(name, 0) for name in node.inputs)
        if size[node.name] > MOST_PARTS:
            return False
    return True


def _harmless(formula: Expr) -> bool:
    for part in walk(formula):
        if isinstance(part, Power):
            exponent = part.exponent
            if not isinstance(exponent, Number) or abs(exponent.value) > LARGEST_EXPONENT or not names_in(part.base):
                return False
        if isinstance(part, Number) and max(abs(part.value.numerator), part.value.denominator) > LONGEST_NUMBER:
            return False
    return True


def composed_loss(network: Network) -> Any:
    """The output as one SymPy expression in the leaves of the graph."""
    from derive.expressions.sympy_bridge import symbol, to_sympy

    composed: dict[Any, Any] = {}
    for node in network.graph.nodes:
        composed[symbol(node.name)] = to_sympy(node.formula).xreplace(composed)
    return composed[symbol(network.output)]


def composed_gradients(network: Network, iteration: Iteration) -> dict[str, Value]:
    """The batch's gradient by every parameter, by ``sympy.diff`` of the composed loss, to 40 digits."""
    from derive.expressions.sympy_bridge import symbol

    loss = composed_loss(network)
    divisor = len(iteration.samples) if network.spec.training.reduction == "mean" else 1
    found: dict[str, Value] = {}
    for name in network.parameters:
        slope = loss.diff(symbol(name))
        total = as_ball(fmpq(0))
        for sample in iteration.samples:
            numbers = {symbol(leaf): _sympy_number(sample.values[leaf]) for leaf in network.graph.leaves}
            total += arb(str(slope.evalf(DIGITS, subs=numbers)))
        found[name] = total / divisor
    return found


def _sympy_number(value: Value) -> Any:
    import sympy

    if type(value) is fmpq:
        return sympy.Rational(int(value.numerator), int(value.denominator))
    return sympy.Float(value.str(DIGITS + 10, radius=False), DIGITS + 10)
