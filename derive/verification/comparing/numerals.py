"""Reading a number as it is written in a claim (contract, section 5): exact, given by the spec, or rounded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from flint import fmpq

from derive.arithmetic.outcomes import OutsideDomain
from derive.arithmetic.reals import Value
from derive.expressions.tree import Number, walk
from derive.model import Given
from derive.network import Network
from derive.network import number as given_number
from derive.ops import ACTIVATIONS, LOSSES
from derive.records import record
from derive.verification.comparing.intervals import Interval
from derive.verification.reading.written_number import alone, digits_of, last_place, places_of, unit_of

HALF = fmpq(1, 2)
MANY_PLACES = 1000
SLACK_OF_STEPS = 10
"""Where the spec itself rounds every step, numbers drift by several units of their last place."""
SLIPS_FROM = 3
"""From so many significant digits on, one unit of the last place is forgiven."""


FractionKey: TypeAlias = tuple[int, int]


def key_of(value: fmpq) -> FractionKey:
    """What a fraction is found by: its own hash takes ten times as long."""
    return int(value.p), int(value.q)


def size_of(value: Value) -> Value:
    """The value without its sign."""
    return -value if value < 0 else value


@record
class Known:
    """A number that an earlier right line gave to a quantity: everything from what was written to the true value.

    ``places`` are the decimals with which it stood there: with more of them it says something else.
    """

    quantity: str
    span: Interval
    places: int


@dataclass(slots=True)
class Numerals:
    """What the numbers of one file of claims stand for.

    ``given`` are the numbers that stand in the spec, without their signs, and with how many decimals they do;
    ``slack`` is by how many units of their last place numbers inside a calculation may have slipped.
    """

    given: Mapping[FractionKey, int]
    known: dict[tuple[FractionKey, bool], list[Known]] = field(default_factory=dict)
    slack: int = 1
    wholes: dict[FractionKey, dict[str, bool]] = field(default_factory=dict)
    """The whole numbers, without their signs, and the quantities that are just that; whether as its negative."""
    ones: dict[str, Value] = field(default_factory=dict)
    """The quantities that an earlier line rounded to 1, and what they are; few other ones are one of them."""

    def another(self) -> Numerals:
        """The same for another file, with a memory of its own."""
        return Numerals(
            self.given, {key: list(knowns) for key, knowns in self.known.items()}, self.slack, ones=dict(self.ones)
        )

    def learn(self, quantity: str, number: Number, true: Value, *, negative: bool = False) -> None:
        """A right line gave ``number`` (or its negative) to the quantity whose value is ``true``."""
        whole = unit_of(number.written) is None
        size = -true if negative else true
        if whole and type(size) is fmpq and size == number.value:
            self.wholes.setdefault(key_of(number.value), {})[quantity] = negative
        if whole and number.value == 1 and size != 1:
            self.ones[quantity] = size
        if whole and number.value in (0, 1):
            return
        if type(size) is fmpq and size == number.value:
            span = Interval.point(size)
        else:
            span = Interval.point(number.value).hull(Interval.point(size))
        knowns = self.known.setdefault((key_of(number.value), whole), [])
        places = places_of(number.written)
        if all(known.quantity != quantity or known.places < places for known in knowns):
            knowns.append(Known(quantity, span, places))

    def latest(self, whole: fmpq) -> list[tuple[str, bool]]:
        """The quantities that are just this whole number, and whether as its negative, the latest first."""
        return list(reversed(self.wholes.get(key_of(whole), {}).items()))

    def of(self, number: Number) -> Sequence[Known]:
        """What earlier lines gave with this number."""
        if not self.known:
            return ()
        knowns = self.known.get((key_of(number.value), unit_of(number.written) is None), ())
        return [known for known in knowns if known.places >= places_of(number.written)] if knowns else ()


@record
class Reading:
    """How the numbers of one chain are read.

    Attributes:
        names: of all quantities that the chain names.
        computed: the absolute values of the computed ones among them.
        named: the absolute values of the given ones among them, and of those in the steps of the computed ones.
        new: the value among the computed ones that the chain is about: it is no part of its own calculation.
        near: the computed numbers of the same pass that are as near to a number as it is said.
    """

    numerals: Numerals
    names: Collection[str]
    computed: tuple[Value, ...]
    named: Mapping[FractionKey, fmpq] = field(default_factory=dict)
    new: tuple[Value, ...] = ()
    near: Callable[[fmpq, fmpq], Sequence[Value]] = lambda value, reach: ()

    def slipped(self, number: Number) -> Interval:
        """A number inside a calculation, less strictly read.

        Where it stands in the spec, it may be what rounds to it all the same; otherwise its last place may have slipped
        by a unit, and a whole number may be what an earlier line gave as a decimal (2 for 2.0).
        """
        unit = unit_of(number.written)
        span = self.part(number)
        if unit is None:
            for known in self.numerals.known.get((key_of(number.value), False), ()):
                span = span.hull(known.span)
            return span
        if key_of(number.value) in self.named or self._is_exactly_known(number):
            return span
        if self._is_given(number, unit):
            for value in self.near(number.value, unit * HALF):
                span = span.hull(Interval.point(value))
            return span
        span = span.hull(Interval.around(number.value, unit * HALF))
        return span if digits_of(number.written) < SLIPS_FROM else span.wider(unit * self.numerals.slack)

    def _is_exactly_known(self, number: Number) -> bool:
        """Whether it is, to the last digit, what an earlier line gave to a quantity of the chain."""
        knowns = [known for known in self.numerals.of(number) if known.quantity in self.names]
        return bool(knowns) and all(known.span.is_point for known in knowns)

    def part(self, number: Number) -> Interval:
        """A number inside a calculation."""
        unit = unit_of(number.written)
        knowns = self.numerals.of(number)
        if knowns:
            return self._known(number, unit, knowns)
        if unit is None or key_of(number.value) in self.named or self._is_given(number, unit):
            return Interval.point(number.value)
        return Interval.around(number.value, unit * HALF)

    def meant(self, number: Number, parts: Sequence[Interval]) -> tuple[Interval, ...]:
        """A number inside a calculation as just what is written, or as the quantities and parts that round to it."""
        rounded, unit = self.part(number), unit_of(number.written)
        if unit is None:
            return (rounded,)
        if rounded.is_point:
            parts = ()
        known = [end for known in self.numerals.of(number) for end in known.span]
        others = () if rounded.is_point else self.near(number.value, unit * HALF)
        near = (*self.computed, *self.named.values(), *others)
        values = (number.value, *known, *(size_of(value) for value in near if _rounds_to(value, number.value, unit)))
        found = [Interval.point(value) for value in _different(values)]
        for part in parts:
            size = -part if part.high < 0 else part
            if size.low > 0 and size.meets(rounded):
                found.append(
                    size if size.is_point else Interval(max(size.low, rounded.low), min(size.high, rounded.high))
                )
        return tuple(found)

    def roundings(self, number: Number, parts: Sequence[Value], *, named: bool) -> list[Value]:
        """The quantities among ``parts`` and (``named``) the computed ones of the chain that round to a number.

        Without their signs, and without those that are the number itself.
        """
        unit = last_place(number.written)
        pool = (*(self.computed if named else ()), *parts)
        rounded = (value for value in pool if _rounds_to(value, number.value, unit))
        parted = (size_of(value) for value in rounded if not self._is_new(value))
        return [size for size in _different(list(parted)) if size != number.value]

    def stands_in_the_spec(self, value: Value) -> bool:
        """Whether a computed number is one of the spec's own, which nobody rounds: the weight that dz/da is."""
        return type(value) is fmpq and key_of(abs(value)) in self.numerals.given

    def result(self, number: Number, *, approximate: bool = False) -> Interval:
        """A number that is one side of a relation."""
        unit = unit_of(number.written)
        if unit is None:
            if not approximate or number.value == 0:
                return Interval.point(number.value)
            rounded = Interval.around(number.value, last_place(number.written) * HALF)
            for known in self.numerals.of(number):
                rounded = rounded.hull(known.span) if known.quantity in self.names else rounded
            for name in self.names if number.value == 1 else ():
                rounded = rounded.hull(Interval.point(self.numerals.ones.get(name, fmpq(1))))
            return rounded
        if not approximate and not self.computed and self._is_given(number, unit):
            return Interval.point(number.value)
        rounded = Interval.around(number.value, unit * HALF)
        for known in self.numerals.of(number):
            rounded = rounded.hull(known.span)
        return rounded

    def _known(self, number: Number, unit: fmpq | None, knowns: Sequence[Known]) -> Interval:
        """What earlier lines gave; and all that rounds to it, unless the chain shows it to be a number of its own."""
        span = Interval.point(number.value)
        for known in knowns:
            span = span.hull(known.span)
        if unit is None or key_of(number.value) in self.named or any(known.quantity in self.names for known in knowns):
            return span
        return span if self._is_given(number, unit) else span.hull(Interval.around(number.value, unit * HALF))

    def _is_given(self, number: Number, unit: fmpq) -> bool:
        """Whether the decimal stands in the spec, and no computed quantity of the chain rounds to it.

        One with more decimals than there (0.2500 for 0.25) was computed and rounded.
        """
        if places_of(number.written) > self.numerals.given.get(key_of(number.value), -1):
            return False
        return not any(_rounds_to(value, number.value, unit) for value in self.computed if self._is_a_part(value))

    def _is_a_part(self, value: Value) -> bool:
        """Whether a computed number may be rounded inside this calculation."""
        return not self.stands_in_the_spec(value) and not self._is_new(value)

    def _is_new(self, value: Value) -> bool:
        """Whether it is the number that the chain's own update leads to, wherever it was worked."""
        return any(value is new or not (value < new or value > new) for new in self.new)


