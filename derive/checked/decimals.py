"""The numbers of a proven run as decimal strings, each digit certain, and as fractions where they are rational."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from flint import fmpq

from derive.arithmetic.numbers import exactly
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import decimal_string
from derive.checked.proof import Proven
from derive.equations.run import Runner
from derive.records import record


def _texts(values: Mapping[str, Value], digits: int) -> Mapping[str, str]:
    return {name: decimal_string(value, digits) for name, value in values.items()}


def _exact(values: Mapping[str, Value]) -> Mapping[str, Fraction]:
    rational = {name: value for name, v in values.items() if type(value := exactly(v)) is fmpq}
    return {name: Fraction(int(v.numerator), int(v.denominator)) for name, v in rational.items()}


@record
class Decimals:
    """Decimal strings of one run, proven while the precision was enough."""

    values: tuple[Mapping[str, str], ...]
    gradients: tuple[Mapping[str, str], ...]
    exact: tuple[Mapping[str, Fraction], ...]
    updated: tuple[Mapping[str, str], ...]
    states: tuple[Mapping[str, str], ...]
    losses: tuple[str, ...]
    batches: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, work: Proven, digits: int) -> Decimals:
        iterations, final = work.run.iterations, work.run.final
        losses = [iteration.loss for iteration in iterations] + ([final.loss] if final else [])
        return cls(
            tuple(_texts(iteration.samples[0].values, digits) for iteration in iterations),
            tuple(_texts(iteration.gradients, digits) for iteration in iterations),
            tuple(_exact(iteration.gradients) for iteration in iterations),
            tuple(_texts(iteration.updated, digits) for iteration in iterations),
            tuple(_texts(iteration.new_states, digits) for iteration in iterations),
            tuple(decimal_string(loss, digits) for loss in losses),
            tuple(tuple(sample.row for sample in iteration.samples) for iteration in iterations),
        )


@record
class OfRows:
    """The derivatives of one iteration by every quantity: of the batch's loss, and of each row's own."""

    batch: Mapping[str, str]
    batch_exact: Mapping[str, Fraction]
    rows: Mapping[int, Mapping[str, str]]
    rows_exact: Mapping[int, Mapping[str, Fraction]]

    @classmethod
    def of(cls, work: Proven, iteration: int, digits: int) -> OfRows:
        samples = work.run.iterations[iteration - 1].samples
        gradients = [dict(sample.gradients) for sample in samples]
        everywhere = tuple(name for name in gradients[0] if all(name in each for each in gradients))
        batch = Runner(work.network).batch_gradients([sample.values for sample in samples], gradients, everywhere)
        return cls(
            _texts(batch, digits),
            _exact(batch),
            {sample.row: _texts(sample.gradients, digits) for sample in samples},
            {sample.row: _exact(sample.gradients) for sample in samples},
        )
