r"""Formulas of matrices as TeX, in the notation of a document: ``(W^{l+1})^{\top} \delta^{l+1}``."""

from __future__ import annotations

from derive.equations.of_layers import (
    DerivativeOfLoss,
    GradientOfLoss,
    HadamardProduct,
    MatrixDifference,
    MatrixExpr,
    MatrixProduct,
    OfLayer,
    Ones,
    OuterProduct,
    Slopes,
    SoftmaxSlopes,
    Transposed,
)
from derive.expressions.print_tex import tex
from derive.lesson.definitions import call_of, function_of
from derive.lesson.desk import Desk
from derive.lesson.general import bias_of, free_letter, general, shares
from derive.naming.notation import new_value
from derive.network import Layer
from derive.words.runs import Tex

ONES = Tex(r"\mathbf{1}")
PRIME = "'"
HERE = "\x00"


def symbol(desk: Desk, letter: str, layer: int) -> Tex:
    r"""A layer's vector or matrix; the activations of the last one are ``\hat{y}``, those of layer 0 the inputs."""
    if letter == "a" and layer == 0:
        return Tex(desk.notation.matrix("x"))
    if letter == "a" and layer == len(desk.network.layers):
        return Tex(desk.notation.matrix("yhat"))
    return Tex(desk.notation.matrix(letter, layer))


def bias_symbol(desk: Desk, layer: Layer) -> Tex:
    """The vector of a layer's biases, or the one bias that its units share."""
    if shares(layer):
        return desk.symbol(layer.biases[0])
    return bias_of(desk, layer.number) if desk.notation.bias_unit else symbol(desk, "b", layer.number)


def transposed(what: str) -> Tex:
    r"""``x^{\top}``, ``(W^{2})^{\top}``."""
    return Tex(rf"({what})^{{\top}}" if "^" in what or "'" in what else rf"{what}^{{\top}}")


def primed(what: str) -> Tex:
    """The symbol of a new value."""
    return Tex(new_value(what))


def derivative(desk: Desk, loss: Tex, below: str) -> Tex:
    """``∂E/∂W``: of a loss by a vector or matrix."""
    return Tex(desk.notation.derivative(loss, below))


def slopes_symbol(desk: Desk) -> Tex:
    """The matrix of a softmax's derivatives."""
    return free_letter(desk, "D", "M", "Q")


def any_activation(desk: Desk) -> Tex:
    """The letter of the activation of any layer."""
    return free_letter(desk, "f", "g", "h")


def size(rows: int, columns: int = 1) -> Tex:
    r"""The size of a matrix: ``4 \times 3``."""
    return Tex(rf"{rows} \times {columns}")


def sized(what: str, rows: int, columns: int = 1) -> Tex:
    """A symbol with its size under it."""
    return Tex(rf"\underbrace{{{what}}}_{{{size(rows, columns)}}}")


def applied(desk: Desk, layer: Layer, prime: str = "") -> Tex:
    r"""The activation of a layer's vector: ``\sigma(z^{1})``; ``prime`` marks its derivative."""
    return applied_to(layer, symbol(desk, "z", layer.number), prime)


def applied_to(layer: Layer, z: Tex, prime: str = "") -> Tex:
    """The activation of a layer at its vector, or at one weighted input."""
    activation = layer.spec.activation
    if activation.expression is not None:
        return Tex(rf"\operatorname{{{_upright(activation.name)}}}{prime}({z})")
    if function_of(activation) is None:
        return z
    head, rest = tex(call_of(activation), lambda name: HERE if name == "z" else name).split(HERE)
    return Tex(f"{head.rstrip(' (')}{prime}({z}{rest or ')'}")


def _upright(name: str) -> str:
    return name.replace("_", r"\_")


class MatrixTex:
    """Formulas of matrices in the notation of a document.

    Args:
        layer: what is layer l: any (None), or one with its own symbols.
        loss: the symbol of the loss; that of the document unless given.
        sizes: whether the size of each factor stands under it.
        by_name: whether the layer's activation has its own name, and is not the letter of any.
    """

    def __init__(
        self, desk: Desk, layer: Layer | None = None, loss: Tex | None = None, *, sizes: bool = False,
        by_name: bool = False,
    ) -> None:  # fmt: skip
        self._desk, self._layer, self._sizes, self._by_name = desk, layer, sizes, by_name
        self._loss = desk.symbol(desk.network.output) if loss is None else loss

    def __call__(self, expr: MatrixExpr) -> Tex:
        """The TeX of a formula."""
        match expr:
            case OfLayer(is_new=is_new):
                return primed(self._symbol(expr)) if is_new else self._symbol(expr)
            case Ones():
                return ONES
            case Slopes(at=at):
                return self._slopes(at)
            case SoftmaxSlopes():
                return slopes_symbol(self._desk)
            case GradientOfLoss(by=by):
                return Tex(rf"\nabla_{{{self(by)}}} {self._loss}")
            case DerivativeOfLoss(by=by):
                return derivative(self._desk, self._loss, self(by))
            case Transposed(of=of):
                return transposed(self(of))
            case MatrixDifference(left=left, right=right):
                return Tex(f"{self(left)} - {self(right)}")
            case HadamardProduct(left=left, right=right):
                first = rf"\bigl( {self(left)} \bigr)" if isinstance(left, MatrixProduct) else self(left)
                return Tex(rf"{first} \odot {self(right)}")
            case OuterProduct(left=left, right=right):
                return self._product(left, Transposed(right), apart=True)
            case MatrixProduct(left=left, right=right):  # after the sign of a transpose a symbol stands apart already
                return self._product(left, right, apart=self._sizes or not isinstance(right, OfLayer))
            case _:
                raise AssertionError(expr)

    def _symbol(self, of: OfLayer) -> Tex:
        desk, layer = self._desk, self._layer
        if of.letter == "t":
            return Tex(desk.notation.matrix("t"))
        if layer is not None:
            number = layer.number + of.offset
            return bias_symbol(desk, layer) if of.letter == "b" else symbol(desk, of.letter, number)
        place = f"l{of.offset:+d}" if of.offset else "l"
        return bias_of(desk, place) if of.letter == "b" else general(desk, of.letter, place)

    def _slopes(self, at: MatrixExpr) -> Tex:
        if self._layer is not None and self._by_name:
            return applied(self._desk, self._layer, PRIME)
        return Tex(f"{any_activation(self._desk)}'({self(at)})")

    def _product(self, left: MatrixExpr, right: MatrixExpr, *, apart: bool) -> Tex:
        return Tex(self._factor(left) + (r"\, " if apart else " ") + self._factor(right))

    def _factor(self, factor: MatrixExpr) -> Tex:
        return sized(self(factor), *self._size(factor)) if self._sizes else self(factor)

    def _size(self, factor: MatrixExpr) -> tuple[int, int]:
        match factor:
            case Transposed(of=of):
                rows, columns = self._size(of)
                return columns, rows
            case OfLayer(letter=letter, offset=offset):
                assert self._layer is not None
                network = self._desk.network
                counts = (len(network.inputs), *(layer.units for layer in network.layers))
                number = self._layer.number + offset
                return counts[number], counts[number - 1] if letter == "W" else 1
            case _:
                raise AssertionError(factor)
