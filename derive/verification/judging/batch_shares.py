r"""Derivatives by what single samples have, of the whole batch's loss: ``\delta^{(2)} = \frac{2}{3} (\hat y - t)``.

A sample's own gradient is not divided by the number of samples; who takes the mean loss apart divides it. One file does
the one or the other throughout.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flint import fmpq

from derive.expressions.tree import Expr, Name, Number, Quotient, names_in, substitute
from derive.network import Network
from derive.patterns import regex
from derive.verification.comparing.chain import ScalarChain
from derive.verification.comparing.side import ScalarSide

_TYPED = regex(r"\w\[[0-9]+\]")
_OF_A_ROW = regex(r"\[[0-9]+\]")


class BatchShares:
    """What one network's derivatives by single samples are of the batch's loss."""

    def __init__(self, network: Network) -> None:
        self._loss = network.output
        self._delta = bool(network.names.sizes)
        self._rows = len(network.rows)
        self._divides = self._rows > 1 and network.spec.training.reduction == "mean"

    def of(self, line: ScalarChain, said: Iterable[str]) -> ScalarChain | None:
        """The chain with such derivatives as parts of the mean's; None where it has none.

        ``said`` are the sides as they were typed: ``dE/dw[2]`` is the network's own name of what is never divided.
        """
        if not self._divides or any(map(_TYPED.search, said)):
            return None
        if not any(map(self._is_one, (name for side in line.sides for name in side.names))):
            return None
        return replace(line, sides=tuple(map(self._shared, line.sides)))

    def _is_one(self, name: str) -> bool:
        if _OF_A_ROW.search(name) is None:
            return False
        return name.startswith(f"d{self._loss}/d") or (self._delta and name.startswith("delta"))

    def _shared(self, side: ScalarSide) -> ScalarSide:
        if side.expr is None:
            return side
        parts: dict[str, Expr] = {
            name: Quotient(Name(name), Number(fmpq(self._rows))) for name in names_in(side.expr) if self._is_one(name)
        }
        return replace(side, expr=substitute(side.expr, parts)) if parts else side


def divided(side: ScalarSide) -> tuple[str | None, fmpq]:
    """The name that a side is, and into how many parts it is divided there; None where it is more."""
    match side.expr:
        case Quotient(numerator=Name(name=name), denominator=Number(value=parts)) if _OF_A_ROW.search(name):
            return name, parts
    return side.subject, fmpq(1)


__all__ = ["BatchShares", "divided"]
