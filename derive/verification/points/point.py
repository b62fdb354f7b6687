"""The quantities of a network at one point: at the spec's numbers, or at a random point near them.

A name (contract, section 2) is an address: which node, by which quantity, after how many updates, in which row.
:class:`Point` answers with the number there; :class:`Points` makes the worlds, each once per precision.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from hashlib import blake2b
from typing import Literal, TypeAlias

from flint import ctx, fmpq

from derive.arithmetic.numbers import plain, untraced
from derive.arithmetic.outcomes import Uncomputable
from derive.arithmetic.precision import is_tracing
from derive.arithmetic.reals import ZERO, Value
from derive.checked.kinks_held import middle
from derive.equations.batch import batch_of
from derive.naming.quantity import NamedQuantity
from derive.network import Network, number
from derive.network.graph import Use
from derive.records import record
from derive.verification.points.near_the_spec import NearEquations
from derive.verification.points.slips import Slip
from derive.verification.points.training import Training

POINTS = 3
"""This many random points decide an identity; the numbers at each are drawn from 2^60 ones."""
RADII = (fmpq(1, 8), fmpq(1, 2**16), fmpq(1, 2**48))
"""How far a random point is from the spec's: the second and third where the first leaves a domain."""
FREE = frozenset({"z", "a"})
"""Names of no quantity in which rules are stated: sigma'(z) = sigma(z)*(1 - sigma(z))."""
Held: TypeAlias = frozenset[tuple[str, fmpq]]
"""Parameters and inputs that keep a value; an input of several rows where it has it."""
NONE_HELD: Held = frozenset()
MAX_KEPT = 64
"""At most this many points near the spec's are kept."""
MAX_WORKED = 300
"""What at most this many formulas come to is kept at a point."""
MAX_SLIPPED = 1000
"""At most this many points with mistakes are kept."""


class NoQuantity(Uncomputable, ValueError):
    """A name stands for nothing here; says why."""


class Unsaid(NoQuantity):
    """A name belongs to one sample of several, and does not say to which."""


@record
class PointAddress:
    """Where a quantity's number is to be found.

    Attributes:
        kind: ``value`` of a node, ``derivative`` in one row, ``partial`` (by the formula's own names), ``loss`` and
            ``gradient`` of a batch, the learning ``rate``, a ``hyperparameter`` of the optimizer, a ``free`` variable.
        of, by: the node, and what it is differentiated by.
        step: after so many updates.
        row: of the data, from 1.
    """

    kind: Literal["value", "derivative", "partial", "loss", "gradient", "rate", "hyperparameter", "free"]
    of: str
    by: str = ""
    step: int = 0
    row: int = 1


