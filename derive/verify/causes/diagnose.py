"""From a wrong relation to the misconception that explains it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, islice
from typing import Protocol

from flint import fmpq

from derive.errors import DeriveError
from derive.expressions.tree import Expr, Name, names_in
from derive.network import Network
from derive.numbers import Number, OutsideDomain, Undecided, settled
from derive.quantity import Quantity
from derive.run import Runner
from derive.verify.causes import arithmetic
from derive.verify.causes.catalogue import CATALOGUE, OPPOSITE
from derive.verify.causes.entry import Cause, Mistake, size
from derive.verify.causes.quantities import value_of
from derive.verify.passes import Passes, Plain
from derive.verify.slips import Slip

ENOUGH_DIGITS = 3
"""Pairs, and quantities mixed up, are believed from so many significant digits on."""
SLIGHT = fmpq(1, 10**14)
LARGEST = 20_000
"""Past so many quantities a network's mistakes are not tried: the time for one claim stays bounded."""
REVEALING = frozenset(("zero_input_overlooked", "mask_left_out"))
"""Mistakes that let others show where the right derivative is 0."""
MOST_SINGLES = 600
MOST_PAIRS = 4000

UNCOMPUTABLE = (OutsideDomain, Undecided, DeriveError, LookupError, ValueError, ArithmeticError)


class Wrong(Protocol):
    """A relation that does not hold, as the diagnosis needs it.

    Attributes:
        network: the network that it is about.
        subject: the canonical name of the chain's first quantity.
        left: the side on the left.
        written: the side on the right, as it is written.
        interval: what the right side stands for at the spec's values, None where it is compared as a formula.
        unit: one unit of the last place of the written number.
        digits: its significant digits.
    """

    @property
    def network(self) -> Network: ...
    @property
    def subject(self) -> str | None: ...
    @property
    def left(self) -> Expr | None: ...
    @property
    def written(self) -> str: ...
    @property
    def interval(self) -> tuple[fmpq, fmpq] | None: ...
    @property
    def unit(self) -> fmpq | None: ...
    @property
    def digits(self) -> int: ...

    def holds(self, slips: tuple[Slip, ...]) -> bool:
        """Whether the relation holds where these mistakes are made."""

    def evaluate(self, expr: Expr) -> Number | None:
        """An expression at the spec's values."""


@dataclass(frozen=True, slots=True, eq=False)
class Diagnosis:
    """The misconception that explains a wrong relation: the first ``mistake``, and another one with it in a pair.

    Attributes:
        network: the network that the relation is about.
        subject: the quantity it is about.
        written: what is written on its right.
        other: for ``another_quantity`` and ``step_miscounted``, the quantity whose value is written.
    """

    network: Network
    mistakes: tuple[Mistake, ...]
    subject: str | None
    written: str
    other: str = ""
    expected: Mapping[str, Number] = field(default_factory=dict)

    @property
    def cause(self) -> str:
        """The name in reports; of a pair both names."""
        return " + ".join(mistake.cause for mistake in self.mistakes)

    @property
    def slips(self) -> tuple[Slip, ...]:
        """The changes of the derivation that give what is written."""
        return tuple(mistake.slip for mistake in self.mistakes)


@dataclass(frozen=True, slots=True, eq=False)
class _Prediction:
    mistakes: tuple[Mistake, ...]
    value: Number


