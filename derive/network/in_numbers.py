"""Nodes in numbers: their formulas and local derivatives, compiled once for all that share an operation.

Nothing is stated here: what is worked is :meth:`Operation.formula` and :meth:`Operation.local`. The operations of whole
layers have a quicker way to the same numbers, in :mod:`derive.network.fast_paths`.

>>> from derive.expressions.tree import Name
>>> from derive.network.operations import Formula
>>> area = Node("area", Formula(Name("x") * Name("y"), ()), ("x", "y"))
>>> values = {"x": fmpq(3), "y": fmpq(-4)}
>>> NodesInNumbers(fmpq(0)).forward(area, values)
>>> values["area"], NodesInNumbers(fmpq(0)).local(area, 0, values.__getitem__)
(-12, -4)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from flint import fmpq

from derive.arithmetic.numbers import bounded
from derive.arithmetic.outcomes import NoDerivative, OutsideDomain
from derive.arithmetic.reals import ONE, Value
from derive.expressions.evaluate import Closure, Compiler
from derive.expressions.tree import names_in
from derive.network.fast_paths import BACKWARD, FORWARD, Values, along
from derive.network.graph import Node
from derive.network.operations import Operation
from derive.network.whole_layers import WeightedSum

Slope: TypeAlias = tuple[tuple[str, ...], Closure]
"""A local derivative: the names of what it is worked from, and how."""


class NodesInNumbers:
    """The numbers of nodes and of their local derivatives, at the current precision.

    Args:
        relu_at_zero: where between left and right slope that of a kink is taken.
    """

    def __init__(self, relu_at_zero: fmpq) -> None:
        self._relu_at_zero = relu_at_zero
        self._formulas: dict[Operation, Closure] = {}
        self._locals: dict[tuple[Operation, int], tuple[Closure, tuple[int, ...]]] = {}
        self._slopes: dict[tuple[str, int], Slope] = {}

    def forward(self, node: Node, values: Values) -> None:
        """Put the node's value into ``values``, where those of its inputs are; of a layer worked at once, all."""
        fast = FORWARD.get(type(node.operation))
        if fast is not None:
            fast(node, values)
            return
        formula = self._formulas.get(node.operation)
        if formula is None:
            compiler = Compiler(node.inputs, self._relu_at_zero)
            formula = self._formulas[node.operation] = compiler.closure(node.formula)
        values[node.name] = bounded(formula([values[name] for name in node.inputs]))

    def backward(self, node: Node, values: Mapping[str, Value], gradients: Values) -> None:
        """Add the node's gradient × local derivative to the gradient of each input.

        What stands in no ``gradients`` has none, nor has then what it is computed from.

        Raises:
            NoDerivative: where the node has no derivative by an input that it must have one by.
        """
        fast = BACKWARD.get(type(node.operation))
        if fast is not None:
            fast(node, values, gradients)
            return
        upstream = gradients.get(node.name)
        for position, by in enumerate(node.inputs):
            if by not in gradients:
                continue
            local = None if upstream is None else self._asked(node, position, values)
            if upstream is None or local is None:
                del gradients[by]
            else:
                gradients[by] = along(gradients[by], upstream, local)

    def _asked(self, node: Node, position: int, values: Mapping[str, Value]) -> Value | None:
        """The local derivative by an input; None where it has no value, and none is asked for."""
        names, worked = self.slope(node, position)
        try:
            return worked([values[name] for name in names])
        except OutsideDomain as error:
            asked = node.operation.asked
            if asked is None:
                raise
            if (by := node.inputs[position]) in asked:
                raise NoDerivative(by, error) from None
            return None

    def local(self, node: Node, position: int, value: Callable[[str], Value]) -> Value:
        """The local derivative by the input at a position; ``value`` gives those of the node and its inputs."""
        if isinstance(node.operation, WeightedSum):
            factor = node.operation.factor(node.inputs, position)
            return ONE if factor is None else value(factor)
        names, worked = self.slope(node, position)
        return worked([value(name) for name in names])

    def slope(self, node: Node, position: int) -> Slope:
        """The local derivative by the input at a position, to be worked with any values."""
        key = node.name, position
        found = self._slopes.get(key)
        if found is None:
            worked, places = self._local(node, position)
            known = (*node.inputs, node.name, *node.operation.siblings)
            found = self._slopes[key] = (tuple(known[i] for i in places), worked)
        return found

    def _local(self, node: Node, position: int) -> tuple[Closure, tuple[int, ...]]:
        """The closure, and where what it takes stands: among the inputs, then the node itself, then its siblings."""
        key = node.operation, position
        found = self._locals.get(key)
        if found is None:
            local = node.operation.local(node.name, node.inputs, position)
            names = names_in(local)
            known = (*node.inputs, node.name, *node.operation.siblings)
            closure = Compiler(names, self._relu_at_zero).closure(local)
            found = self._locals[key] = closure, tuple(known.index(name) for name in names)
        return found


__all__ = ["NodesInNumbers", "Slope", "Values"]
