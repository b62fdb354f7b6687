"""Which value a parameter's name means: the old one or the new one.

``p := …`` and ``p ← …`` give the new value. With ``=`` a chain about a parameter means its new value where it holds
the parameter and its step, or ends in the new value. After an update the old name may mean either value: below
``v := mu*v + dE/dw``, ``w := w - eta*v`` takes the new velocity. Each chain has one meaning: of those that are possible
the first one that holds is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from flint import fmpq

from derive.expressions.tree import Expr, Name, Negative, Number, Sum, names_in, substitute
from derive.model import GraphRow
from derive.naming.quantity import NamedQuantity
from derive.network import Network
from derive.patterns import regex
from derive.records import record
from derive.verification.judging.cues import Cues
from derive.verification.reading import Chain, Matrix, Side, SideContent

NEW = "read_as_new"
"""A plain name means the value after an update."""
AS_SLOPE = "read_as_slope"
"""A plain name means the derivative of the loss with respect to it."""
_OLD = regex(r"(?<![^\W_])(?:old|alt|prev)(?![^\W_])")
"""What says that a name is the value before the update."""
MAX_NAMES = 500
"""A side with at most this many names is tried in several meanings; with more it has the plain one only."""


AT_START = "@0"
"""What stands behind a name that means the value before any update."""
MAX_SIDES = 6
"""In a chain of at most this many sides a state is looked for that is the new one in some and the old one in others."""


@record
class Meaning:
    """A chain with its names as they are meant; ``reading`` is the sentence of the note where that is not plain."""

    chain: Chain
    reading: str = ""


NO_CUES = Cues()


class Updates:
    """The updates that one file has made so far."""

    def __init__(self, network: Network, cues: Cues = NO_CUES) -> None:
        self._network = network
        self._cues = cues
        self._names = network.names
        self._iterations = network.spec.training.iterations
        learns = network.spec.training.learning_rate is not None
        self._trained = frozenset((*network.trained, *network.states)) if learns else frozenset[str]()
        self._states = frozenset(network.states)
        self._states_of: dict[str, list[str]] = {}
        for name, (_, parameter) in network.states.items():
            self._states_of.setdefault(parameter, []).append(name)
        states = {name: network.optimizer.states[key].start for name, (key, _) in network.states.items()}
        self._start: Mapping[str, fmpq | object] = {**network.exact_start, **states} if learns else {}
        self._made: dict[str, int] = {}
        self._tried: dict[str, int] = {}
        self._first: int | None = None
        self._confirmed: set[int] = set()
        """Where a text says how many updates have been made, and a line below it is right only so."""
        self._derived = self._lists_slopes = False
        self._parameters = frozenset(self._names.parameters)
        self._late = network.spec.sequential
        self._known: dict[str, NamedQuantity | None] = {}
        self._moving: dict[str, NamedQuantity | None] = {}

    def meanings(self, chain: Chain) -> tuple[Meaning, ...]:
        """What a chain may mean, the likeliest first; where none holds, it is judged as the first."""
        counted = self._counted_above(chain)
        if counted:
            return tuple(replace(meaning, reading=NEW) for one in counted for meaning in self._by_updates(one))
        plain = (*self._by_updates(chain), *self._before_updates(chain))
        slopes = self._as_slopes(chain)
        return (*slopes, *plain) if self._lists_slopes else (*plain, *slopes)

    def _counted_above(self, chain: Chain) -> tuple[Chain, ...]:
        """A chain in which what stands above a parameter counts values, from 0 or from 1: ``w^{(1)} = 0.5 - 0.1``.

        A parameter is the same in all samples, so that it counts nothing else.
        """
        rows: dict[str, tuple[NamedQuantity, int]] = {}
        for name in _named(chain) if self._trained else ():
            quantity = self._quantity(name)
            if quantity is not None and quantity.row and quantity.by is None and quantity.base in self._trained:
                rows[name] = quantity, quantity.row
        if not rows:
            return ()
        found: list[Chain] = []
        for first in (0, 1):
            names: dict[str, Expr] = {}
            for name, (quantity, row) in rows.items():
                plain = replace(quantity, row=None, step=row - first or None, updated=row > first)
                names[name] = Name(str(plain) if row > first else f"{plain}{AT_START}")
            sides = tuple(replace(side, expr=_substituted(side.expr, names)) for side in chain.sides)
            found.append(replace(chain, sides=sides))
        return tuple(found)

    def _as_slopes(self, chain: Chain) -> tuple[Meaning, ...]:
        """What a chain means in which a colon stands behind a parameter: in a list of gradients it is its own."""
        names, loss = _alone(chain.sides[0].expr), self._names.loss or self._names.graph_output
        if not chain.relations[0].colon or not loss or not names or not all(name in self._parameters for name in names):
            return ()
        slopes: dict[str, Expr] = {name: Name(f"d{loss}/d{name}") for name in names}
        first = replace(chain.sides[0], expr=_substituted(chain.sides[0].expr, slopes))
        return (Meaning(replace(chain, sides=(first, *chain.sides[1:])), AS_SLOPE),)

    def _by_updates(self, chain: Chain) -> tuple[Meaning, ...]:
        target = self._target(chain)
        place = chain.relations[0].start.offset
        said, perhaps = self._cues.step(place), self._cues.perhaps(place)
        as_said = self._at(chain, target, said) if said else self._not_said(chain, target)
        if perhaps is None:
            return as_said
        there = self._at(chain, target, perhaps.step)
        return (*there, *as_said) if perhaps.offset in self._confirmed else (*as_said, *there)

    def _not_said(self, chain: Chain, target: int | None) -> tuple[Meaning, ...]:
        """What a chain means where nothing says how many updates have been made."""
        if target is None:
            plain: tuple[Meaning, ...] = (Meaning(chain),)
            anew = tuple(self._anew(chain))
            numbers = any(_number(entry) is not None for side in chain.sides for entry in _entries(side.expr))
            return (*(anew + plain if numbers else plain + anew), *self._after_updates(chain))
        new = tuple(self._new(chain, target))
        if chain.relations[0].updates:
            says_step = chain.relations[0].text
            changes = self._derived or says_step or self._is_a_step(chain, target)
            old = () if changes and new else (Meaning(chain),)
            return (*new, *old)
        plain = (Meaning(chain), *self._anew(chain), *self._after_updates(chain))
        if not self._is_a_step(chain, target):
            return (*new, *plain) if self._is_a_new_state(chain, target) else (*plain, *new)
        return new if self._is_due(chain, target) else (*new[:1], *plain, *new[1:])

    def _at(self, chain: Chain, target: int | None, step: int) -> tuple[Meaning, ...]:
        """What a chain means where the text says how many updates have been made."""
        if step < self._iterations and not self._cues.counted and any(map(self._is_new, _named(chain))):
            return Meaning(self._next(chain, step), NEW), Meaning(chain)
        moved = self._changed(chain, lambda _, q: step)
        plain = Meaning(moved, NEW if moved is not chain else "")
        if target is None or step >= self._iterations:
            return (plain,)
        new = Meaning(_in_numbers(self._stepped(chain, target, step, frozenset()), chain, target), NEW)
        now = Meaning(_in_numbers(self._changed(chain, lambda i, _: step + (i == target)), chain, target), NEW)
        begun = any(made > step for made in self._made.values())
        if chain.relations[0].updates or self._is_a_step(chain, target) or begun:
            return now, new, plain  # beside a new value of this step another one is likelier than an old one
        return plain, now, new

    def _is_new(self, name: str) -> bool:
        """Whether a name is the value of a parameter after one update: ``w'``."""
        quantity = self._quantity(name)
        return quantity is not None and quantity.by is None and quantity.base in self._trained and quantity.step == 1

    def _next(self, chain: Chain, step: int) -> Chain:
        """The chain after so many updates, with the new values in it as those of the next one."""
        new: dict[str, Expr] = {}
        for name in filter(self._is_new, _named(chain)):
            new[name] = Name(str(replace(self._names.resolve(name), step=step + 1)))
        sides = tuple(replace(side, expr=_substituted(side.expr, new)) for side in chain.sides)
        return self._changed(replace(chain, sides=sides), lambda _, q: step)

    def take(self, chain: Chain, *, wrong: bool) -> None:
        """What a chain, as it is meant, says of updates; one in which something went wrong has only tried one."""
        if chain.relations[0].colon and not wrong:
            named = [self._quantity(name) for name in _alone(chain.sides[0].expr)]
            self._lists_slopes = bool(named) and all(one is not None and one.by is not None for one in named)
        perhaps = self._cues.perhaps(chain.relations[0].start.offset)
        for side in (chain.sides[0], chain.sides[-1]):
            for name in _alone(side.expr):
                quantity = self._quantity(name)
                if perhaps is not None and not wrong and self._is_there(quantity, perhaps.step):
                    self._confirmed.add(perhaps.offset)
                if quantity is not None and quantity.by is not None:
                    self._derived = True
                elif quantity is not None and quantity.base in self._trained and quantity.step:
                    self._first = chain.relations[0].start.offset if self._first is None else self._first
                    known = self._tried if wrong else self._made
                    known[quantity.base] = max(quantity.step, known.get(quantity.base, 0))

    def _is_there(self, quantity: NamedQuantity | None, step: int) -> bool:
        """Whether a quantity is meant after so many updates, and is no new value that the line itself may say."""
        if quantity is None or quantity.step != step:
            return False
        return quantity.by is not None or quantity.base not in self._trained

    # What is updated

    def _target(self, chain: Chain) -> int | None:
        """The side that is a trained parameter without a mark (or several): the first one, or else the last.

        One that is said to be the old value is no new one.
        """
        for i in (0,) if chain.relations[0].updates else (0, len(chain.sides) - 1):
            names = _alone(chain.sides[i].expr)
            if names and _OLD.search(chain.sides[i].text):
                return None
            if names:
                return i if all(self._is_plain(name) for name in names) else None
        return None

    def _is_plain(self, name: str) -> bool:
        quantity = self._quantity(name)
        return quantity is not None and name == quantity.base and quantity.base in self._trained

    def _quantity(self, name: str) -> NamedQuantity | None:
        if name not in self._known:
            try:
                self._known[name] = self._names.resolve(name)
            except ValueError:
                self._known[name] = None
        return self._known[name]

    def _is_a_step(self, chain: Chain, target: int) -> bool:
        """Whether a chain holds the parameter itself, by name or as its old value, and adds something to it."""
        olds = _alone(chain.sides[target].expr)
        others = [_entries(side.expr) for i, side in enumerate(chain.sides) if i != target]
        alike = [zip(entries, olds, strict=True) for entries in others if len(entries) == len(olds)]
        return any(self._starts_from(entry, old) for pairs in alike for entry, old in pairs)

    def _is_a_new_state(self, chain: Chain, target: int) -> bool:
        """Whether a state of the optimizer is worked out, or gets another number than the one that it begins with."""
        states = _alone(chain.sides[target].expr)
        if not states or not self._states.issuperset(states):
            return False
        others = [entry for i, side in enumerate(chain.sides) if i != target for entry in _entries(side.expr)]
        return any(_number(entry) is None or _number(entry) != self._start.get(states[0]) for entry in others)

    def _starts_from(self, expr: Expr, old: str) -> bool:
        if not isinstance(expr, Sum):
            return False
        return any(term == Name(old) or _number(term) == self._start.get(old) for term in expr.terms)

    def _is_due(self, chain: Chain, target: int) -> bool:
        """Whether the file has a new state of what is updated, and not yet its new value."""
        return any(
            self._is_ahead(state, self._made.get(base, 0))
            for base in self._bases(_alone(chain.sides[target].expr))
            for state in self._states_of.get(base, ())
        )

    # Meanings

    def _new(self, chain: Chain, target: int) -> Iterator[Meaning]:
        """The target as the value after the next update: of the first, and of the last one that the file has made.

        What else the file has updated by then may have its new value, too: likeliest the states of the optimizer, which
        go first (``v := mu*v + dE/dw``, ``w := w - eta*v``), then nothing, then every parameter.
        """
        own = self._bases(_alone(chain.sides[target].expr))
        made = max((self._made.get(base, 0) for base in own), default=0)
        others = self._bases(_named(chain)) - own if self._made or self._tried else frozenset[str]()
        for step in dict.fromkeys((made, 0) if self._is_due(chain, target) else (0, made)):
            if step < self._iterations:
                later = frozenset(base for base in others if self._made.get(base, 0) > step)
                states = frozenset(base for base in others & self._states if self._is_ahead(base, step))
                found = [
                    self._stepped(chain, target, step, a) for a in dict.fromkeys((states, frozenset[str](), later))
                ]
                if states:
                    found += self._written_out(chain, target, step, states)
                yield from (Meaning(_in_numbers(moved, chain, target), NEW) for moved in found)

    def _written_out(self, chain: Chain, target: int, step: int, states: frozenset[str]) -> Iterator[Chain]:
        """The chain in which the new states are written out by the old ones: w - eta*v = w - eta*(mu*v + dE/dw)."""
        sides = range(len(chain.sides))
        for first in range(2, len(sides)) if len(sides) <= MAX_SIDES else ():
            for new in (sides[:first], sides[first:]):
                yield self._stepped(chain, target, step, states, new)

    def _of_the_batch(self, chain: Chain, step: int) -> Chain:
        """The chain with the data's values of the iteration after so many updates, where it takes one row."""
        spec = self._network.spec
        if spec.training.batch_size != 1 or len(spec.data) < 2:
            return chain
        row = step % len(spec.data) + 1
        moved: dict[str, Expr] = {name: Name(f"{name}[{row}]") for name in _named(chain) if name in self._data}
        sides = tuple(replace(side, expr=_substituted(side.expr, moved)) for side in chain.sides)
        return replace(chain, sides=sides) if moved else chain

    @cached_property
    def _data(self) -> frozenset[str]:
        """The names of what the rows of the data give."""
        rows = (row for row in self._network.spec.data if isinstance(row, GraphRow))
        own = (name for row in rows for name, _ in row.values)
        return frozenset((*own, *self._names.inputs, *self._names.targets))

    def _is_ahead(self, state: str, step: int) -> bool:
        """Whether the file gives a state's value after more updates, rightly or not."""
        return max(self._made.get(state, 0), self._tried.get(state, 0)) > step

    def _bases(self, names: Iterable[str]) -> frozenset[str]:
        """The trained parameters and states among names that say no step."""
        found = (self._mover(name) for name in names)
        return frozenset(q.base for q in found if q is not None and q.by is None and q.base in self._trained)

    def _stepped(
        self, chain: Chain, target: int, step: int, ahead: frozenset[str], sides: Container[int] | None = None
    ) -> Chain:
        """The chain about one more update than ``step``, with what is ``ahead`` after that update already.

        ``sides``: those in which it is; in all of them unless given.
        """

        def step_of(i: int, quantity: NamedQuantity) -> int:
            is_ahead = quantity.by is None and quantity.base in ahead and (sides is None or i in sides)
            return step + (i == target or is_ahead)

        return self._changed(chain, step_of)

    def _anew(self, chain: Chain) -> Iterator[Meaning]:
        """The chain after the updates, where the text says so above it; with numbers likelier than before them."""
        if not self._trained or not self._cues.is_anew(chain.relations[0].start.offset, self._first):
            return
        step = max((*self._made.values(), *self._tried.values()), default=1)
        found = self._changed(chain, lambda _, q: step) if step <= self._iterations else chain
        if found is not chain:
            yield Meaning(self._of_the_batch(found, step), NEW)

    def _after_updates(self, chain: Chain) -> Iterator[Meaning]:
        """The chain with the new values of the parameters that were updated before it, or after the first update."""
        if self._made:
            found = self._changed(chain, lambda _, q: self._made.get(q.base, 0) if q.by is None else 0)
            if found is not chain:
                yield Meaning(found, NEW)
            step = max(self._made.values())
            if step <= self._iterations and self._made.keys() >= self._trained - self._states:
                found = self._changed(chain, lambda _, q: step)
                if found is not chain:
                    yield Meaning(self._of_the_batch(found, step), NEW)

    def _before_updates(self, chain: Chain) -> Iterator[Meaning]:
        """In the sequential order: ∂z/∂a as the derivative of the forward pass, by the weight before its update.

        The backward pass takes the updated weight in its place, but a list of local derivatives states the former.
        """
        if not self._late:
            return
        names = _named(chain)
        if len(names) > MAX_NAMES:
            return
        forward = {name: weight for name in names for weight in [self._forward_weight(name)] if weight is not None}
        if forward:
            sides = tuple(replace(side, expr=_substituted(side.expr, forward)) for side in chain.sides)
            yield Meaning(replace(chain, sides=sides))

    def _forward_weight(self, name: str) -> Expr | None:
        """The weight that ∂z/∂a is in the forward pass, where it is trained; None for any other quantity."""
        quantity = self._quantity(name)
        if quantity is None or quantity.by is None:
            return None
        graph = self._network.graph
        uses = [use for use in graph.uses.get(quantity.by, ()) if use.node.name == quantity.base]
        if len(uses) != 1 or not isinstance(uses[0].local, Name):
            return None
        weight = uses[0].local.name
        if weight not in self._trained:
            return None
        step = quantity.step or None
        return Name(str(replace(self._names.resolve(weight), step=step, updated=step is not None)))

    def _changed(self, chain: Chain, step_of: Callable[[int, NamedQuantity], int]) -> Chain:
        """The chain with every name that says no step so many updates later; ``step_of`` says it by side and name."""
        moved = [self._moved(i, side, step_of) for i, side in enumerate(chain.sides)]
        if all(expr is side.expr for expr, side in zip(moved, chain.sides, strict=True)):
            return chain
        sides = tuple(replace(side, expr=expr) for expr, side in zip(moved, chain.sides, strict=True))
        return replace(chain, sides=sides)

    def _moved(self, i: int, side: Side, step_of: Callable[[int, NamedQuantity], int]) -> SideContent | None:
        if side.expr is None or isinstance(side.expr, Number):
            return side.expr
        names = {name for entry in _entries(side.expr) for name in names_in(entry)}
        if len(names) > MAX_NAMES:
            return side.expr
        changed: dict[str, Expr] = {}
        for name in names:
            quantity = self._mover(name)
            if quantity is not None:
                step = step_of(i, quantity)
                if step:
                    updated = quantity.by is None and quantity.base in self._start
                    changed[name] = Name(str(replace(quantity, step=step, updated=updated)))
        if not changed:
            return side.expr
        return _substituted(side.expr, changed)

    def _mover(self, name: str) -> NamedQuantity | None:
        """The quantity that a name stands for, if it says no step and changes with the updates."""
        if name not in self._moving:
            found = self._quantity(name)
            moves = found is not None and found.step is None and not name.endswith(AT_START) and self._moves(found)
            self._moving[name] = found if moves else None
        return self._moving[name]

    def _moves(self, quantity: NamedQuantity) -> bool:
        """Whether a quantity changes with the updates."""
        if quantity.by is not None or quantity.base in self._trained:
            return True
        described = self._names.describe(quantity.base)
        return described is not None and described.kind in ("weighted input", "activation", "output", "loss", "node")


