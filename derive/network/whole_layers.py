"""The operations of whole layers: weighted sums, and softmax.

Their numbers have fast paths of their own (:mod:`derive.network.fast_paths`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from derive.expressions.tree import ONE, Call, Expr, Name, Product, Quotient, Sum
from derive.network.operations import InputNames, Operation


class WeightedSum(Operation):
    """w₁x₁ + … + wₙxₙ + b: inputs are n weights, n sources and perhaps a bias, in this order.

    A weight or source may stand in several sums: its gradient collects what each of them adds.
    """

    kind = "weighted_sum"

    def __init__(self, fan_in: int) -> None:
        self.fan_in = fan_in

    def formula(self, node: str, inputs: InputNames) -> Expr:
        n = self.fan_in
        terms: list[Expr] = [Product((Name(w), Name(x))) for w, x in zip(inputs[:n], inputs[n : 2 * n], strict=True)]
        terms += [Name(bias) for bias in inputs[2 * n :]]
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        factor = self.factor(inputs, position)
        return ONE if factor is None else Name(factor)

    def factor(self, inputs: InputNames, position: int) -> str | None:
        """What the input at this position is multiplied by: of a weight its source and the reverse; None of a bias."""
        n = self.fan_in
        if position >= 2 * n:
            return None
        return inputs[position + n if position < n else position - n]

    def parameters(self, inputs: InputNames) -> Iterator[tuple[str, str | None]]:
        """The weights and the bias, each with its factor."""
        n = self.fan_in
        yield from zip(inputs[:n], inputs[n : 2 * n], strict=True)
        for bias in inputs[2 * n :]:
            yield bias, None


class Softmax(Operation):
    """One unit of a softmax layer: its inputs are all weighted inputs of the layer.

    ``siblings`` are all activations of the layer.
    """

    kind = "softmax"

    def __init__(self, position: int, siblings: InputNames) -> None:
        self.position = position
        self.siblings = siblings

    def formula(self, node: str, inputs: InputNames) -> Expr:
        powers = [Call("exp", (Name(z),)) for z in inputs]
        below = powers[0] if len(powers) == 1 else Sum(tuple(powers))
        return Quotient(powers[self.position], below)

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        a = Name(node)
        return a * (1 - a) if position == self.position else -(a * Name(self.siblings[position]))

    def renamed(self, names: Mapping[str, str]) -> Softmax:
        return Softmax(self.position, tuple(names[sibling] for sibling in self.siblings))
