"""The chain rule of dense layers in matrices: four equations as data, each for any layer l.

They say of a whole layer at once what :mod:`derive.equations.chain` says of each unit; a test works them with the
numbers of random networks and finds those of the table.

Source: Nielsen, *Neural Networks and Deep Learning*, 2015, chapter 2 (BP1 to BP4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Literal

from derive.records import record

Letter = Literal["W", "a", "b", "z", "delta", "t"]


@record
class MatrixExpr:
    """A formula of matrices and vectors."""

    @property
    def parts(self) -> Iterator[MatrixExpr]:
        """The formula itself and all that it is made of."""
        yield self
        for field in fields(self):
            part = getattr(self, field.name)
            if isinstance(part, MatrixExpr):
                yield from part.parts

    def has(self, kind: type[MatrixExpr]) -> bool:
        """Whether a part of this kind stands in it."""
        return any(isinstance(part, kind) for part in self.parts)


@record
class OfLayer(MatrixExpr):
    """The weights, activations, biases, weighted inputs or δ of a layer, or the targets.

    Attributes:
        offset: which layer: l + offset.
        is_new: the value after the update.
    """

    letter: Letter
    offset: int = 0
    is_new: bool = False


@record
class Ones(MatrixExpr):
    """A column of ones, one for each unit of layer l."""


@record
class Slopes(MatrixExpr):
    """f'(z), entry by entry."""

    at: MatrixExpr


@record
class SoftmaxSlopes(MatrixExpr):
    """The matrix of ∂aᵢ/∂zⱼ of a softmax."""


@record
class GradientOfLoss(MatrixExpr):
    """∇E: the column of the derivatives of the loss by the entries of a vector."""

    by: MatrixExpr


@record
class DerivativeOfLoss(MatrixExpr):
    """∂E/∂W: the derivatives of the loss, each where the entry stands that it is by."""

    by: MatrixExpr


@record
class Transposed(MatrixExpr):
    """Rows as columns."""

    of: MatrixExpr


@record
class MatrixProduct(MatrixExpr):
    """A product of a matrix and a vector."""

    left: MatrixExpr
    right: MatrixExpr


@record
class OuterProduct(MatrixExpr):
    """A column times a row: each entry of ``left`` times each of ``right``."""

    left: MatrixExpr
    right: MatrixExpr


@record
class HadamardProduct(MatrixExpr):
    """The product entry by entry."""

    left: MatrixExpr
    right: MatrixExpr


@record
class MatrixDifference(MatrixExpr):
    """``left`` less ``right``."""

    left: MatrixExpr
    right: MatrixExpr


@record
class LayerEquation:
    """What is so of layer l, by its number among the four; ``of_output``: of the last layer only."""

    number: int
    left: MatrixExpr
    right: MatrixExpr
    of_output: bool = False


DELTA, A, Z = OfLayer("delta"), OfLayer("a"), OfLayer("z")


def arriving(*, is_new: bool = False) -> MatrixExpr:
    """What comes back to the activations of layer l: ∂E/∂a."""
    return MatrixProduct(Transposed(OfLayer("W", 1, is_new)), OfLayer("delta", 1))


def through(gradient: MatrixExpr, *, softmax: bool = False) -> MatrixExpr:
    """δ of layer l from the gradient that arrives at its activations."""
    return MatrixProduct(Transposed(SoftmaxSlopes()), gradient) if softmax else HadamardProduct(gradient, Slopes(Z))


def output_delta(*, short: bool = False, softmax: bool = False) -> LayerEquation:
    """(BP1) δ of the last layer; ``short``: with an activation and a loss that make it the error."""
    right = MatrixDifference(A, OfLayer("t")) if short else through(GradientOfLoss(A), softmax=softmax)
    return LayerEquation(1, DELTA, right, of_output=True)


def hidden_delta(*, is_new: bool = False, softmax: bool = False) -> LayerEquation:
    """(BP2) δ of a layer from that of the layer after it."""
    return LayerEquation(2, DELTA, through(arriving(is_new=is_new), softmax=softmax))


def bias_gradient(*, shared: bool = False) -> LayerEquation:
    """(BP3) The gradient by the biases; ``shared``: by the one that all units have."""
    right = MatrixProduct(Transposed(Ones()), DELTA) if shared else DELTA
    return LayerEquation(3, DerivativeOfLoss(OfLayer("b")), right)


def weight_gradient() -> LayerEquation:
    """(BP4) The gradient by the weights."""
    return LayerEquation(4, DerivativeOfLoss(OfLayer("W")), OuterProduct(DELTA, OfLayer("a", -1)))


__all__ = [
    "DELTA", "DerivativeOfLoss", "GradientOfLoss", "HadamardProduct", "LayerEquation", "MatrixDifference", "MatrixExpr",
    "MatrixProduct", "OfLayer", "Ones", "OuterProduct", "Slopes", "SoftmaxSlopes", "Transposed", "arriving",
    "bias_gradient", "hidden_delta", "output_delta", "through", "weight_gradient",
]  # fmt: skip
