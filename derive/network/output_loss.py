"""The losses of the vocabulary as operations: their terms summed over the outputs."""

from __future__ import annotations

from flint import fmpq

from derive.expressions.tree import ONE, Expr, Name, Negative, Number, Product, Quotient, Sum, substitute
from derive.network.operations import InputNames, Operation, negated
from derive.ops import Branch, Loss


class OutputLoss(Operation):
    """A loss of the vocabulary: inputs are K outputs and then K targets."""

    def __init__(self, loss: Loss, parameters: dict[str, Expr]) -> None:
        self.kind = loss.name
        self.loss = loss
        self.parameters = parameters

    def term(self, output: str, target: str) -> Expr:
        """The contribution of one output, without the sign and the division by K."""
        return substitute(self.loss.term, self._names(output, target))

    def formula(self, node: str, inputs: InputNames) -> Expr:
        outputs, targets = halves(inputs)
        terms: list[Expr] = []
        for output, target in zip(outputs, targets, strict=True):
            term = self.term(output, target)
            terms.extend(term.terms if isinstance(term, Sum) and len(outputs) == 1 else (term,))
        total = terms[0] if len(terms) == 1 else Sum(tuple(terms))
        if self.loss.mean and len(outputs) > 1:
            total = Product((Quotient(ONE, Number(fmpq(len(outputs)))), total))
        return Negative(total) if self.loss.negative else total

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        outputs, targets = halves(inputs)
        if position >= len(outputs):  # by a target: nobody updates it, but a reader may ask
            from derive.differentiate import derivative

            return derivative(self.formula(node, inputs), inputs[position])
        slope = self.slope(outputs[position], targets[position])
        return _divided(slope, len(outputs)) if self.loss.mean and len(outputs) > 1 else slope

    def slope(self, output: str, target: str) -> Expr:
        """The derivative by one output, without the division by K."""
        slope = substitute(self.loss.derivative, self._names(output, target))
        return negated(slope) if self.loss.negative else slope

    def branches(self, output: str, target: str) -> tuple[Branch, ...]:
        """The branches of the contribution of one output, in its names."""
        names = self._names(output, target)
        return tuple(
            Branch(substitute(b.left, names), b.relation, substitute(b.right, names),
                   substitute(b.term, names), substitute(b.derivative, names))
            for b in self.loss.branches
        )  # fmt: skip

    def _names(self, output: str, target: str) -> dict[str, Expr]:
        return {"yhat": Name(output), "t": Name(target), **self.parameters}


def halves(inputs: InputNames) -> tuple[InputNames, InputNames]:
    """The outputs and the targets of a loss node."""
    middle = len(inputs) // 2
    return inputs[:middle], inputs[middle:]


def _divided(expr: Expr, count: int) -> Expr:
    """``expr / count`` as a person writes it: 2(ŷ - t) over 3 is (2/3)(ŷ - t), over 2 it is ŷ - t."""
    match expr:
        case Product(factors=(Number(value=value), *others)):
            share = value / count
            if share == 1:
                return others[0] if len(others) == 1 else Product(tuple(others))
            top, bottom = Number(fmpq(share.numerator)), Number(fmpq(share.denominator))
            return Product((top if share.denominator == 1 else Quotient(top, bottom), *others))
        case Negative(operand=operand):
            return Negative(_divided(operand, count))
        case _:
            return Quotient(expr, Number(fmpq(count)))
