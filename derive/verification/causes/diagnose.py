"""From a wrong relation to the misconception that explains it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property, partial
from typing import Protocol

from flint import fmpq

from derive.arithmetic.precision import precision
from derive.arithmetic.reals import Value
from derive.expressions.tree import Expr, Name, names_in
from derive.network import Network
from derive.records import record
from derive.verification.causes import arithmetic, convolutions, losses, others
from derive.verification.causes.agreement import (
    MIN_DIGITS,
    MIN_DIGITS_FOR_PAIRS,
    almost,
    differs,
    reads,
    tells_nothing,
    to_the_letter,
    within,
)
from derive.verification.causes.entry import Mistake
from derive.verification.causes.mixed import MAX_MIXED_UP, mixed_up
from derive.verification.causes.operands import Misfit
from derive.verification.causes.predictions import BITS, Predictions
from derive.verification.causes.quantities import UNCOMPUTABLE, value_of
from derive.verification.causes.training import OF_UPDATES
from derive.verification.causes.twins import as_typed
from derive.verification.judging.evidence import Ends
from derive.verification.judging.own_formula import Formulas, written_out
from derive.verification.points.slips import Slip
from derive.verification.points.trials import LOOKED_AT, Trials, unbounded
from derive.verification.reading.written_number import alone

BARE = frozenset(("another_activation", "another_loss"))
"""Mistakes that nobody can be said to have made because of a 0 alone."""
MIN_CONFIRMED = 2
"""So many other wrong numbers have to come from them as well."""
MAX_SETTLED = 40
"""At most this many of the numbers that other lines give wrongly speak for a cause or against it."""
ONE_RELATION = 500
"""The work of asking about one relation, in operands."""
ONE_TRIAL = 30
"""The work of comparing two formulas at a random point, with a mistake in them, beside that of their parts."""
MAX_SYMBOLIC = 200
"""At most this many pairs are tried for a formula, each at random points."""


class Wrong(Protocol):
    """A relation that does not hold, as the diagnosis needs it.

    Attributes:
        network: the network that it is about.
        subject: the canonical name of the chain's first quantity.
        left: the side on the left.
        right: the side on the right; ``written``: as it is written.
        interval: what the right side stands for at the spec's values, None where it is compared as a formula.
        unit: one unit of the last place of the written number.
        digits: its significant digits.
        settled: the quantities that other lines give rightly, with the numbers there.
        stated: the numbers that other lines wrongly give to other quantities.
        size: how many names, numbers and operations its sides are made of.
        names: the quantities that it names.
        points: by which formulas are compared: those with one value keep the same quantities where they are.
        is_right_after_all: the right side is true, and does not follow from the left one: no mistake leads to it.
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
    def interval(self) -> Ends | None: ...
    @property
    def unit(self) -> fmpq | None: ...
    @property
    def digits(self) -> int: ...
    @property
    def settled(self) -> tuple[tuple[str, Ends | None], ...]: ...
    @property
    def stated(self) -> tuple[tuple[str, Ends], ...]: ...
    @property
    def right(self) -> Expr | None: ...
    @property
    def size(self) -> int: ...
    @property
    def names(self) -> Sequence[str]: ...
    @property
    def points(self) -> Hashable: ...
    @property
    def is_right_after_all(self) -> bool: ...

    def evaluate_believed(self, expr: Expr) -> Value | None:
        """The same among what earlier wrong lines said (None without)."""

    def misfit(self, formulas: Formulas) -> Misfit | None:
        """The one number on the right that stands where another one belongs."""

    def holds(self, slips: tuple[Slip, ...]) -> bool:
        """Whether the relation holds where these mistakes are made."""

    def holds_in_update(self, step: int, slip: Slip) -> bool:
        """Whether a formula holds where a mistake of updates is made in the last of so many updates alone."""

    def evaluate(self, expr: Expr) -> Value | None:
        """An expression at the spec's values."""

    def believed(self, slips: tuple[Slip, ...]) -> Value | None:
        """The subject at the spec's values with these mistakes, among what earlier wrong lines said (None without)."""


