"""Activations: what a layer does to its weighted inputs, one entry each.

An elementwise activation is a function of :data:`derive.expressions.functions.FUNCTIONS` with its parameters;
softmax is an activation of a whole layer (Bridle 1990).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flint import fmpq

from derive.expressions.functions import FUNCTIONS, Function
from derive.expressions.tree import ONE, Expr, Name
from derive.records import record


@record
class Activation:
    """An activation by its name in a spec.

    Attributes:
        function: the function of the table, None for ``identity`` and ``softmax``.
        formula: in ``z``, where it is no function of the table (``identity``).
        derivative: as a book states it, in ``z`` and ``a``, where it is no function of the table.
        whole_layer: each output depends on all weighted inputs of the layer.
        rule: the key of the rule in the wording.
    """

    name: str
    function: Function | None = None
    formula: Expr | None = None
    derivative: Expr | None = None
    whole_layer: bool = False
    rule: str = ""

    @property
    def parameters(self) -> Mapping[str, fmpq]:
        """Names and default values of the parameters: ``slope`` of ``leaky_relu``."""
        return self.function.defaults if self.function else MappingProxyType({})


def _elementwise(name: str) -> Activation:
    function = FUNCTIONS[name]
    return Activation(name, function, function.formula, function.derivative, rule=function.rule)


_ENTRIES = (
    Activation("identity", formula=Name("z"), derivative=ONE, rule="identity"),
    *map(
        _elementwise, ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "gelu", "silu", "mish", "softsign")
    ),
    *map(_elementwise, ("relu6", "hard_sigmoid", "hard_tanh", "hard_swish")),
    Activation("softmax", whole_layer=True, rule="softmax"),
)

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
