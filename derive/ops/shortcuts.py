"""Where the output layer's δ is ŷ - t: derivations of it, line by line, not asserted.

An entry belongs to a pair of output activation and loss. Its lines start from upstream gradient × local derivative
and end in the short form, where that takes more than one line (Bishop, *Pattern Recognition and Machine Learning*,
2006, sections 4.3.2 and 4.3.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from derive.expressions.tree import Expr, Name, Negative, Product, Quotient, Sum, plus
from derive.records import record

ShortcutLines: TypeAlias = Callable[[int, Sequence[str], Sequence[str]], tuple[Expr, ...]]


@record
class Shortcut:
    """δ of an output unit in lines.

    Attributes:
        lines: of the unit's position (from 0), the outputs and the targets; the last one is the short form. ``None``
            where the chain rule itself gives it.
        targets_sum_to_one: the last line needs targets whose sum is 1; without that it does not hold.
    """

    activation: str
    loss: str
    lines: ShortcutLines | None = None
    targets_sum_to_one: bool = False


def _sigmoid_cross_entropy(unit: int, outputs: Sequence[str], targets: Sequence[str]) -> tuple[Expr, ...]:
    y, t = Name(outputs[unit]), Name(targets[unit])
    slope = Sum((Negative(Quotient(t, y)), Quotient(1 - t, 1 - y)))
    return (
        Product((slope, y, 1 - y)),
        Sum((Negative(Product((t, 1 - y))), Product((1 - t, y)))),
        Sum((Negative(t), Product((t, y)), y, Negative(Product((t, y))))),
        y - t,
    )


def _softmax_cross_entropy(unit: int, outputs: Sequence[str], targets: Sequence[str]) -> tuple[Expr, ...]:
    y, t = Name(outputs[unit]), Name(targets[unit])
    others = [(Name(o), Name(u)) for k, (o, u) in enumerate(zip(outputs, targets, strict=True)) if k != unit]
    first = [Negative(Product((Quotient(t, y), y, 1 - y)))]
    # both derivatives are negative: a reader sees the two signs, and in the next line that they cancel
    first += [Product((Negative(Quotient(u, o)), Negative(Product((o, y))))) for o, u in others]  # type: ignore[misc]
    second = [Negative(Product((t, 1 - y))), *(Product((u, y)) for _, u in others)]
    total = plus(*(Name(name) for name in targets))
    return (plus(*first), plus(*second), plus(Product((total, y)), Negative(t)), y - t)


_ENTRIES = (
    Shortcut("sigmoid", "binary_cross_entropy", _sigmoid_cross_entropy),
    Shortcut("softmax", "cross_entropy", _softmax_cross_entropy, targets_sum_to_one=True),
    Shortcut("identity", "half_squared_error"),
)

SHORTCUTS: Mapping[tuple[str, str], Shortcut] = MappingProxyType(
    {(entry.activation, entry.loss): entry for entry in _ENTRIES}
)
