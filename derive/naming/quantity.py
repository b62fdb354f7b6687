"""What a name stands for: the parts of a quantity, and what kind of node it is."""

from __future__ import annotations

from dataclasses import field
from typing import Literal, TypeAlias

from derive.records import record

Shape: TypeAlias = Literal["scalar", "vector", "matrix"]
QuantityKind: TypeAlias = Literal[
    "input", "weight", "bias", "weighted input", "activation", "output", "target", "loss", "learning rate", "value",
    "node", "state", "hyperparameter",
]  # fmt: skip


@record
class NamedQuantity:
    """What a name stands for; ``str`` gives the canonical name.

    Attributes:
        base: the node itself, or the node above in a derivative; a layer's vector or matrix (``W1``).
        by: the node below in a derivative.
        delta: written as ``delta1_4``: the derivative of the loss by ``z1_4``.
        step: after so many updates (``'`` is 1), None at the start.
        row: in that row of the data, from 1.
        shape: a layer's quantities taken together are a vector or a matrix.
        function: ``sigmoid'`` where the name is the slope of an activation at ``base``.
        updated: the base is a weight, a bias or a value, so one step is a prime and not ``@1``.
    """

    base: str
    by: str | None = None
    delta: bool = False
    step: int | None = None
    row: int | None = None
    shape: Shape = "scalar"
    function: str = ""
    updated: bool = field(default=False, compare=False, repr=False)

    def __str__(self) -> str:
        return self.bare + self.marks

    @property
    def bare(self) -> str:
        """The canonical name without step and row."""
        if self.function:
            return f"{self.function}({self.base})"
        if self.delta and self.by is not None:
            return "delta" + self.by[1:]
        return f"d{self.base}/d{self.by}" if self.by else self.base

    @property
    def marks(self) -> str:
        """``'`` or ``@5``, then ``[2]``."""
        step = "" if self.step is None else "'" if self.step == 1 and self.updated else f"@{self.step}"
        return step + ("" if self.row is None else f"[{self.row}]")


@record
class Described:
    """What a node is: ``unit`` of ``layer``, for a weight the unit ``source`` it comes from (all from 1).

    Of a state of the optimizer ``of`` is the parameter (or the layer's vector or matrix) that it belongs to.

    Of a convolution, a weight or bias has its filter for the unit, and its tap (counted on through the channels) for
    the source; a weighted input or activation is counted among all units of its layer, and its ``indices`` are filter
    and position. Where one number tells a unit, ``indices`` is empty.
    """

    kind: QuantityKind
    layer: int = 0
    unit: int = 0
    source: int = 0
    indices: tuple[int, ...] = ()
    of: str = ""