@record(eq=False)
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
    expected: Mapping[str, Value] = field(default_factory=dict)

    @property
    def cause(self) -> str:
        """The name in reports; of a pair both names."""
        return " + ".join(mistake.cause for mistake in self.mistakes)

    @property
    def slips(self) -> tuple[Slip, ...]:
        """The changes of the derivation that give what is written."""
        return tuple(mistake.slip for mistake in self.mistakes)


class Causes(Predictions):
    """The catalogue at one network, asked what explains a wrong relation."""

    def diagnose(self, wrong: Wrong, trials: Trials | None = None) -> Diagnosis | None:
        """What explains a wrong relation; None where nothing in the catalogue does, as far as it may be tried."""
        self._trials = trials or unbounded(self.network)
        if wrong.is_right_after_all or not self._trials.takes(self._cost(wrong.size)):
            return None
        with precision(BITS):
            found = self._numeric(wrong) if wrong.interval is not None else self._symbolic(wrong)
            found = self._twin(found, wrong) if found is not None and wrong.interval is not None else found
        return replace(found, subject=wrong.subject, written=wrong.written) if found is not None else None

    def _twin(self, found: Diagnosis, wrong: Wrong) -> Diagnosis:
        """The same, with the mistake that is typed where another one comes to the same number."""
        subject = wrong.subject
        if len(found.mistakes) > 1 or subject is None:
            return found
        sides = (wrong.left, wrong.right)
        momentum = self.network.names.hyperparameters.get("momentum", "")
        mistake = as_typed(found.mistakes[0], sides, self.singles, lambda one: self.predicted(subject, one), momentum)
        return found if mistake is found.mistakes[0] else self._found(mistake)

    def _cost(self, size: int) -> int:
        """The work that is there for every relation, whatever mistakes are tried: numbers that stand for others."""
        numbers = len(self.singles) + min(len(self.network.graph.names), MAX_MIXED_UP) + size
        return ONE_RELATION + LOOKED_AT * numbers + 2 * size * min(size, arithmetic.MAX_VARIANTS)

    def _found(self, *mistakes: Mistake, other: str = "") -> Diagnosis:
        return Diagnosis(self.network, mistakes, None, "", other)

    # Formulas

    def _symbolic(self, wrong: Wrong) -> Diagnosis | None:
        if wrong.subject == self.network.output and wrong.right is not None:
            for mistake in self.singles:
                if mistake.cause == "another_loss" and losses.is_formula_of(self.network, mistake, wrong.right):
                    return self._found(mistake)
        step, near = self._step(wrong), wrong.points
        each = ONE_TRIAL + wrong.size
        singles = self._trials.among(self.reaching(self.singles, wrong.names), step, about=near, each=each)
        held = ((mistake,) for mistake in singles if wrong.holds((mistake.slip,)))
        found = self._likeliest(held, wrong)
        if found is None and step > 1:
            here = self._trials.among(self._of_updates, step, about=(near, step), each=each)
            held = ((mistake,) for mistake in here if wrong.holds_in_update(step, mistake.slip))
            found = self._likeliest(held, wrong)
        found = found or self._opened(wrong)
        if found is None:
            reaching = frozenset(self.reaching(self.singles, wrong.names))
            tried = (pair for pair in self.pairs[:MAX_SYMBOLIC] if reaching.issuperset(pair))
            pairs = self._trials.among(tried, step, about=(near, wrong.subject), each=each)
            found = self._likeliest((pair for pair in pairs if wrong.holds((pair[0].slip, pair[1].slip))), wrong)
        return found

    @cached_property
    def _of_updates(self) -> tuple[Mistake, ...]:
        return tuple(mistake for mistake in self.singles if isinstance(mistake.slip, OF_UPDATES))

    def _opened(self, wrong: Wrong) -> Diagnosis | None:
        """The quantity's own formula without its brackets."""
        right = wrong.evaluate(wrong.right) if wrong.right is not None else None
        if right is None or wrong.subject is None:
            return None
        for form in written_out(self._formulas, wrong.subject):
            for variant in arithmetic.opened(form):
                value = wrong.evaluate(variant)
                if value is not None and not differs(value, right):
                    return self._found(Mistake("brackets_ignored", arithmetic.NOTHING))
        return None

    def _without_brackets(self, wrong: Wrong) -> Diagnosis | None:
        """The value, or a calculation of it, of the quantity's own formula without its brackets."""
        if wrong.subject is None or wrong.digits < MIN_DIGITS or not self.singles:
            return None
        for form in written_out(self._formulas, wrong.subject):
            for variant in arithmetic.opened(form):
                value = wrong.evaluate(variant)
                if value is not None and reads(wrong, value, exactly=True):
                    return self._found(Mistake("brackets_ignored", arithmetic.NOTHING))
        return None

    def _step(self, wrong: Wrong) -> int:
        """How many updates go into a relation."""
        return max((self.step_of(name) or 0 for name in wrong.names), default=0)

    # Numbers

    def _numeric(self, wrong: Wrong) -> Diagnosis | None:
        if tells_nothing(wrong):
            return None
        if (found := self._exchanged(wrong)) is not None:
            return found
        left = wrong.evaluate(wrong.left) if wrong.left is not None else None
        names = names_in(wrong.left) if wrong.left is not None else ()
        steps = [self._agreeing, self._operand]
        if left is not None:
            bare = isinstance(wrong.left, Name) or any(map(_is_derived, names))
            steps.insert(1 if bare else 0, self._pen)
            steps.insert(len(steps) if names else 1, self._overlooked)
        steps.insert(len(steps) if wrong.digits < MIN_DIGITS else steps.index(self._operand), self._among_beliefs)
        if names and not isinstance(wrong.left, Name):
            steps.append(self._by_sides)
        if wrong.digits >= MIN_DIGITS:
            steps.append(self._mixed_up)
        steps = [self._in_this_update, *steps, self._as_typed, self._without_brackets, self._by_pairs]
        return next((found for step in steps if (found := step(wrong)) is not None), None)

    def _pen(self, wrong: Wrong) -> Diagnosis | None:
        left = wrong.evaluate(wrong.left) if wrong.left is not None else None
        if left is None:
            return None
        number = wrong.right is None or alone(wrong.right) is not None
        mistake = arithmetic.plain(left, wrong.written, lambda value: almost(wrong, value), number=number)
        return self._found(mistake) if mistake is not None else None

    def _operand(self, wrong: Wrong) -> Diagnosis | None:
        """One number of the calculation that stands where another one belongs, or with the wrong sign."""
        found = wrong.misfit(self._formulas)
        if found is None:
            return None
        value = wrong.evaluate_believed(found.wanted)
        value = wrong.evaluate(found.wanted) if value is None else value
        if value is None:
            return None
        given = [(name, ends) for name, ends in (*wrong.settled, *wrong.stated) if ends is not None]
        taken = others.owner(self.truth, found, given)
        updated = taken is not None and others.is_new(self.truth.network, taken, found.wanted)
        mistake = arithmetic.operand(found, value, taken or "", updated=updated)
        return None if mistake is None else self._found(mistake)

    @cached_property
    def _formulas(self) -> Formulas:
        return Formulas(self.network)

    def _overlooked(self, wrong: Wrong) -> Diagnosis | None:
        assert wrong.left is not None
        mistake = arithmetic.structural(wrong.left, wrong.evaluate, lambda value: reads(wrong, value))
        return self._found(mistake) if mistake is not None else None

    def _by_subject(self, wrong: Wrong, *, pairs: bool = False) -> Diagnosis | None:
        """A mistake that predicts the value for the chain's first quantity; exact agreement before a near one."""
        if wrong.subject is None:
            return None
        predicted = self.predictions(wrong.subject, pairs=pairs, trials=self._trials)
        if pairs and wrong.digits < MIN_DIGITS_FOR_PAIRS:
            predicted = tuple(prediction for prediction in predicted if to_the_letter(wrong, prediction.value))
        if _is_zero(wrong):
            predicted = tuple(p for p in predicted if not p.is_of(BARE) or self._is_confirmed(p.mistakes, wrong))
        for fits in (to_the_letter, partial(reads, exactly=True), reads):
            matching = (prediction.mistakes for prediction in predicted if fits(wrong, prediction.value))
            found = self._likeliest(matching, wrong)
            if found is not None:
                return found
        return None

    def _agreeing(self, wrong: Wrong) -> Diagnosis | None:
        """The same, where it contradicts nothing that was right before."""
        found = self._by_subject(wrong)
        if found is None or self._contradictions(found.mistakes, wrong) or self._is_spelled_right(found, wrong):
            return None
        return self._sign_of_a_given_number(wrong) or found if found.cause == "loss_sign" else found

    def _as_typed(self, wrong: Wrong) -> Diagnosis | None:
        """A mistake that predicts the value, and does not take another quantity than stands there."""
        found = self._by_subject(wrong)
        return None if found is None or self._is_spelled_right(found, wrong) else found

    def _in_this_update(self, wrong: Wrong) -> Diagnosis | None:
        """A mistake that is made in this update and was not made in those before it."""
        if wrong.subject is None:
            return None
        step, name = self.step_of(wrong.subject), wrong.subject.partition("@")[0].removesuffix("'")
        if step is None or step < 2 or (name not in self.network.trained and name not in self.network.states):
            return None
        for fits in (to_the_letter, partial(reads, exactly=True), reads):
            for mistake in self._trials.among(self._of_updates, step):
                value = self.predicted_in_this_update(wrong.subject, mistake)
                if value is not None and fits(wrong, value):
                    return self._found(mistake)
        return None

    def _is_spelled_right(self, found: Diagnosis, wrong: Wrong) -> bool:
        """Whether a mistake takes another weight (or activation) than the calculation, which has the right ones."""
        formula = self._formulas.of(wrong.subject) if wrong.subject is not None else None
        if formula is None:
            return False
        sides = [wrong.right] if wrong.right is not None and alone(wrong.right) is None else []
        sides += [wrong.left] if wrong.left is not None and not names_in(wrong.left) else []
        return any(others.spells(side, formula, found.mistakes, wrong.evaluate) for side in sides)

    def _sign_of_a_given_number(self, wrong: Wrong) -> Diagnosis | None:
        """A weight or an input put in without its sign, which is no matter of the loss."""
        found = wrong.misfit(self._formulas)
        given = {*self.network.start, *(name for row in self.network.rows for name in row)}
        is_given = found is not None and isinstance(found.wanted, Name) and found.wanted.name in given
        return self._operand(wrong) if found is not None and found.sign and is_given else None

    def _by_pairs(self, wrong: Wrong) -> Diagnosis | None:
        """Two mistakes that contradict nothing that was right before."""
        if wrong.digits < MIN_DIGITS_FOR_PAIRS and not self._is_rational(wrong.subject):
            return None
        found = self._by_subject(wrong, pairs=True)
        return found if found is not None and not self._contradictions(found.mistakes, wrong) else None

    def _is_rational(self, subject: str | None) -> bool:
        """Whether the right value is a rational number, and so what mistakes lead to may be one with few digits."""
        try:
            return subject is not None and type(value_of(self.truth, self.network.names.resolve(subject))) is fmpq
        except UNCOMPUTABLE:
            return False

    def _among_beliefs(self, wrong: Wrong) -> Diagnosis | None:
        """A mistake made with the numbers of earlier wrong lines."""
        plain = wrong.believed(())
        if plain is None:
            return None
        matching = []
        for mistake in self._trials.among(self.singles, self._step(wrong)):
            value = wrong.believed((mistake.slip,))
            if value is not None and reads(wrong, value) and differs(value, plain):
                matching.append((mistake,))
        return self._likeliest(matching, wrong)

    def _by_sides(self, wrong: Wrong) -> Diagnosis | None:
        singles = self._trials.among(self.reaching(self.singles, wrong.names), self._step(wrong))
        found = self._likeliest(((mistake,) for mistake in singles if wrong.holds((mistake.slip,))), wrong)
        return None if found is None or self._is_spelled_right(found, wrong) else found

    def _exchanged(self, wrong: Wrong) -> Diagnosis | None:
        """Another quantity of the same kind, to which a line gives this one's number."""
        subject = wrong.subject
        if subject is None or wrong.digits < MIN_DIGITS or not wrong.stated:
            return None
        if wrong.right is None or alone(wrong.right) is None or any(convolutions.kernel_flipped(self.network)):
            return None  # a calculation says more; a kernel that is turned round exchanges numbers, too
        try:
            quantity = self.network.names.resolve(subject)
            own = value_of(self.truth, quantity)
            near = {name for name, ends in wrong.stated[:MAX_SETTLED] if within(own, ends)}
            for cause, other in mixed_up(self.truth, quantity) if near else ():
                if str(other) in near and reads(wrong, value_of(self.truth, other), exactly=True):
                    return self._found(Mistake(cause, arithmetic.NOTHING), other=str(other))
        except UNCOMPUTABLE:
            pass
        return None

    def _mixed_up(self, wrong: Wrong) -> Diagnosis | None:
        if wrong.subject is None:
            return None
        try:
            quantity = self.network.names.resolve(wrong.subject)
        except ValueError:
            return None
        for cause, other in mixed_up(self.truth, quantity):
            try:
                if reads(wrong, value_of(self.truth, other), exactly=True):
                    return self._found(Mistake(cause, arithmetic.NOTHING), other=str(other))
            except UNCOMPUTABLE:
                continue
        return None

    # The likeliest of several

    def _likeliest(self, matching: Iterable[tuple[Mistake, ...]], wrong: Wrong) -> Diagnosis | None:
        """Of the mistakes that explain a relation the one that agrees best with the other lines of the file.

        Those that are right speak against it where it would have changed them; those that are wrong speak for it where
        it leads to them, too. A new value comes rather from a mistake in the update than from one before it, and what
        comes before all updates from another mistake; otherwise the order of the catalogue decides.
        """
        best: tuple[tuple[bool, int, int, bool], tuple[Mistake, ...]] | None = None
        subject = (wrong.subject or "").partition("@")[0].removesuffix("'")
        update = subject in self.network.trained or subject in self.network.states
        before = not update and self.step_of(wrong.subject or "") == 0
        for mistakes in matching:
            of_update = any(isinstance(mistake.slip, OF_UPDATES) for mistake in mistakes)
            elsewhere = update and not of_update
            confirmed = self._confirmations(mistakes, wrong) if wrong.interval is not None else 0
            rank = (before and of_update, self._contradictions(mistakes, wrong), -confirmed, elsewhere)
            if best is None or rank < best[0]:
                best = (rank, mistakes)
            if rank == (False, 0, 0, False) and (wrong.interval is None or not wrong.stated):
                break
        return self._found(*best[1]) if best is not None else None

    def _is_confirmed(self, mistakes: tuple[Mistake, ...], wrong: Wrong) -> bool:
        """Whether several wrong numbers of other lines come from the mistakes as well."""
        return self._confirmations(mistakes, wrong) >= MIN_CONFIRMED

    def _confirmations(self, mistakes: tuple[Mistake, ...], wrong: Wrong) -> int:
        """How many wrong numbers of other lines the mistakes lead to as well."""
        if len(mistakes) > 1:
            return 0
        return sum(self._leads_to(mistakes[0], subject, ends) for subject, ends in wrong.stated[:MAX_SETTLED])

    def _contradictions(self, mistakes: tuple[Mistake, ...], wrong: Wrong) -> int:
        """How many quantities that are right the mistakes would have changed."""
        return sum(any(self._changes(one, name, ends) for one in mistakes) for name, ends in wrong.settled)

    def _leads_to(self, mistake: Mistake, subject: str, ends: Ends) -> bool:
        value = self._elsewhere(mistake, subject)
        return value is not None and within(value, ends)

    def _changes(self, mistake: Mistake, subject: str, ends: Ends | None) -> bool:
        value = self._elsewhere(mistake, subject)
        return value is not None and (ends is None or not within(value, ends))

    def _elsewhere(self, mistake: Mistake, subject: str) -> Value | None:
        """What a mistake makes of the quantity of another line; None where that is the right value, or has none."""
        step = self.step_of(subject)
        if step is None or not self._trials.allows(mistake, step):
            return None
        return self.predicted(subject, mistake)


def _is_derived(name: str) -> bool:
    """Whether a name is a derivative or a new value, which mistakes in the derivation reach."""
    return "/" in name or name.startswith("delta") or "'" in name


def _is_zero(wrong: Wrong) -> bool:
    return wrong.interval is not None and wrong.interval[0] + wrong.interval[1] == 0
