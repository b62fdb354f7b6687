"""Optimizers: how a gradient becomes a new value, one entry each, stated as lines of formulas.

A line gives a quantity its new value: a state that the optimizer carries from update to update, or the parameter
``theta`` itself. It may name the old values ``theta``, ``g`` (the gradient of the batch's loss by the parameter),
``eta`` (the learning rate), the hyperparameters and the states, and with a prime (``v'``) the new states of earlier
lines.

The convention is that of PyTorch 2 (``torch.optim.SGD``), which JAX's optax shares: the learning rate multiplies the
whole velocity, and is no part of it. The method is Polyak's heavy ball (Polyak, "Some methods of speeding up the
convergence of iteration methods", 1964); Keras has the learning rate in the velocity, which gives the same parameters
while the learning rate stays the same, and another velocity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import NamedTuple

from flint import fmpq

from derive.expressions.tree import Expr, Name
from derive.records import record

THETA = "theta"
NOTHING, WHOLE = fmpq(0), fmpq(1)
theta, g, eta = Name(THETA), Name("g"), Name("eta")


class Line(NamedTuple):
    """The new value of ``of``, which is a state of the optimizer, or :data:`THETA` in the last line."""

    of: str
    formula: Expr


@record
class Hyperparameter:
    """A number that the author of a spec may choose: from ``low`` to below ``high``.

    Attributes:
        default: the number where the author gives none, as it would stand in a spec.
        words: what people call it, the canonical name first; the symbol is that of the first of the others that is no
            name of the author's.
    """

    default: str
    words: tuple[str, ...]
    low: fmpq = NOTHING
    high: fmpq = WHOLE


@record
class OptimizerState:
    """What an optimizer remembers of each parameter: its value before the first update.

    ``words`` are prefixes of its names (``v_w1_1_1``), of which the first that no name of the author's has is taken.
    """

    words: tuple[str, ...]
    start: fmpq = NOTHING


@record
class Optimizer:
    """An update rule.

    Attributes:
        lines: one for each state, in the order in which they are worked, and the parameter's own last.
        states: by the names that the lines use.
        parameters: the hyperparameters, by their keys in a spec, which are their names in the lines.

    What the method is called is said by ``templates/wording/en/optimizers.j2``, in the block of its name.
    """

    name: str
    lines: tuple[Line, ...]
    states: Mapping[str, OptimizerState] = field(default_factory=lambda: MappingProxyType({}))
    parameters: Mapping[str, Hyperparameter] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def step(self) -> Expr:
        """The parameter's own line."""
        return self.lines[-1].formula


momentum, v = Name("momentum"), Name("v")
_VELOCITY = MappingProxyType({"v": OptimizerState(("v", "velocity"))})
_MOMENTUM = MappingProxyType({"momentum": Hyperparameter("0.9", ("momentum", "mu", "beta", "gamma"))})

_ENTRIES = (
    Optimizer("sgd", (Line(THETA, theta - eta * g),)),
    Optimizer(
        "momentum",
        (Line("v", momentum * v + g), Line(THETA, theta - eta * Name("v'"))),
        states=_VELOCITY,
        parameters=_MOMENTUM,
    ),
)

OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
