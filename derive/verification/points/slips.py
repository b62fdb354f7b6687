"""A slip: one step of a derivation done in another way than it should be.

The passes of :mod:`derive.verification.points.training` ask every slip at every step. A slip answers with the
number that the mistaken step gives, or None where it has nothing to say. So a misconception *predicts* what follows
from it: a claim that holds in the passes with the slip, and not in those without, is explained by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from derive.arithmetic.reals import Value
from derive.network.graph import Node, Use
from derive.records import record
from derive.verification.points.row_after import Right, RowAfter

Numbers: TypeAlias = Mapping[str, Value]
"""What a line of the optimizer is worked from, by the names of its lines: ``theta``, ``g``, ``eta``, ``v``."""


@record(eq=False)
class Slip:
    """Nothing goes wrong; a misconception overrides the hook of the step that it changes.

    A slip is itself and equal to no other one, so that passes with it can be kept and used again.
    """

    @property
    def sites(self) -> frozenset[str] | None:
        """The nodes at which values or local derivatives can be others; None: any of them."""
        return None

    def changes(self, hook: str) -> bool:
        """Whether the slip can answer there; if not, it is not asked."""
        return getattr(type(self), hook) is not getattr(Slip, hook)

    def value(self, at: RowAfter, node: Node, right: Right) -> Value | None:
        """The forward pass: the value of a node."""
        return None

    def local(self, at: RowAfter, use: Use, right: Right) -> Value | None:
        """The backward pass: the local derivative of ``use.node`` by an input; 0 drops the path."""
        return None

    def derivative(self, at: RowAfter, of: str, by: str, right: Right) -> Value | None:
        """The backward pass: a whole derivative of one sample, in place of the sum over the paths."""
        return None

    def reduced(self, values: Sequence[Value], right: Right) -> Value | None:
        """The samples' losses or gradients of a batch made one number."""
        return None

    def updated(self, name: str, numbers: Numbers, direction: Value) -> Value | None:
        """The value of a trained parameter after an update.

        ``direction`` is what the learning rate multiplies: the gradient, or what the optimizer makes of it.
        """
        return None

    def state(self, key: str, name: str, numbers: Numbers, right: Right) -> Value | None:
        """The new value of a state of the optimizer for a parameter."""
        return None


__all__ = ["Numbers", "Right", "Slip"]