def _in_numbers(moved: Chain, chain: Chain, target: int) -> Chain:
    """The chain, a step in whole numbers compared at the spec's values: ``w2_11 - 2`` names the old one alone."""
    own = set(_alone(chain.sides[target].expr))
    sides = list(moved.sides)
    for i, side in enumerate(chain.sides):
        sums = [entry for entry in _entries(side.expr) if isinstance(entry, Sum)]
        if i != target and sums and all({*names_in(entry)} <= own for entry in _entries(side.expr)):
            sides[i] = replace(sides[i], in_numbers=True)
    return replace(moved, sides=tuple(sides))


def _substituted(value: SideContent | None, changed: dict[str, Expr]) -> SideContent | None:
    if isinstance(value, Matrix):
        return Matrix(tuple(tuple(substitute(entry, changed) for entry in row) for row in value.rows))
    return None if value is None else substitute(value, changed)


def _entries(value: SideContent | None) -> list[Expr]:
    if isinstance(value, Matrix):
        return [entry for row in value.rows for entry in row]
    return [] if value is None else [value]


def _alone(value: SideContent | None) -> list[str]:
    """The names that a side is: one, or the entries of a vector or matrix; none where it is more than names."""
    entries = _entries(value)
    names = [entry.name for entry in entries if isinstance(entry, Name)]
    return names if len(names) == len(entries) else []


def _named(chain: Chain) -> set[str]:
    """All names of a chain."""
    return {name for side in chain.sides for entry in _entries(side.expr) for name in names_in(entry)}


def _number(expr: Expr) -> fmpq | None:
    if isinstance(expr, Negative):
        value = _number(expr.operand)
        return None if value is None else -value
    return expr.value if isinstance(expr, Number) else None


__all__ = ["Meaning", "Updates"]
