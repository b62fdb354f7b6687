"""The second opinion: every gradient checked by a route that does not use our chain rule.

All quantities at once: each leaf and each node is moved by its own random amount, and the change of the loss, as a
central difference quotient at high precision, must be the sum of gradient × amount. Parameters that a document works in
full are checked one by one as well, and small networks against ``sympy.diff`` of the composed loss. Kinks keep their
side (a value exactly on one follows the slope of the stated convention); sequential updates, which are no gradient of
any one loss, are checked by a matrix recursion with difference quotients for the slopes.

The idea of checking all gradients by one directional difference is that of ``check_grads`` in HIPS/autograd.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import floor, log10
from typing import NoReturn, TypeAlias

from flint import arb, ctx, fmpq, fmpz

from derive.arithmetic.elementary import quotient
from derive.arithmetic.numbers import BOUND_DIGITS, as_ball, is_zero, plain, settled, untraced
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import is_tracing, precision, tracing
from derive.arithmetic.reals import Value
from derive.checked.by_objective import batch_loss, penalty_slope, share
from derive.checked.coupled_rows import CoupledLosses
from derive.checked.kinks_held import HeldForward, ValuesByName, kinked_nodes, middle
from derive.checked.magnitudes import digits_to_see, power_of_ten
from derive.checked.many_samples import FINEST, MIN_TOGETHER, ManyLosses, ManySamples, bits_below_one, size_of
from derive.checked.opinion import DifferenceQuotient, Opinion, SmallChange
from derive.checked.small_changes import small_changes, told_unit, unit_raised
from derive.equations.batch_graph import BatchGraph
from derive.equations.run import Iteration, Run, Sample, mapped
from derive.errors import FAULT, DeriveError
from derive.network.graph import Graph

REQUIRED_DIGITS = 12
"""Two routes agree where they differ by less than 10^-12 of the size of what is compared."""
BOUND = arb(fmpq(1, fmpz(10) ** REQUIRED_DIGITS))
READABLE_STEP = fmpq(1, 10**4)
READABLE_TRIES = 10
MAX_TRIED = 12
"""At most this many parameters are tried for the quotient that is worked."""
READABLE_BOUND = arb(fmpq(1, 10**4))
MAX_READABLE_DIGITS = 30
"""At most this many digits of a number that is worked on the page."""
UNSEEN = arb(2) ** -FINEST
"""Of what is smaller than this, it is enough that both routes find it so small."""
SYMPY_DIGITS = 30
"""So many significant digits of each line have to agree where SymPy works it, too."""
PATIENCE = 2048
"""A disagreement is believed once so many bits were used: smaller steps rule out a mere truncation error."""

MAX_AT_ONCE = 4
"""At most this many parameters move in one pass over the data: the losses of all its rows are kept for each."""
MAX_UPDATES = 1_000
"""At most this many updates are worked again in an iteration: of more, some from all over, and others each time."""
Route: TypeAlias = Value | Callable[[fmpq], Value]


def check(run: Run, shown: Iterable[str] = (), *, symbolic: bool = True, sample: int = 0) -> Opinion:
    """Check every gradient of a run at the current precision.

    ``shown`` names parameters that are checked one by one in the first iteration as well; ``sample`` is the one of it
    that is worked in full.

    Raises:
        DeriveError: where the routes disagree; nothing may be printed then.
        Undecided: where a higher precision is needed to tell.
    """
    bits, traced = ctx.prec, is_tracing()
    with precision(2 * bits), tracing(False):
        try:
            return _Check(run, bits, traced).opinion(tuple(shown), symbolic, sample)
        except OutsideDomain:
            raise Undecided from None


class _Check:
    """One check; ``step`` is the h of its differences."""

    def __init__(self, run: Run, bits: int, traced: bool) -> None:
        self.traced = traced
        self.residues = run
        self.run = mapped(run, untraced) if traced else run
        self.network = run.network
        self.bits = bits
        self.step = fmpq(1, fmpz(2) ** (bits // 2))
        chance = random.Random(20261122)  # noqa: S311 - any fixed direction will do
        names = (*self.network.graph.leaves, *(node.name for node in self.network.graph.nodes))
        self.amounts = {name: _amount(chance) for name in names}
        rows = self._batch(run.iterations[0]).graph if self.network.couples_rows else None
        self.kinked = kinked_nodes(self.network, rows)
        self.worst = arb(0)
        self.compared = 0
        self.alone = 0

    def opinion(self, shown: tuple[str, ...], symbolic: bool, worked: int = 0) -> Opinion:
        sequential = self.network.spec.sequential
        if sequential:
            from derive.checked.by_recursion import sequential_gradients

            for place, iteration in enumerate(self.run.iterations):
                self._same(iteration, sequential_gradients(self.run, place))
        else:
            for iteration, known in zip(self.run.iterations, self.residues.iterations, strict=True):
                if self.network.couples_rows:
                    self._rows_together(iteration, known)
                else:
                    self._directions(iteration, known)
                self._reduction(iteration)
        self._updates()
        third = symbolic and not sequential and self._symbolic()
        parameters = len(self.network.parameters)
        if not sequential and not self.kinked:
            self._one_by_one(shown)
        quotients = self._worked_quotient(shown, sequential) if shown else ()
        passes = (parameters + 1, 2 * parameters)
        changes = {**self._small_changes(shown, sequential), **self._unit_raised(shown, worked)}
        return Opinion(self._digits(), self.compared, self.alone, quotients, passes, third, changes=changes)

    def _small_changes(self, shown: tuple[str, ...], sequential: bool) -> Mapping[str, SmallChange]:
        """What small changes do; in the sequential order only the last layer's gradients predict it."""
        if sequential:
            last = self.network.layers[-1]
            shown = tuple(name for name in shown if name in last.parameter_names)
        first = self.residues.iterations[0]
        if not shown:
            return {}
        with tracing(self.traced):
            losses = self._losses([sample.row for sample in first.samples], first.parameters)
            return small_changes(self.network, first, losses, shown)

    def _unit_raised(self, shown: tuple[str, ...], worked: int) -> Mapping[str, SmallChange]:
        """What raising the weighted input of one output unit does to the loss of the sample that is worked in full."""
        z = told_unit(self.network, shown)
        if z is None or not shown or self.network.couples_rows:
            return {}
        first = self.residues.iterations[0]
        sample = first.samples[worked]
        with tracing(self.traced):
            losses = self._losses([sample.row], first.parameters)
            return unit_raised(z, self.network.output, sample, losses)

    def _worked_quotient(self, shown: tuple[str, ...], sequential: bool) -> tuple[DifferenceQuotient, ...]:
        """The numerical method for the first shown parameter, or for another one where that has none.

        In the sequential order only the last layer's gradients are derivatives of the loss.
        """
        names: Iterable[str] = (*shown, *self.network.parameters[:MAX_TRIED])
        if sequential:
            last = self.network.layers[-1]
            own = (*last.weight_names[:MAX_TRIED], *last.bias_names)
            names = (*(name for name in shown if name in {*last.weight_names, *last.bias_names}), *own)
        gradients = self.run.iterations[0].gradients
        first, *others = tuple(dict.fromkeys(names))[:MAX_TRIED]
        found = self._readable(first)
        others = [name for name in others if not is_zero(gradients[name])]
        return found or next((quotients for name in others if (quotients := self._readable(name))), ())

    def _directions(self, iteration: Iteration, known: Iteration) -> None:
        """The derivatives of every sample's loss; ``known``: the iteration with residues."""
        amounts = self._sized(iteration.parameters, self.amounts)
        left: Sequence[tuple[Sample, Sample]] = tuple(zip(iteration.samples, known.samples, strict=True))
        if len(left) >= MIN_TOGETHER and not self.traced:
            many = ManySamples(self.network, iteration, amounts, step=self.step, bound=BOUND, kinked=self.kinked)
            worst, agreed, left = many.directions(left)
            if not worst < self.worst:
                self.worst = worst
            self.compared += sum(len(sample.gradients) for sample in agreed)
        for sample, base in left:
            own = {name: value for name, value in sample.values.items() if name not in iteration.parameters}
            self._direction(iteration, sample, base.values, self._sized(own, amounts))

    def _batch(self, iteration: Iteration) -> BatchGraph:
        return BatchGraph(self.network, tuple(sample.row for sample in iteration.samples))

    def _rows_together(self, iteration: Iteration, known: Iteration) -> None:
        """All derivatives of a batch whose rows read one another: of all losses, by every quantity of every row."""
        batch = self._batch(iteration)
        values, base = (
            {**one.parameters, **batch.joined([sample.values for sample in one.samples])} for one in (iteration, known)
        )
        gradients = batch.joined([sample.gradients for sample in iteration.samples])
        chance = random.Random(20261122)  # noqa: S311 - any fixed direction will do
        amounts = self._sized(values, {name: _amount(chance) for name in values})
        self._direction(iteration, Sample(0, values, gradients), base, amounts, batch.graph)

    def _direction(
        self, iteration: Iteration, sample: Sample, base: ValuesByName, amounts: Mapping[str, arb],
        graph: Graph | None = None,
    ) -> None:  # fmt: skip
        """All derivatives of one sample's loss in one random direction: ``amounts``.

        ``base`` are the sample's values that say on which side of a kink it is, with residues where needed. In the
        ``graph`` of a batch the samples are one.
        """
        expected = scale = arb(0)
        for name, gradient in sample.gradients.items():
            part = gradient * amounts[name]
            expected, scale = expected + part, scale + abs(part)
        with tracing(self.traced):
            kinked = kinked_nodes(self.network, graph) if graph else self.kinked
            forward = HeldForward(self.network, sample.values, base, kinked, graph)
        finer = bits_below_one(scale)

        def slope(step: fmpq) -> Value:
            with precision(ctx.prec + 3 * finer):
                small = arb(step) * arb(2) ** -finer
                moves = {name: small * amounts[name] for name in sample.gradients}
                return (forward.loss(moves, 1) - forward.loss(moves, -1)) / (2 * small)

        self._agree(slope, expected, scale, f"sample {sample.row}, iteration {iteration.number}")
        self.compared += len(sample.gradients)

    def _sized(self, values: ValuesByName, amounts: Mapping[str, arb]) -> Mapping[str, arb]:
        """The amounts, in proportion for very large and very small values."""
        sizes = {name: size for name, value in values.items() if (size := size_of(value)) is not None}
        return {name: amount * sizes.get(name, 1) for name, amount in amounts.items()} if sizes else amounts

    def _reduction(self, iteration: Iteration) -> None:
        """The batch's gradients, computed again from the samples' gradients."""
        count = len(iteration.samples)
        if count == 1 and not self.network.penalties:
            return
        each = share(self.network, [sample.values for sample in iteration.samples])
        for name, gradient in iteration.gradients.items():
            total = as_ball(penalty_slope(self.network, name, iteration.parameters[name]))
            for sample in iteration.samples:
                total += sample.gradients[name] * each
            self._agree(total, gradient, abs(as_ball(gradient)), f"the batch's gradient by {name}")

    def _updates(self) -> None:
        """The updates, worked again from the gradients by another statement of the optimizer."""
        from derive.checked.by_recursion import updates

        for name, iteration, value, other in updates(self.run, MAX_UPDATES):
            if not is_zero(value - other):
                scale = abs(as_ball(value)) + abs(as_ball(other))
                self._agree(other, value, scale, f"the update of {name} in iteration {iteration}")

    def _same(self, iteration: Iteration, other: Mapping[str, Value]) -> None:
        for name, gradient in iteration.gradients.items():
            scale = abs(as_ball(gradient)) + abs(as_ball(other[name]))
            self._agree(other[name], gradient, scale, f"the gradient by {name}")
            self.compared += 1

    def _agree(self, route: Route, other: Value, scale: Value, what: str) -> None:
        """Note how closely a route agrees with the chain rule. Where it does not, everything stops.

        ``route`` is a value, or a difference quotient as a function of its step.
        """
        one = route(self.step) if callable(route) else route
        relative = _relative(one, other, scale)
        if relative > BOUND:
            self._disagree(route, one, what)
        if not relative < BOUND:
            if _unseen(one) and _unseen(other):
                return
            raise Undecided
        if not relative < self.worst:
            self.worst = relative

    def _disagree(self, route: Route, one: Value, what: str) -> NoReturn:
        """A disagreement is believed where a smaller step gives the same quotient again: no truncation error."""
        settles = not callable(route) or _relative(route(self.step / 256), one, one) < BOUND
        if not settles or self.bits < PATIENCE:
            raise Undecided
        raise DeriveError(
            self.network.spec.path,
            f"two independent routes disagree on {what}: nothing is printed",
            FAULT,
        )

    def _digits(self) -> int:
        top = float(self.worst.upper()) if not self.worst.is_zero() else 0.0
        found = min(floor(-log10(top)), self.bits // 4) if top > 0 else self.bits // 4
        return min(found, BOUND_DIGITS)

    def _losses(self, rows: Sequence[int], parameters: ValuesByName) -> ManyLosses | CoupledLosses:
        return (CoupledLosses if self.network.couples_rows else ManyLosses)(self.network, rows, parameters)

    def _objective(self, parameters: ValuesByName, name: str, change: Value, losses: Sequence[Value]) -> Value:
        """The objective of the rows with one parameter changed."""
        return batch_loss(self.network, losses, {**parameters, name: parameters[name] + change})

    def _one_by_one(self, names: Sequence[str]) -> None:
        """The derivatives of the batch's loss by some parameters, each as a central difference."""
        first = self.run.iterations[0]
        parameters = {n: middle(value) for n, value in first.parameters.items()}
        losses = self._losses([sample.row for sample in first.samples], parameters)

        def slopes(some: Sequence[str], step: fmpq) -> list[Value]:
            moves = [(name, step * (size_of(first.parameters[name]) or arb(1))) for name in some]
            both = [(name, sign * change) for name, change in moves for sign in (1, -1)]
            found = losses.losses(both)
            batch = [
                self._objective(parameters, name, change, rows)
                for (name, change), rows in zip(both, found, strict=True)
            ]
            return [
                (above - below) / (2 * change)
                for above, below, (_, change) in zip(batch[::2], batch[1::2], moves, strict=True)
            ]

        for start in range(0, len(names), MAX_AT_ONCE):
            some = names[start : start + MAX_AT_ONCE]
            for name, found in zip(some, slopes(some, self.step), strict=True):
                gradient = first.gradients[name]

                def slope(step: fmpq, name: str = name, found: Value = found) -> Value:
                    return found if step == self.step else slopes((name,), step)[0]

                self._agree(slope, gradient, abs(as_ball(gradient)) + 1, f"the gradient by {name}")
                self.alone += 1

    def _readable(self, name: str) -> tuple[DifferenceQuotient, ...]:
        """The numerical method for one parameter with a step that a reader can follow.

        The step is a power of ten in proportion to the parameter, smaller where the quotient would miss the derivative
        or leave a domain. Nothing where no such step does: on a kink the quotient is not the convention's slope.
        """
        gradient = self.run.iterations[0].gradients[name]
        h = READABLE_STEP * min(fmpq(1), power_of_ten(self.run.iterations[0].parameters[name]))
        for _ in range(READABLE_TRIES):
            found = self._quotient(name, h)
            if found is not None and _relative(found.value, gradient, gradient) < READABLE_BOUND:
                return (found,)
            h = h / 10
        return ()

    def _quotient(self, name: str, h: fmpq) -> DifferenceQuotient | None:
        first = self.residues.iterations[0]
        rows = [sample.row for sample in first.samples]
        try:
            with tracing(self.traced):
                found = self._losses(rows, first.parameters).losses([(name, h), (name, -h)])
                above, below = (
                    self._objective(first.parameters, name, change, one)
                    for change, one in zip((h, -h), found, strict=True)
                )
        except OutsideDomain:  # the step has left the domain of a function
            return None
        rise = above - below
        digits = digits_to_see(plain(rise), plain(above))
        if digits > MAX_READABLE_DIGITS:
            return None
        gradient = self.run.iterations[0].gradients[name]
        return DifferenceQuotient(
            name, h, settled(above), settled(below), settled(quotient(rise, 2 * h)), gradient, digits
        )

    def _symbolic(self) -> bool:
        """The composed loss of a small network, differentiated by SymPy and put beside the chain rule's values."""
        from derive.checked.by_sympy import composed_gradients, small

        if not small(self.network):
            return False
        first = self.run.iterations[0]
        found = composed_gradients(self.network, first)
        if found is None:
            return False
        for name, other in found.items():
            gradient = first.gradients[name]
            self._agree(other, gradient, abs(as_ball(gradient)) + 1, f"sympy.diff by {name}")
        return True


def _relative(one: Value, other: Value, scale: Value) -> arb:
    """The difference of two values in proportion to ``scale``; of gradients that are exactly 0, the difference."""
    difference = plain(abs(as_ball(one) - other))
    if difference.is_zero():
        return difference
    size = plain(abs(as_ball(scale)))
    return difference / size if size > 0 else difference


def _unseen(value: Value) -> bool:
    """Whether a value is certainly too small for a difference of losses to show it."""
    return bool(abs(as_ball(value)) < UNSEEN)


def _amount(chance: random.Random) -> arb:
    """A random amount between 1/4 and 1, with a random sign."""
    amount = arb(fmpq(chance.getrandbits(16) | 1 << 14, 1 << 16))
    return amount if chance.getrandbits(1) else -amount