class Addresses:
    """The addresses of a network's names, each found once."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[str, PointAddress] = {}
        self._updates = network.spec.training.iterations if network.spec.training.learning_rate is not None else 0

    def __getitem__(self, name: str) -> PointAddress:
        """The address of a name.

        Raises:
            NoQuantity: where no quantity has this name, or its row or step does not exist.
        """
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._find(name)
        return found

    def any_free(self, names: Iterable[str]) -> bool:
        """Whether one of the names is a variable that is no quantity."""
        return any(name in FREE and self[name].kind == "free" for name in names)

    def knows(self, word: str) -> bool:
        """Whether a word is a quantity's name."""
        return word in self._network.names.taken

    def needs_row(self, name: str) -> bool:
        """Whether the name belongs to one sample of several, and does not say to which."""
        try:
            self[name]
        except Unsaid:
            return True
        except NoQuantity:
            return False
        return False

    def takes_row(self, name: str) -> bool:
        """Whether the name says no row, and would be another number in another one."""
        try:
            return self[name].kind in ("loss", "gradient")
        except Unsaid:
            return True
        except NoQuantity:
            return False

    def alike(self, name: str) -> bool:
        """Whether the name is that of an output which is the same in all samples, and says none."""
        output = self._network.output
        return name.partition("@")[0] == output and output not in self._network.per_sample

    def _find(self, name: str) -> PointAddress:
        names, rows = self._network.names, len(self._network.rows)
        if name in FREE and name not in names.taken:
            return PointAddress("free", name)
        try:
            quantity = names.resolve(name)
        except ValueError as error:
            raise NoQuantity(str(error)) from None
        if quantity.shape != "scalar" or quantity.function:
            raise NoQuantity(f"{name}: a whole layer cannot stand here")
        step, row = quantity.step or 0, quantity.row
        if quantity.base == names.eta:
            return self._rate(name, quantity.by)
        if names.optimizer:
            self._check_training(name, quantity)
            if quantity.base in names.hyperparameters.values():
                return PointAddress("hyperparameter", quantity.base)
        if step > self._updates:
            raise NoQuantity(f"{name}: {_updates(self._updates)}")
        if row is not None and row > rows:
            raise NoQuantity(f"{name}: the data has {rows} row{'s' if rows > 1 else ''}")
        address = self._sampled(name, quantity.base, quantity.by or "", row, step)
        if name.startswith("∂") and self._stands_in(address.by, address.of):
            address = replace(address, kind="partial")
        return replace(address, step=step)

    def _check_training(self, name: str, quantity: NamedQuantity) -> None:
        """What the optimizer has of its own is no part of the loss, and only trained parameters have states."""
        names, network = self._network.names, self._network
        own = [base for base in (quantity.base, quantity.by) if base and self._is_of_training(base)]
        if own and quantity.by is not None:
            raise NoQuantity(f"{name}: {own[0]} belongs to the update, and has no derivative")
        if own and names.state_of(own[0]) is not None and own[0] not in network.states:
            raise NoQuantity(f"{name}: the parameter is not updated")

    def _is_of_training(self, base: str) -> bool:
        names = self._network.names
        return base in names.hyperparameters.values() or names.state_of(base) is not None

    def _stands_in(self, by: str, of: str) -> bool:
        """Whether a name stands in a node's own formula; by what does not, only the total derivative says anything."""
        node = self._network.graph.by_name.get(of)
        return node is not None and by in node.inputs

    def _rate(self, name: str, by: str | None) -> PointAddress:
        if by is not None or self._network.spec.training.learning_rate is None:
            raise NoQuantity(f"{name}: the spec has no learning rate" if by is None else f"{name}: eta is given")
        return PointAddress("rate", name)

    def _sampled(self, name: str, of: str, by: str, row: int | None, step: int) -> PointAddress:
        """Whose row is meant: the only one, the one that is said, the batch, or none where all rows agree."""
        network = self._network
        if row is not None or len(network.rows) == 1:
            return PointAddress("derivative" if by else "value", of, by, row=row or 1)
        reduced = not by or of in network.per_sample or by in network.parameters
        if of == network.output and by not in network.per_sample and reduced:
            return PointAddress("gradient", of, by) if by else PointAddress("loss", of)
        if of not in network.per_sample:
            return PointAddress("derivative" if by else "value", of, by)
        batch = batch_of(network, step)
        if len(batch) == 1:
            return PointAddress("derivative" if by else "value", of, by, row=batch[0])
        raise Unsaid(f"{name}: of which sample? write {name}[1]")


def _updates(count: int) -> str:
    if not count:
        return "without a learning rate nothing is updated"
    return f"the spec has {count} update{'s' if count > 1 else ''}"


class Point:
    """The numbers of a network at one point; ``slips`` may have gone into them."""

    def __init__(self, passes: Training, addresses: Addresses, free: Mapping[str, Value]) -> None:
        self.passes = passes
        self.addresses = addresses
        self.free = free
        self._values: dict[str, Value] = {}
        self._slipped: dict[tuple[Slip, ...], Point] = {}
        self.worked: dict[Hashable, Value] = {}
        """What formulas came to here."""

    def keep(self, formula: Hashable, value: Value) -> None:
        """Keep what a formula came to."""
        if len(self.worked) >= MAX_WORKED:
            self.worked.clear()
        self.worked[formula] = value

    def value(self, name: str) -> Value:
        """The number that a name stands for.

        Raises:
            NoQuantity, OutsideDomain, Undecided: where there is none.
        """
        found = self._values.get(name)
        if found is None:
            found = self._values[name] = untraced(self.at(self.addresses[name]))
        return found

    def with_slips(self, *slips: Slip) -> Point:
        """The same point with these mistakes made on the way; kept, because one line after the other is tried."""
        found = self._slipped.get(slips)
        if found is None:
            if len(self._slipped) >= MAX_SLIPPED:
                self._slipped.clear()
            found = Point(self.passes.with_slips(*slips), self.addresses, self.free)
            self._slipped[slips] = found
        return found

    def with_passes(self, passes: Training) -> Point:
        """The same point with other passes."""
        return Point(passes, self.addresses, self.free)

    def with_residue(self, name: str) -> Value:
        """The number of a name, with the residue that shows a tie, while these are taken along."""
        return self.at(self.addresses[name]) if is_tracing() else self.value(name)

    def at(self, address: PointAddress) -> Value:
        """The number at an address."""
        passes, of, by = self.passes, address.of, address.by
        match address.kind:
            case "value":
                return passes.at(address.step, address.row).value(of)
            case "derivative":
                return passes.at(address.step, address.row).derivative(of, by)
            case "gradient":
                return passes.gradient(by, address.step)
            case "loss":
                return passes.loss(address.step)
            case "partial":
                return self._partial(address)
            case "rate":
                assert passes.rate is not None
                return passes.rate
            case "hyperparameter":
                return passes.hyperparameters[of]
            case _:
                return self.free[of]

    def _partial(self, address: PointAddress) -> Value:
        """The derivative of a node's own formula, its other names held."""
        node = self.passes.graph.by_name[address.of]
        at = self.passes.at(address.step, address.row)
        total: Value = ZERO
        for position, name in enumerate(node.inputs):
            if name == address.by:
                total = total + at.local(Use(node, position))
        return total


