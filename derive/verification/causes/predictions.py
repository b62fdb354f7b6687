"""The numbers that the mistakes of the catalogue lead to, found when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice

from derive.errors import DeriveError
from derive.network import Network
from derive.numbers import Number, OutsideDomain, Undecided, settled
from derive.quantity import Quantity
from derive.run import Runner
from derive.verification.causes.agreement import differs
from derive.verification.causes.catalogue import CATALOGUE, OPPOSITE
from derive.verification.causes.entry import Cause, Mistake
from derive.verification.causes.quantities import value_of
from derive.verification.passes import Passes, Plain

LARGEST = 20_000
"""Past so many quantities a network's mistakes are not tried: the time for one claim stays bounded."""
REVEALING = frozenset(("zero_input_overlooked", "mask_left_out"))
"""Mistakes that let others show where the right derivative is 0."""
MOST_SINGLES = 600
MOST_PAIRS = 4000
UNCOMPUTABLE = (OutsideDomain, Undecided, DeriveError, LookupError, ValueError, ArithmeticError)


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What one mistake, or two at once, give to a quantity."""

    mistakes: tuple[Mistake, ...]
    value: Number

    def is_of(self, causes: frozenset[str]) -> bool:
        """Whether one of these causes is in it."""
        return any(mistake.cause in causes for mistake in self.mistakes)


class Predictions:
    """The catalogue at one network: its mistakes, and the numbers they lead to."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._predicted: dict[tuple[str, bool], tuple[Prediction, ...]] = {}
        self._passes: dict[tuple[Mistake, ...], Passes] = {}

    @cached_property
    def truth(self) -> Passes:
        """The right numbers at the spec's values."""
        runner = Runner(self.network)
        return Passes(self.network, runner.start(), runner.rows, runner.learning_rate, (), Plain(self.network))

    @cached_property
    def _entries(self) -> tuple[tuple[Cause, Mistake], ...]:
        if len(self.network.graph.names) > LARGEST:
            return ()
        return tuple((cause, mistake) for cause in CATALOGUE for mistake in cause.mistakes(self.network))

    @cached_property
    def singles(self) -> tuple[Mistake, ...]:
        """Every mistake that can be made in this network."""
        return tuple(mistake for _, mistake in self._entries[:MOST_SINGLES])

    @cached_property
    def pairs(self) -> tuple[tuple[Mistake, Mistake], ...]:
        """Two mistakes that are likely enough to be made in one derivation, the likeliest first."""
        common = [mistake for cause, mistake in self._entries[:MOST_SINGLES] if cause.common]
        places = sorted(combinations(range(len(common)), 2), key=sum)
        pairs = ((common[i], common[j]) for i, j in places)
        return tuple(islice((pair for pair in pairs if _apart(*pair)), MOST_PAIRS))

    def passes(self, mistakes: tuple[Mistake, ...]) -> Passes:
        """The passes in which these mistakes are made."""
        found = self._passes.get(mistakes)
        if found is None:
            found = self._passes[mistakes] = self.truth.with_slips(*(mistake.slip for mistake in mistakes))
        return found

    def predictions(self, subject: str, *, pairs: bool = False) -> tuple[Prediction, ...]:
        """The values that mistakes give to a quantity, where they differ from the right one."""
        found = self._predicted.get((subject, pairs))
        if found is None:
            found = self._predicted[subject, pairs] = tuple(self._predictions(subject, pairs))
        return found

    def _predictions(self, subject: str, pairs: bool) -> Iterator[Prediction]:
        try:
            quantity = self.network.names.resolve(subject)
            true = value_of(self.truth, quantity)
        except UNCOMPUTABLE:
            return
        if pairs:
            yield from self._pair_predictions(subject, quantity, true)
            return
        for mistake in self.singles:
            value = self._value((mistake,), quantity)
            if value is not None and differs(value, true):
                yield Prediction((mistake,), value)

    def _pair_predictions(self, subject: str, quantity: Quantity, true: Number) -> Iterator[Prediction]:
        """What two mistakes give together, where it is not what one of them gives alone."""
        alone = {prediction.mistakes[0]: prediction.value for prediction in self.predictions(subject)}
        for pair in self.pairs:
            known = [alone[mistake] for mistake in pair if mistake in alone]
            if len(known) == 2 or (known and any(mistake.cause in REVEALING for mistake in pair)):
                value = self._value(pair, quantity)
                if value is not None and all(differs(value, other) for other in (true, *known)):
                    yield Prediction(pair, value)

    def _value(self, mistakes: tuple[Mistake, ...], quantity: Quantity) -> Number | None:
        try:
            passes = self.passes(mistakes) if len(mistakes) == 1 else self.truth.with_slips(*(m.slip for m in mistakes))
            return settled(value_of(passes, quantity))
        except UNCOMPUTABLE:
            return None


def _apart(one: Mistake, other: Mistake) -> bool:
    """Two mistakes of different causes that do not undo each other."""
    if one.cause == other.cause:
        return False
    return other.cause not in OPPOSITE.get(one.cause, ()) and one.cause not in OPPOSITE.get(other.cause, ())