def _different(values: Sequence[Value]) -> Sequence[Value]:
    found: list[Value] = []
    for value in values:
        if not any(other is value or not (other < value or other > value) for other in found):
            found.append(value)
    return found


def _rounds_to(value: Value, number: fmpq, unit: fmpq) -> bool:
    size = size_of(value)
    return bool(size >= number - unit * HALF and size <= number + unit * HALF)


def numerals_of(network: Network) -> Numerals:
    """Numbers as the spec lets them be read: its own decimals are exact."""
    found: dict[FractionKey, int] = {}
    for value, places in _given(network):
        size = key_of(abs(value))
        found[size] = max(places, found.get(size, 0))
    drifting = network.spec.numbers.rounding == "step"
    return Numerals(found, slack=SLACK_OF_STEPS if drifting else 1)


def _given(network: Network) -> Iterator[tuple[fmpq, int]]:
    """Every rational number that stands in the spec, and its decimals."""
    for given in _written(network):
        try:
            value = given_number(given)
        except OutsideDomain:
            continue
        if type(value) is fmpq:
            number = alone(given.expression)
            yield value, places_of(number.written) if number is not None else 0
    yield from ((value, MANY_PLACES) for value in _defaults(network))
    spec = network.spec
    trees = [tree for _, tree in spec.graph.nodes] if spec.graph else []
    if spec.network is not None:
        trees += [layer.activation.expression for layer in spec.network.layers if layer.activation.expression]
        trees += [spec.network.loss.expression] if spec.network.loss.expression else []
    for tree in trees:
        yield from ((part.value, places_of(part.written)) for part in walk(tree) if isinstance(part, Number))


def _written(network: Network) -> Iterator[Given]:
    yield from network.start.values()
    for row in network.rows:
        yield from row.values()
    spec = network.spec
    yield spec.conventions.relu_at_zero
    if spec.training.learning_rate is not None:
        yield spec.training.learning_rate
        yield from network.hyperparameters.values()
    if spec.network is not None:
        for layer in spec.network.layers:
            yield from (given for _, given in layer.activation.parameters)
        yield from (given for _, given in spec.network.loss.parameters)


def _defaults(network: Network) -> Iterator[fmpq]:
    """The parameters that the spec leaves at their defaults: the slope 0.01 of a leaky relu."""
    net = network.spec.network
    if net is not None:
        for layer in net.layers:
            if layer.activation.expression is None:
                yield from ACTIVATIONS[layer.activation.name].parameters.values()
        if net.loss.expression is None:
            yield from LOSSES[net.loss.name].parameters.values()
