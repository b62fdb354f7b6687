"""Misconceptions about batches and updates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from flint import fmpq

from derive.arithmetic.elementary import quotient
from derive.arithmetic.numbers import bounded
from derive.arithmetic.reals import Value
from derive.network import Network
from derive.records import record
from derive.verification.causes.entry import Mistake
from derive.verification.points.slips import Numbers, Right, Slip

Update = Callable[[Value, Value, Value], Value]


@record(eq=False)
class UpdateSlip(Slip):
    """Another rule for the new value, from the old one, the learning rate and the direction of the step."""

    rule: Update

    def updated(self, name: str, numbers: Numbers, direction: Value) -> Value | None:
        return bounded(self.rule(numbers["theta"], numbers["eta"], direction))


@record(eq=False)
class StateSlip(Slip):
    """Another rule for the new value of a state, from what the optimizer's lines name."""

    rule: Callable[[Numbers], Value]

    def state(self, key: str, name: str, numbers: Numbers, right: Right) -> Value | None:
        return bounded(self.rule(numbers))


@record(eq=False)
class OldStateSlip(Slip):
    """The step taken along the old state in place of the new one."""

    key: str

    def updated(self, name: str, numbers: Numbers, direction: Value) -> Value | None:
        return bounded(numbers["theta"] - numbers["eta"] * numbers[self.key])


OF_UPDATES = (UpdateSlip, StateSlip, OldStateSlip)


@record(eq=False)
class BatchSlip(Slip):
    """Another way to make the samples' numbers one."""

    change: Callable[[Sequence[Value], Right], Value]

    def reduced(self, values: Sequence[Value], right: Right) -> Value | None:
        return bounded(self.change(values, right)) if len(values) > 1 else None


RULES: tuple[tuple[str, Update], ...] = (
    ("plus_in_update", lambda old, rate, gradient: old + rate * gradient),
    ("learning_rate_left_out", lambda old, rate, gradient: old - gradient),
    ("plus_without_rate", lambda old, rate, gradient: old + gradient),
    ("learning_rate_twice", lambda old, rate, gradient: old - rate * rate * gradient),
    ("step_for_new_value", lambda old, rate, gradient: rate * gradient),
    ("step_for_new_value", lambda old, rate, gradient: -(rate * gradient)),
    ("learning_rate_divides", lambda old, rate, gradient: old - quotient(gradient, rate)),
    ("gradient_left_out", lambda old, rate, gradient: old - rate),
    ("not_updated", lambda old, rate, gradient: old),
)


def update(name: str) -> Callable[[Network], Iterator[Mistake]]:
    """The mistakes of one entry about updates."""

    def mistakes(network: Network) -> Iterator[Mistake]:
        if network.spec.training.learning_rate is not None:
            for cause, rule in RULES:
                if cause == name:
                    yield Mistake(cause, UpdateSlip(rule))

    return mistakes


@record(eq=False)
class KeptSlip(UpdateSlip):
    """Some parameters not updated."""

    kept: frozenset[str] = frozenset()

    def updated(self, name: str, numbers: Numbers, direction: Value) -> Value | None:
        return numbers["theta"] if name in self.kept else None


def not_updated(network: Network) -> Iterator[Mistake]:
    """No parameter updated; or those of one layer forgotten."""
    yield from update("not_updated")(network)
    if network.spec.training.learning_rate is not None and len(network.layers) > 1:
        for layer in network.layers:
            kept = frozenset((*(w for row in layer.weights for w in row), *layer.biases))
            facts = {"layer": str(layer.number)}
            yield Mistake("not_updated", KeptSlip(lambda old, rate, gradient: old, kept), "layer_not_updated", facts)


VELOCITIES: tuple[tuple[str, Callable[[Numbers], Value]], ...] = (
    ("momentum_left_out", lambda n: n["g"]),
    ("momentum_not_multiplied", lambda n: n["v"] + n["g"]),
    ("momentum_sign", lambda n: n["g"] - n["momentum"] * n["v"]),
    ("gradient_subtracted", lambda n: n["momentum"] * n["v"] - n["g"]),
    ("momentum_averaged", lambda n: n["momentum"] * n["v"] + (1 - n["momentum"]) * n["g"]),
    ("momentum_of_gradient", lambda n: n["v"] + n["momentum"] * n["g"]),
    ("learning_rate_in_velocity", lambda n: n["momentum"] * n["v"] + n["eta"] * n["g"]),
    ("learning_rate_in_velocity", lambda n: n["momentum"] * n["v"] - n["eta"] * n["g"]),
)
"""Other rules for a velocity ``v``, which carries ``momentum`` of itself on and takes the gradient ``g`` in."""


def _has_velocity(network: Network) -> bool:
    return network.spec.training.learning_rate is not None and {"v"} == set(network.names.states)


def velocity(name: str) -> Callable[[Network], Iterator[Mistake]]:
    """The mistakes of one entry about a velocity."""

    def mistakes(network: Network) -> Iterator[Mistake]:
        if _has_velocity(network) and "momentum" in network.optimizer.parameters:
            for cause, rule in VELOCITIES:
                if cause == name:
                    yield Mistake(cause, StateSlip(rule))

    return mistakes


def old_velocity(network: Network) -> Iterator[Mistake]:
    """The step taken along the velocity before it was renewed."""
    if _has_velocity(network):
        yield Mistake("old_velocity", OldStateSlip("v"))


def divided_twice(network: Network) -> Iterator[Mistake]:
    """The mean over the batch taken, and the step divided by the number of samples once more."""
    count = network.spec.training.batch_size or len(network.rows)
    if count > 1 and network.spec.training.reduction == "mean":
        facts = {"count": str(count)}
        if network.spec.training.learning_rate is not None:
            step = UpdateSlip(lambda old, rate, gradient: old - quotient(rate * gradient, fmpq(count)))
            yield Mistake("divided_twice", step, facts=facts)
        again = BatchSlip(lambda values, right: quotient(right(), fmpq(len(values))))
        yield Mistake("divided_twice", again, facts=facts)


def _sum(values: Sequence[Value], right: Right) -> Value:
    return sum(values[1:], values[0])


def _mean(values: Sequence[Value], right: Right) -> Value:
    return quotient(_sum(values, right), fmpq(len(values)))


def reduction(network: Network) -> Iterator[Mistake]:
    """The mean over the batch for the sum, or the sum for the mean."""
    if len(network.rows) > 1:
        mean = network.spec.training.reduction == "mean"
        facts = {"count": str(network.spec.training.batch_size or len(network.rows))}
        yield Mistake(
            "sum_for_mean" if mean else "mean_for_sum",
            BatchSlip(_sum if mean else _mean),
            ("sum_for_mean" if mean else "mean_for_sum") + "_batch",
            facts,
        )


def one_sample(network: Network) -> Iterator[Mistake]:
    """The gradient of one sample given as that of the batch."""
    for position in range(min(network.spec.training.batch_size or len(network.rows), len(network.rows), 12)):
        if len(network.rows) > 1:

            def change(values: Sequence[Value], right: Right, position: int = position) -> Value:
                return values[position] if position < len(values) else right()

            yield Mistake("one_sample_for_batch", BatchSlip(change), facts={"row": str(position + 1)})
