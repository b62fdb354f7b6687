"""The numbers that the mistakes of the catalogue lead to, found when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations, islice
from typing import TypeAlias

from derive.arithmetic.numbers import settled
from derive.arithmetic.precision import precision
from derive.arithmetic.reals import Value
from derive.naming.quantity import NamedQuantity
from derive.network import Network
from derive.records import record
from derive.verification.causes.agreement import differs
from derive.verification.causes.catalogue import CATALOGUE, OPPOSITE
from derive.verification.causes.entry import Cause, Mistake
from derive.verification.causes.mistake_reach import MistakeReach
from derive.verification.causes.quantities import UNCOMPUTABLE, value_of
from derive.verification.causes.training import OF_UPDATES
from derive.verification.points.point import Points
from derive.verification.points.training import Training
from derive.verification.points.trials import Trials, unbounded

MAX_QUANTITIES = 20_000
"""At most this many quantities has a network whose mistakes are tried: the time for one claim stays bounded."""
Pair: TypeAlias = tuple[Mistake, Mistake]
REVEALING = frozenset(("zero_input_overlooked", "mask_left_out"))
"""Mistakes that let others show where the right derivative is 0."""
MAX_SINGLES = 600
"""At most this many mistakes are tried one by one."""
MAX_KEPT = 200_000
"""At most this many predictions are kept."""
BITS = 192
MAX_PAIRS = 4000
"""At most this many pairs of mistakes are tried."""


@record(eq=False)
class Prediction:
    """What one mistake, or two at once, give to a quantity."""

    mistakes: tuple[Mistake, ...]
    value: Value

    def is_of(self, causes: frozenset[str]) -> bool:
        """Whether one of these causes is in it."""
        return any(mistake.cause in causes for mistake in self.mistakes)


class Predictions:
    """The catalogue at one network: its mistakes, and the numbers they lead to."""

    def __init__(self, network: Network, worlds: Points | None = None) -> None:
        self.network = network
        self._worlds = worlds or Points(network)
        self._known: dict[str, tuple[NamedQuantity, Value] | None] = {}
        self._values: dict[tuple[str, Mistake], Value | None] = {}
        self._in_one_update: dict[tuple[str, Mistake], Value | None] = {}
        self._of_pairs: dict[str, dict[Pair, Value | None]] = {}

    @property
    def truth(self) -> Training:
        """The right numbers at the spec's values."""
        with precision(BITS):
            return self._worlds.truth.passes

    @cached_property
    def _entries(self) -> tuple[tuple[Cause, Mistake], ...]:
        if len(self.network.graph.names) > MAX_QUANTITIES:
            return ()
        return tuple((cause, mistake) for cause in CATALOGUE for mistake in cause.mistakes(self.network))

    @cached_property
    def singles(self) -> tuple[Mistake, ...]:
        """Every mistake that can be made in this network."""
        return tuple(mistake for _, mistake in self._entries[:MAX_SINGLES])

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Two mistakes that are likely enough to be made in one derivation, the likeliest first."""
        common = [mistake for cause, mistake in self._entries[:MAX_SINGLES] if cause.common]
        places = sorted(combinations(range(len(common)), 2), key=sum)
        pairs = ((common[i], common[j]) for i, j in places)
        return tuple(islice((pair for pair in pairs if _apart(*pair)), MAX_PAIRS))

    def passes(self, mistakes: tuple[Mistake, ...]) -> Training:
        """The passes in which these mistakes are made; those of one mistake are kept."""
        slips = [mistake.slip for mistake in mistakes]
        if len(slips) > 1:
            return self.truth.with_slips(*slips)
        with precision(BITS):
            return self._worlds.truth.with_slips(*slips).passes

    def predictions(self, subject: str, *, pairs: bool = False, trials: Trials | None = None) -> tuple[Prediction, ...]:
        """The values that mistakes give to a quantity, where they differ from the right one."""
        with precision(BITS):
            return tuple(self._predictions(subject, pairs, trials or unbounded(self.network)))

    def _predictions(self, subject: str, pairs: bool, trials: Trials) -> Iterator[Prediction]:
        step = self.step_of(subject)
        if step is None:
            return
        if pairs:
            yield from self._pair_predictions(subject, step, trials)
            return
        for mistake in trials.among(self.reaching(self.singles, (subject,)), step):
            value = self.predicted(subject, mistake)
            if value is not None:
                yield Prediction((mistake,), value)

    def _pair_predictions(self, subject: str, step: int, trials: Trials) -> Iterator[Prediction]:
        """What two mistakes give together, where it is not what one of them gives alone."""
        alone = {p.mistakes[0]: p.value for p in self._predictions(subject, False, trials)}
        found = self._of_pairs.setdefault(subject, {})
        for pair in self.pairs:
            known = [alone[mistake] for mistake in pair if mistake in alone]
            if len(known) == 2 or (known and any(mistake.cause in REVEALING for mistake in pair)):
                if not trials.allows((subject, pair), step, share=2):
                    return
                if pair not in found:
                    value = self._value(pair, subject)
                    apart = value is not None and all(differs(value, other) for other in known)
                    found[pair] = value if apart else None
                value = found[pair]
                if value is not None:
                    yield Prediction(pair, value)

    def reaching(self, mistakes: Sequence[Mistake], names: Sequence[str]) -> Sequence[Mistake]:
        """Those of the mistakes that can change one of the quantities."""
        known = [found[0] for name in names if (found := self._right(name)) is not None]
        if len(known) < len(names):
            return mistakes
        may_change = self._reach.may_change
        return [mistake for mistake in mistakes if any(may_change(mistake.slip, quantity) for quantity in known)]

    @cached_property
    def _reach(self) -> MistakeReach:
        return MistakeReach(self.network)

    def predicted(self, subject: str, mistake: Mistake) -> Value | None:
        """What a mistake makes of a quantity; None where that is the right value, or has none."""
        key = subject, mistake
        if key not in self._values:
            if len(self._values) >= MAX_KEPT:
                self._values.clear()
            self._values[key] = self._value((mistake,), subject)
        return self._values[key]

    def predicted_in_this_update(self, subject: str, mistake: Mistake) -> Value | None:
        """What a mistake makes of a new value that is made in its own update alone; None as above."""
        step = self.step_of(subject)
        if not step or not isinstance(mistake.slip, OF_UPDATES):
            return None
        key = subject, mistake
        if key not in self._in_one_update:
            if len(self._in_one_update) >= MAX_KEPT:
                self._in_one_update.clear()
            with precision(BITS):
                passes = self.truth.with_last_update(step, mistake.slip)
            self._in_one_update[key] = self._value_in(passes, subject)
        return self._in_one_update[key]

    def step_of(self, subject: str) -> int | None:
        """How many updates were made before a quantity; None where it is none, or has no right value."""
        found = self._right(subject)
        return None if found is None else found[0].step or 0

    def _right(self, subject: str) -> tuple[NamedQuantity, Value] | None:
        """A quantity, and its right value."""
        if subject not in self._known:
            try:
                quantity = self.network.names.resolve(subject)
                self._known[subject] = quantity, value_of(self.truth, quantity)
            except UNCOMPUTABLE:
                self._known[subject] = None
        return self._known[subject]

    def _value(self, mistakes: tuple[Mistake, ...], subject: str) -> Value | None:
        """What mistakes make of a quantity; None where that is the right value, or has none."""
        right = self._right(subject)
        if right is None or not any(self._reach.may_change(mistake.slip, right[0]) for mistake in mistakes):
            return None
        return self._value_in(self.passes(mistakes), subject)

    def _value_in(self, passes: Training, subject: str) -> Value | None:
        """The value of a quantity in passes with mistakes; None where that is the right value, or has none."""
        right = self._right(subject)
        if right is None:
            return None
        quantity, true = right
        try:
            with precision(BITS):
                value = settled(value_of(passes, quantity))
        except UNCOMPUTABLE:
            return None
        return value if differs(value, true) else None


def _apart(one: Mistake, other: Mistake) -> bool:
    """Two mistakes of different causes that do not undo each other."""
    if one.cause == other.cause:
        return False
    return other.cause not in OPPOSITE.get(one.cause, ()) and one.cause not in OPPOSITE.get(other.cause, ())