class Causes:
    """The catalogue at one network: its mistakes, and the numbers they lead to, found when first needed."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._predicted: dict[tuple[str, bool], tuple[_Prediction, ...]] = {}
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
        """Two mistakes that are likely enough to be made in one derivation."""
        common = [mistake for cause, mistake in self._entries[:MOST_SINGLES] if cause.common]
        return tuple(islice((pair for pair in combinations(common, 2) if _apart(*pair)), MOST_PAIRS))

    def passes(self, mistakes: tuple[Mistake, ...]) -> Passes:
        """The passes in which these mistakes are made."""
        found = self._passes.get(mistakes)
        if found is None:
            found = self._passes[mistakes] = self.truth.with_slips(*(mistake.slip for mistake in mistakes))
        return found

    def diagnose(self, wrong: Wrong) -> Diagnosis | None:
        """What explains a wrong relation; None where nothing in the catalogue does."""
        found = self._numeric(wrong) if wrong.interval is not None else self._symbolic(wrong)
        return replace(found, subject=wrong.subject, written=wrong.written) if found is not None else None

    def _found(self, *mistakes: Mistake, other: str = "") -> Diagnosis:
        return Diagnosis(self.network, mistakes, None, "", other)

    # Formulas

    def _symbolic(self, wrong: Wrong) -> Diagnosis | None:
        for mistake in self.singles:
            if wrong.holds((mistake.slip,)):
                return self._found(mistake)
        for pair in self.pairs:
            if wrong.holds((pair[0].slip, pair[1].slip)):
                return self._found(*pair)
        return None

    # Numbers

    def _numeric(self, wrong: Wrong) -> Diagnosis | None:
        left = wrong.evaluate(wrong.left) if wrong.left is not None else None
        names = names_in(wrong.left) if wrong.left is not None else ()
        derived = any(self._slips_reach(name) for name in names)
        steps: list[Iterable[Diagnosis | None]] = [self._by_subject(wrong, pairs=False)]
        if left is not None and wrong.digits > 1:
            steps.insert(1 if derived else 0, self._pen(wrong, left))
            steps.insert(2 if names else 1, self._overlooked(wrong))
        if names and not isinstance(wrong.left, Name):
            steps.append(self._by_sides(wrong))
        if wrong.digits >= ENOUGH_DIGITS:
            steps.append(self._mixed_up(wrong))
        steps.append(self._by_subject(wrong, pairs=True))
        return next((found for step in steps for found in step if found is not None), None)

    def _slips_reach(self, name: str) -> bool:
        """Whether a mistake can change what the name stands for: not for a given number, and not for a value."""
        return "/" in name or name.startswith("delta") or "'" in name

    def _pen(self, wrong: Wrong, left: Number) -> Iterator[Diagnosis | None]:
        mistake = arithmetic.plain(left, wrong.written, lambda value: reads(wrong, value, exactly=True))
        yield self._found(mistake) if mistake is not None else None

    def _overlooked(self, wrong: Wrong) -> Iterator[Diagnosis | None]:
        assert wrong.left is not None
        mistake = arithmetic.structural(wrong.left, wrong.evaluate, lambda value: reads(wrong, value))
        yield self._found(mistake) if mistake is not None else None

    def _by_subject(self, wrong: Wrong, *, pairs: bool) -> Iterator[Diagnosis | None]:
        """The value that a mistake predicts for the chain's first quantity; exact agreement before a near one."""
        if wrong.subject is None:
            return
        predicted = self.predictions(wrong.subject, pairs=pairs)
        for exactly in (True, False):
            for prediction in predicted:
                if pairs and wrong.digits < ENOUGH_DIGITS and not _just(wrong, prediction.value):
                    continue
                if reads(wrong, prediction.value, exactly=exactly):
                    yield self._found(*prediction.mistakes)

    def _by_sides(self, wrong: Wrong) -> Iterator[Diagnosis | None]:
        for mistake in self.singles:
            if wrong.holds((mistake.slip,)):
                yield self._found(mistake)

    def predictions(self, subject: str, *, pairs: bool = False) -> tuple[_Prediction, ...]:
        """The values that mistakes give to a quantity, where they differ from the right one."""
        found = self._predicted.get((subject, pairs))
        if found is None:
            found = self._predicted[subject, pairs] = tuple(self._predictions(subject, pairs))
        return found

    def _predictions(self, subject: str, pairs: bool) -> Iterator[_Prediction]:
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
                yield _Prediction((mistake,), value)

    def _pair_predictions(self, subject: str, quantity: Quantity, true: Number) -> Iterator[_Prediction]:
        """What two mistakes give together, where it is not what one of them gives alone."""
        alone = {prediction.mistakes[0]: prediction.value for prediction in self.predictions(subject)}
        for pair in self.pairs:
            known = [alone[mistake] for mistake in pair if mistake in alone]
            if len(known) == 2 or (known and any(mistake.cause in REVEALING for mistake in pair)):
                value = self._value(pair, quantity)
                if value is not None and all(differs(value, other) for other in (true, *known)):
                    yield _Prediction(pair, value)

    def _value(self, mistakes: tuple[Mistake, ...], quantity: Quantity) -> Number | None:
        try:
            passes = self.passes(mistakes) if len(mistakes) == 1 else self.truth.with_slips(*(m.slip for m in mistakes))
            return settled(value_of(passes, quantity))
        except UNCOMPUTABLE:
            return None

    # One quantity for another

    def _mixed_up(self, wrong: Wrong) -> Iterator[Diagnosis | None]:
        if wrong.subject is None:
            return
        try:
            quantity = self.network.names.resolve(wrong.subject)
        except ValueError:
            return
        for cause, other in (*self._steps(quantity), *self._likes(quantity)):
            try:
                if reads(wrong, value_of(self.truth, other), exactly=True):
                    yield self._found(Mistake(cause, arithmetic.NOTHING), other=str(other))
            except UNCOMPUTABLE:
                continue

    def _steps(self, quantity: Quantity) -> Iterator[tuple[str, Quantity]]:
        here = quantity.step or 0
        for step in (here - 1, here + 1, here - 2, here + 2):
            if 0 <= step <= self.truth.last:
                yield "step_miscounted", replace(quantity, step=step or None)

    def _likes(self, quantity: Quantity) -> Iterator[tuple[str, Quantity]]:
        """Quantities of the same kind: another unit, another weight."""
        names = self.network.names
        varied = quantity.by if quantity.by is not None else quantity.base
        kind = names.describe(varied)
        if kind is None:
            return
        candidates = [n for n in self.network.graph.names if n[0] == varied[0] and n != varied][:400]
        for other in candidates:
            described = names.describe(other)
            if described is not None and described.kind == kind.kind:
                changed = replace(quantity, by=other) if quantity.by is not None else replace(quantity, base=other)
                yield "another_quantity", changed


def _apart(one: Mistake, other: Mistake) -> bool:
    """Two mistakes of different causes that do not undo each other."""
    if one.cause == other.cause:
        return False
    return other.cause not in OPPOSITE.get(one.cause, ()) and one.cause not in OPPOSITE.get(other.cause, ())


def differs(value: Number, true: Number) -> bool:
    """Whether two numbers are certainly apart."""
    difference = size(value - true)
    return bool(difference > SLIGHT * size(true)) and bool(difference > 0)


def _just(wrong: Wrong, value: Number) -> bool:
    """Whether few digits are the whole number: 1.4, and not what rounds to it."""
    assert wrong.interval is not None
    return type(value) is fmpq and value == (wrong.interval[0] + wrong.interval[1]) / 2


def reads(wrong: Wrong, value: Number, *, exactly: bool = False) -> bool:
    """Whether what is written on the right stands for the value.

    From three digits on a unit of the last place is forgiven, unless ``exactly`` is asked for.
    """
    assert wrong.interval is not None
    low, high = wrong.interval
    slack = wrong.unit if wrong.unit is not None and wrong.digits >= ENOUGH_DIGITS and not exactly else fmpq(0)
    return bool(value >= low - slack) and bool(value <= high + slack)
