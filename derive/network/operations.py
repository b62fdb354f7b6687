"""What a node of a computation graph does, and its local derivatives.

Each operation has three readings. *Symbols*: :meth:`Operation.formula` and :meth:`Operation.local` give trees in the
names of the graph, in the author's order; they are made only when somebody asks (a rule is derived once, not an
equation many times). *Numbers forward*: :meth:`Operation.forward` puts the node's value beside those it is computed
from. *Numbers backward*: :meth:`Operation.backward` adds upstream gradient × local derivative to the gradients of
its inputs (Rumelhart, Hinton, Williams, "Learning representations by back-propagating errors", 1986).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from operator import mul
from typing import TypeAlias

from flint import fmpq

from derive.arithmetic.elementary import exponential, quotient
from derive.arithmetic.numbers import bounded, is_beside
from derive.arithmetic.outcomes import NoDerivative, OutsideDomain
from derive.arithmetic.reals import ONE as ONE_VALUE
from derive.arithmetic.reals import ZERO, Value
from derive.expressions.evaluate import compiled, value_of
from derive.expressions.functions import Function
from derive.expressions.tree import (
    ONE,
    Call,
    Expr,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    children,
    names_in,
    plus,
    rebuild,
    substitute,
)
from derive.ops import Activation, Branch, Loss

Values: TypeAlias = dict[str, Value]
InputNames: TypeAlias = Sequence[str]


class Operation:
    """The rule by which a node comes from its inputs.

    ``kind`` is a key of the wording; ``siblings`` are the nodes that are worked together with it, all at once.
    """

    kind = ""
    siblings: InputNames = ()

    def formula(self, node: str, inputs: InputNames) -> Expr:
        """The node in terms of its inputs."""
        raise NotImplementedError

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        """The local derivative of the node by the input at this position."""
        raise NotImplementedError

    def forward(self, node: str, inputs: InputNames, values: Values) -> None:
        """Put the node's value into ``values``."""
        raise NotImplementedError

    def backward(self, node: str, inputs: InputNames, values: Values, gradients: Values) -> None:
        """Add the node's gradient × local derivative to the gradient of each input."""
        raise NotImplementedError

    def renamed(self, names: Mapping[str, str]) -> Operation:
        """The same rule where inputs and siblings have other names; most have none in them."""
        return self


def add(gradients: Values, name: str, part: Value) -> None:
    """Add the part of one path to a gradient; most have one path, and nothing is added to the 0 they start from."""
    so_far = gradients[name]
    gradients[name] = part if so_far is ZERO else so_far + part


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
        n = self.fan_in
        if position >= 2 * n:
            return ONE
        return Name(inputs[position + n if position < n else position - n])

    def forward(self, node: str, inputs: InputNames, values: Values) -> None:
        n, value = self.fan_in, values.__getitem__
        parts = map(mul, map(value, inputs[:n]), map(value, inputs[n : 2 * n]))
        total = sum(parts, next(parts))
        for bias in inputs[2 * n :]:
            total = total + values[bias]
        values[node] = bounded(total)

    def backward(self, node: str, inputs: InputNames, values: Values, gradients: Values) -> None:
        upstream, n = gradients[node], self.fan_in
        for weight, source in zip(inputs[:n], inputs[n : 2 * n], strict=True):
            # the same as `add`, written out: this is the inner loop of every run
            part, so_far = upstream * values[source], gradients[weight]
            gradients[weight] = part if so_far is ZERO else so_far + part
            part, so_far = upstream * values[weight], gradients[source]
            gradients[source] = part if so_far is ZERO else so_far + part
        for bias in inputs[2 * n :]:
            add(gradients, bias, upstream)


