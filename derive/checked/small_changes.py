"""What a small change of one parameter or weighted input really does to the loss: the network worked again.

No chain rule is used, and the numbers are certified. The change is the largest power of ten for which the derivative
predicts the rise well, so that a reader can follow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from flint import fmpq

from derive.arithmetic.numbers import as_ball, is_bounded_zero, is_zero, settled
from derive.arithmetic.outcomes import OutsideDomain
from derive.arithmetic.reals import Value
from derive.checked.by_objective import batch_loss
from derive.checked.opinion import SmallChange
from derive.equations.run import Iteration, Sample
from derive.network import Network

FIRST = fmpq(1, 10)
"""The change that is tried first."""
TRIES = 6
"""At most this many changes are tried, each a tenth of the one before."""
CLOSE = fmpq(1, 10)
"""The rise is at most this share of the prediction away from it."""
MAX_CHANGED = 40
"""At most this many parameters are changed."""
MAX_ROWS = 1_000
"""Of a batch with more rows none is: it would be worked again for each parameter."""


class LossesOfChanges(Protocol):
    """The losses of all rows of a batch, for each change of a parameter or node."""

    def losses(self, changes: Sequence[tuple[str, Value]]) -> Sequence[Sequence[Value]]:
        """One list of losses for each change."""


def small_changes(
    network: Network, first: Iteration, losses: LossesOfChanges, names: Iterable[str]
) -> Mapping[str, SmallChange]:
    """For each of these parameters whose derivative is not 0, what the loss of the first batch does.

    A parameter has none where no change that was tried is close to the prediction: on a kink, beside a pole.
    """
    if len(first.samples) > MAX_ROWS:
        return {}
    found: dict[str, SmallChange] = {}
    for name in tuple(names)[:MAX_CHANGED]:
        gradient = first.gradients[name]
        if is_zero(gradient) or is_bounded_zero(gradient):
            continue
        for k in range(TRIES):
            by = FIRST / 10**k
            rise = _rise(network, first, losses, name, by)
            if rise is not None and _close(rise, gradient * by):
                found[name] = SmallChange(by, rise)
                break
    return found


def told_unit(network: Network, shown: Iterable[str]) -> str | None:
    """The weighted input of the output unit whose δ a document explains: that of the first parameter shown."""
    for last in network.layers[-1:]:
        units = (last.z[j] for name in shown for j in range(last.units) if name in last.parameters_of(j))
        return next(units, last.z[0])
    return None


def unit_raised(z: str, output: str, sample: Sample, losses: LossesOfChanges) -> Mapping[str, SmallChange]:
    """What the own loss of a sample does when a weighted input is raised; nothing where its derivative is 0."""
    gradient = sample.gradients[z]
    if is_zero(gradient) or is_bounded_zero(gradient):
        return {}
    for k in range(TRIES):
        by = FIRST / 10**k
        try:
            ((changed,),) = losses.losses([(z, by)])
        except OutsideDomain:
            continue
        rise = settled(changed - sample.values[output])
        if _close(rise, gradient * by):
            return {z: SmallChange(by, rise)}
    return {}


def _rise(network: Network, first: Iteration, losses: LossesOfChanges, name: str, by: fmpq) -> Value | None:
    try:
        (rows,) = losses.losses([(name, by)])
    except OutsideDomain:  # the change has left the domain of a function
        return None
    changed = {**first.parameters, name: first.parameters[name] + by}
    return settled(batch_loss(network, rows, changed) - first.loss)


def _close(rise: Value, predicted: Value) -> bool:
    expected = as_ball(predicted)
    return bool(abs(as_ball(rise) - expected) < abs(expected) * CLOSE)
