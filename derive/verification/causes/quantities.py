"""The number that a name stands for, in passes with or without slips."""

from __future__ import annotations

from derive.arithmetic.reals import Value
from derive.errors import DeriveError
from derive.naming.quantity import NamedQuantity
from derive.network import Network
from derive.verification.points.training import Training

UNCOMPUTABLE = (ArithmeticError, LookupError, ValueError, DeriveError)
"""What working a formula with a mistake in it may end in: no number (:class:`derive.arithmetic.outcomes.Uncomputable`),
a name that stands for nothing here, passes that the network cannot make."""


def value_of(passes: Training, quantity: NamedQuantity) -> Value:
    """The value of a scalar quantity.

    Raises:
        LookupError: for a sample that is not said, and for what is no number.
    """
    network, step = passes.network, quantity.step or 0
    if quantity.shape != "scalar" or quantity.function:
        raise LookupError(quantity.bare)
    if quantity.by is not None:
        return _derivative(passes, quantity, step)
    if quantity.base == network.names.eta and passes.rate is not None:
        return passes.rate
    if quantity.base == network.output and quantity.row is None:
        return passes.loss(step)
    if quantity.base in network.start:
        return passes.parameter(quantity.base, step)
    return passes.at(step, _row(network, quantity)).value(quantity.base)


def _derivative(passes: Training, quantity: NamedQuantity, step: int) -> Value:
    network, by = passes.network, quantity.by
    assert by is not None
    if quantity.base == network.output and quantity.row is None and by in network.start:
        return passes.gradient(by, step)
    return passes.at(step, _row(network, quantity)).derivative(quantity.base, by)


def _row(network: Network, quantity: NamedQuantity) -> int:
    if quantity.row is not None:
        return quantity.row
    if len(network.rows) > 1 and quantity.base in network.per_sample:
        raise LookupError(f"the sample of {quantity}")
    return 1