class Elementwise(Operation):
    """An activation of one unit; ``derivative`` may use ``a``, the activation itself: a(1 - a)."""

    def __init__(self, activation: Activation, arguments: Sequence[Expr], relu_at_zero: fmpq) -> None:
        self.kind = activation.name
        function = activation.function
        z = Name("z")
        self._plain: Function | None = None
        if function is None:
            assert activation.formula is not None
            assert activation.derivative is not None
            self.call, self.derivative = activation.formula, activation.derivative
        else:
            self.call = Call(function.name, (z, *arguments))
            self._plain = function if not arguments else None
            stated = function.derivative
            self.derivative = stated if stated is not None else Call(function.name + "'", (z, *arguments))
        self._relu_at_zero = relu_at_zero

    @cached_property
    def _value(self) -> Callable[..., Value]:
        return value_of(self._plain) if self._plain else compiled(self.call, ("z",), self._relu_at_zero)

    @cached_property
    def _slope(self) -> Callable[..., Value]:
        if self._plain and self._plain.slope:
            return self._plain.slope
        return compiled(self.derivative, ("z", "a"), self._relu_at_zero)

    def formula(self, node: str, inputs: InputNames) -> Expr:
        return substitute(self.call, {"z": Name(inputs[0])})

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        return substitute(self.derivative, {"z": Name(inputs[0]), "a": Name(node)})

    def forward(self, node: str, inputs: InputNames, values: Values) -> None:
        values[node] = self._value(values[inputs[0]])

    def backward(self, node: str, inputs: InputNames, values: Values, gradients: Values) -> None:
        z = inputs[0]
        add(gradients, z, gradients[node] * self._slope(values[z], values[node]))


class OwnActivation(Elementwise):
    """The author's own activation, an expression in ``z``."""

    def __init__(self, name: str, expression: Expr, relu_at_zero: fmpq) -> None:
        from derive.differentiate import derivative

        self.kind = name
        self._plain = None
        self.call = expression
        self.derivative = derivative(expression, "z")
        self._relu_at_zero = relu_at_zero


class Softmax(Operation):
    """One unit of a softmax layer: its inputs are all weighted inputs of the layer.

    ``siblings`` are all activations of the layer. Values and gradients of the whole layer are
    computed at once, with its first unit forward and with its last one backward (the first that
    the backward pass meets), so that a layer of K units costs K exponentials.
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

    def forward(self, node: str, inputs: InputNames, values: Values) -> None:
        if self.position:
            return
        shift = _largest([values[z] for z in inputs])  # e^(z - shift): the same quotient; equal inputs give 1/K exactly
        powers = [ONE_VALUE if values[z] is shift else exponential(values[z] - shift) for z in inputs]
        total = sum(powers[1:], powers[0])
        for sibling, top in zip(self.siblings, powers, strict=True):
            values[sibling] = quotient(top, total)

    def backward(self, node: str, inputs: InputNames, values: Values, gradients: Values) -> None:
        if self.position != len(self.siblings) - 1:
            return
        weighted = [gradients[a] * values[a] for a in self.siblings]
        mean = sum(weighted[1:], weighted[0])
        for j, (z, a) in enumerate(zip(inputs, self.siblings, strict=True)):
            if is_beside(values[a], ONE_VALUE):
                above = above_mean(j, [values[b] for b in self.siblings], [gradients[b] for b in self.siblings])
            else:
                above = gradients[a] - mean
            add(gradients, z, values[a] * above)

    def renamed(self, names: Mapping[str, str]) -> Softmax:
        return Softmax(self.position, tuple(names[sibling] for sibling in self.siblings))


def above_mean(own: int, outputs: Sequence[Value], gradients: Sequence[Value]) -> Value:
    """By how much the gradient of a softmax's unit is above the mean; no digits cancel where that unit is near 1."""
    parts = (a * (gradients[own] - g) for j, (a, g) in enumerate(zip(outputs, gradients, strict=True)) if j != own)
    return sum(parts, ZERO)


class OutputLoss(Operation):
    """A loss of the table: inputs are K outputs and then K targets."""

    def __init__(self, loss: Loss, parameters: dict[str, Expr], relu_at_zero: fmpq) -> None:
        self.kind = loss.name
        self.loss = loss
        self.parameters = parameters
        self._relu_at_zero = relu_at_zero

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

    @cached_property
    def _value(self) -> Callable[..., Value]:
        return compiled(substitute(self.loss.term, self.parameters), ("yhat", "t"), self._relu_at_zero)

    @cached_property
    def _slope(self) -> Callable[..., Value]:
        return compiled(substitute(self.loss.derivative, self.parameters), ("yhat", "t"), self._relu_at_zero)

    def _scaled(self, value: Value, outputs: int) -> Value:
        """With the loss's sign, and divided by the number of outputs where it is a mean."""
        signed = -value if self.loss.negative else value
        return signed / fmpq(outputs) if self.loss.mean and outputs > 1 else signed

    def forward(self, node: str, inputs: InputNames, values: Values) -> None:
        outputs, targets = halves(inputs)
        terms = [self._value(values[y], values[t]) for y, t in zip(outputs, targets, strict=True)]
        values[node] = bounded(self._scaled(sum(terms[1:], terms[0]), len(outputs)))

    def backward(self, node: str, inputs: InputNames, values: Values, gradients: Values) -> None:
        outputs, targets = halves(inputs)
        upstream = self._scaled(gradients[node], len(outputs))
        for y, t in zip(outputs, targets, strict=True):
            add(gradients, y, upstream * self._slope(values[y], values[t]))