class Points:
    """The worlds of one network: the truth, and random points near it.

    Attributes:
        toll: asked before points are used, with what tells them from others and how many there are; it may refuse.
        extents: of formulas at the truth, the powers of two of their smallest and largest parts.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.addresses = Addresses(network)
        self.toll: Callable[[Hashable, int], None] = _free
        self.extents: dict[Hashable, tuple[int, int]] = {}
        self._truths: dict[int, Point] = {}
        self._near: dict[tuple[int, Held, int], tuple[Point, ...]] = {}

    @property
    def truth(self) -> Point:
        """The world at the spec's numbers, at the current precision."""
        found = self._truths.get(ctx.prec)
        if found is None:
            found = self._truths[ctx.prec] = self._truth()
        return found

    def _truth(self) -> Point:
        network = self.network
        start = {name: number(given) for name, given in network.start.items()}
        rows = [{name: number(given) for name, given in row.items()} for row in network.rows]
        rate = network.spec.training.learning_rate
        passes = Training(network, start, rows, None if rate is None else number(rate))
        return Point(passes, self.addresses, {name: _drawn(name, "free", 0) for name in FREE})

    @cached_property
    def given(self) -> Mapping[fmpq, frozenset[str]]:
        """All rational numbers that parameters, inputs and the learning rate have, and which of them have it."""
        passes, found = self.truth.passes, dict[fmpq, set[str]]()
        for values in (
            passes.start,
            *passes.rows,
            {} if passes.rate is None else {self.network.names.eta: passes.rate},
            passes.hyperparameters,
        ):
            for name, value in values.items():
                if type(value) is fmpq:
                    found.setdefault(value, set()).add(name)
        return {value: frozenset(names) for value, names in found.items()}

    def is_target(self, name: str) -> bool:
        """Whether a name is a target, or is fixed, and keeps the value of the data at every point."""
        return self.addresses[name].of in self.network.held

    def is_given(self, address: PointAddress) -> bool:
        """Whether a quantity's number stands in the spec."""
        if address.kind == "value":
            return not address.step and address.of not in self.network.graph.by_name
        return address.kind in ("rate", "hyperparameter", "free")

    def near(self, held: Held = NONE_HELD, radius: int = 0) -> tuple[Point, ...]:
        """Random points near the truth; the parameters and inputs that are ``held`` at a value stay there."""
        key = (ctx.prec, held, radius)
        self.toll(key, POINTS)
        found = self._near.get(key)
        if found is None:
            if len(self._near) >= MAX_KEPT:
                self._near.clear()
            truth = self.truth
            equations = NearEquations(self.network, truth.passes)
            found = tuple(self._moved(truth, equations, key[1], RADII[radius], i) for i in range(POINTS))
            self._near[key] = found
        return found

    def _moved(self, truth: Point, equations: NearEquations, held: Held, radius: fmpq, point: int) -> Point:
        targets = self.network.held

        def move(name: str, value: Value, place: str) -> Value:
            if name in targets or (type(value) is fmpq and (name, value) in held):
                return value
            reach = (-value if value < 0 else value) + fmpq(1, 2)
            return middle(plain(value + radius * reach * _drawn(name, place, point)))

        passes = truth.passes
        start = {name: move(name, value, "start") for name, value in passes.start.items()}
        rows = [{name: move(name, value, f"row {r}") for name, value in row.items()}
                for r, row in enumerate(passes.rows)]  # fmt: skip
        rate = None if passes.rate is None else move(self.network.names.eta, passes.rate, "rate")
        free = {name: _drawn(name, "free", point) * (-2) ** point for name in FREE}
        moved = {name: move(name, value, "hyperparameter") for name, value in passes.hyperparameters.items()}
        near = Training(self.network, start, rows, rate, (), equations, hyperparameters=moved)
        return Point(near, self.addresses, free)


def _free(key: Hashable, times: int) -> None:
    """Points cost nothing."""


def _drawn(name: str, place: str, point: int) -> Value:
    """A number between 1/2 and 1, or its negative: random, and the same on every machine."""
    digest = int.from_bytes(blake2b(f"{name} {place} {point}".encode(), digest_size=8).digest(), "big")
    size = fmpq(2**62 + (digest >> 2), 2**63)
    return size if digest & 1 else -size
