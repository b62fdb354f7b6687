"""What a change of a parameter says of its gradient: ``Δw = 0.064`` with the rate 0.1 is a gradient of -0.64."""

from __future__ import annotations

from flint import fmpq

from derive.expressions.evaluate import evaluate
from derive.expressions.tree import Name, Negative, Sum
from derive.network import Network
from derive.verification.comparing.side import ScalarSide


def slope_in(side: ScalarSide, network: Network) -> tuple[str, fmpq] | None:
    """The gradient that a change is made of, and what the change is multiplied by to be it; None for anything else.

    That is known of the first update, by plain gradient descent from one sample.
    """
    match side.expr:
        case Sum(terms=(Name(name=new), Negative(operand=Name(name=old)))):
            pass
        case _:
            return None
    rate = network.spec.training.learning_rate
    if network.optimizer.name != "sgd" or len(network.rows) > 1 or rate is None:
        return None
    after, before = network.names.resolve(new), network.names.resolve(old)
    steps = after.step or 0, before.step or 0
    if after.base != before.base or set(steps) != {0, 1}:
        return None
    size = evaluate(rate.expression, {})
    if type(size) is not fmpq or not size:
        return None
    loss = network.names.loss or network.names.graph_output
    return f"d{loss}/d{after.base}", (-1 if steps[0] else 1) / size


__all__ = ["slope_in"]
