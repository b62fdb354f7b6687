"""Long sums with an ellipsis."""

from __future__ import annotations

from derive.expressions.tree import Expr, Name, Negative, Product, Quotient, Sum, children, rebuild

LONG_SUM = 12
"""A sum of more terms is written with an ellipsis: the first three, the last, and the bias."""
MIDDLING_SUM = 6
"""The same for sums of longer terms,"""
SHORT_SUM = 4
"""in the cell of a table,"""
SHORTEST_SUM = 3
"""and in one with little room."""
ELLIPSIS = "..."
"""The name that stands for the terms that are left out of a long sum."""


def shortened(expr: Expr, longest: int) -> Expr:
    """Sums of more terms with an ellipsis: the first ones, the last product, and what follows it."""
    if isinstance(expr, Product | Negative | Quotient):
        return rebuild(expr, tuple(shortened(part, longest) for part in children(expr)))
    if not isinstance(expr, Sum) or len(expr.terms) <= longest:
        return expr
    tail = 1 if isinstance(expr.terms[-1], Product) else 2
    return Sum((*expr.terms[: min(3, longest - tail - 1)], Name(ELLIPSIS), *expr.terms[-tail:]))