class Formula(Operation):
    """Any expression in the names of its inputs: a node of a graph, or the author's own loss.

    ``asked`` are the parameters and all that depends on them. Where the derivative by another input has no value (by
    the exponent of (-2)^3), that input has no gradient; by one that is asked for it is an error.
    """

    kind = "formula"

    def __init__(self, expression: Expr, relu_at_zero: fmpq, asked: Collection[str]) -> None:
        self.expression = expression
        self._relu_at_zero = relu_at_zero
        self._asked = asked

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The names of the expression, in the order in which they are written."""
        return names_in(self.expression)

    def formula(self, node: str, inputs: InputNames) -> Expr:
        return self.expression

    @cached_property
    def locals(self) -> tuple[Expr, ...]:
        """The partial derivative by each input, in the order of ``inputs``."""
        from derive.differentiate import derivative

        return tuple(derivative(self.expression, name) for name in self.inputs)

    def local(self, node: str, inputs: InputNames, position: int) -> Expr:
        if inputs[position] not in self.inputs:  # an output or a target that the author's own loss leaves out
            return plus()
        slope = self.locals[self.inputs.index(inputs[position])]
        slope = negated(slope.operand) if isinstance(slope, Negative) else slope
        return in_own_value(slope, self.expression, node) if isinstance(self.expression, Call) else slope

    @cached_property
    def _value(self) -> Callable[..., Value]:
        return compiled(self.expression, self.inputs, self._relu_at_zero)

    @cached_property
    def _partials(self) -> list[Callable[..., Value]]:
        return [compiled(part, self.inputs, self._relu_at_zero) for part in self.locals]

    def forward(self, node: str, inputs: InputNames, values: Values) -> None:
        values[node] = bounded(self._value(*(values[name] for name in self.inputs)))

    def backward(self, node: str, inputs: InputNames, values: Values, gradients: Values) -> None:
        upstream = gradients.get(node)
        arguments = [values[name] for name in self.inputs]
        for name, partial in zip(self.inputs, self._partials, strict=True):
            if name not in gradients:
                continue
            try:
                slope = partial(*arguments) if upstream is not None else None
            except OutsideDomain as error:
                if name in self._asked:
                    raise NoDerivative(name, error) from None
                slope = None
            if upstream is None or slope is None:
                del gradients[name]
            else:
                add(gradients, name, upstream * slope)

    def renamed(self, names: Mapping[str, str]) -> Formula:
        expression = substitute(self.expression, {own: Name(name) for own, name in names.items()})
        return Formula(expression, self._relu_at_zero, [names.get(name, name) for name in self._asked])


def _largest(values: Sequence[Value]) -> Value:
    """The largest of these values, or one that may be: by what it is shifted makes no difference to a softmax."""
    best = values[0]
    for value in values[1:]:
        best = max(best, value)
    return best


def halves(inputs: InputNames) -> tuple[InputNames, InputNames]:
    """The outputs and the targets of a loss node."""
    middle = len(inputs) // 2
    return inputs[:middle], inputs[middle:]


def negated(expr: Expr) -> Expr:
    """The negative, written term by term: -(a - b) is -a + b."""
    if isinstance(expr, Sum):
        return Sum(tuple(negated(term) for term in expr.terms))
    return expr.operand if isinstance(expr, Negative) else Negative(expr)


def in_own_value(slope: Expr, formula: Expr, node: str) -> Expr:
    """The slope with the node's name wherever its whole formula stands in it: p(1 - p) for p = σ(z)."""
    if slope == formula:
        return Name(node)
    parts = children(slope)
    return rebuild(slope, tuple(in_own_value(part, formula, node) for part in parts)) if parts else slope


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
