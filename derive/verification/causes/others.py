"""Whose number stands in a place where another quantity belongs, and whether a calculation has the right quantities."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.expressions.tree import Expr, Name, Negative, Number, names_in, walk
from derive.naming.quantity import NamedQuantity
from derive.network import Network
from derive.verification.causes.entry import Mistake, NodeSlip, size
from derive.verification.causes.operands import Misfit
from derive.verification.causes.quantities import UNCOMPUTABLE, value_of
from derive.verification.causes.sums import Exchange
from derive.verification.judging.evidence import Ends
from derive.verification.points.training import Training
from derive.verification.reading.written_number import digits_of, last_place, unit_of

MIN_DIGITS = 3
"""A number with fewer digits may be that of several quantities."""
NEARLY = fmpq(1, 100)
"""What is worked from rounded numbers comes to the same as closely as this, as a part of it."""
MAX_LOOKED_AT = 400
"""At most this many quantities of a network are looked at."""


def owner(truth: Training, found: Misfit, given: Sequence[tuple[str, Ends]]) -> str | None:
    """The quantity whose number is written: one that another line gives a number, or the network has; or None.

    First comes the new value of what belongs in the place, then what the nearest lines give.
    """
    number = found.written.operand if isinstance(found.written, Negative) else found.written
    wanted = found.wanted.operand if isinstance(found.wanted, Negative) else found.wanted
    if not isinstance(number, Number) or not isinstance(wanted, Name) or digits_of(number.written) < MIN_DIGITS:
        return None
    reach = last_place(number.written) / 2 if unit_of(number.written) is not None else fmpq(0)
    network = truth.network
    try:
        meant = network.names.resolve(wanted.name)
    except ValueError:
        return None
    candidates = (*_updated(network, meant), *_alike(network, meant))
    for candidate in candidates[:1] if meant.base in network.trained else ():
        if _is_near(truth, candidate, number.value, reach):
            return str(candidate)
    for name, (low, high) in reversed(given):
        middle = abs(low + high) / 2
        if name != wanted.name and abs(middle - number.value) <= reach:
            return name
    for candidate in islice(candidates, MAX_LOOKED_AT):
        if _is_near(truth, candidate, number.value, reach):
            return str(candidate)
    return None


def is_new(network: Network, taken: str, wanted: Expr) -> bool:
    """Whether a quantity is the new value of a parameter in whose place it stands."""
    name = wanted.operand if isinstance(wanted, Negative) else wanted
    quantity = network.names.resolve(taken)
    return isinstance(name, Name) and bool(quantity.step) and quantity.base in network.trained


def _updated(network: Network, meant: NamedQuantity) -> Iterator[NamedQuantity]:
    """The value after the next update."""
    if meant.by is None and meant.base in network.trained and network.spec.training.learning_rate is not None:
        step = (meant.step or 0) + 1
        if step <= network.spec.training.iterations:
            yield replace(meant, step=step, updated=True)


def _alike(network: Network, meant: NamedQuantity) -> Iterator[NamedQuantity]:
    """The values and derivatives of the same pass, those of the same kind first."""
    names = network.names
    kind = names.describe(meant.by or meant.base)
    values = [name for name in (*network.graph.names, *network.start) if name != meant.base]
    values.sort(key=lambda name: names.describe(name) is None or names.describe(name) != kind)
    for name in dict.fromkeys(values):
        yield replace(meant, base=name, by=None, delta=False)
    for name in network.graph.names:
        if network.has_loss and name in network.graph.ancestors:
            yield replace(meant, base=network.output, by=name, delta=False, updated=False)


def _is_near(truth: Training, quantity: NamedQuantity, number: fmpq, reach: fmpq) -> bool:
    try:
        value = value_of(truth, quantity)
    except UNCOMPUTABLE:
        return False
    return bool(size(size(value) - number) <= reach)


def spells(written: Expr, formula: Expr, mistakes: Sequence[Mistake], evaluate: Callable[[Expr], Value | None]) -> bool:
    """Whether a calculation has every quantity of the formula for which the mistakes would take another one.

    Where all of these are in the formula themselves, it has them in their places if it comes to the same number.
    """
    exchanged = [pair for mistake in mistakes for pair in _exchanged(mistake, formula)]
    taken = [name for name, _ in exchanged]
    if not taken:
        return False
    if {other for _, other in exchanged} <= set(names_in(formula)):
        here, right = evaluate(written), evaluate(formula)
        return here is not None and right is not None and bool(size(here - right) <= size(right) * NEARLY)
    named = names_in(written)
    numbers = [part for part in walk(written) if isinstance(part, Number)]
    return all(name in named or _is_written(Name(name), numbers, evaluate) for name in taken)


def _exchanged(mistake: Mistake, formula: Expr) -> Iterator[tuple[str, str]]:
    """The quantities of a formula for which a mistake takes others, and those."""
    slip = mistake.slip
    if isinstance(slip, NodeSlip):
        exchange = next((one for one in (slip.on_local, getattr(slip.on_value, "__self__", None))
                         if isinstance(one, Exchange)), None)  # fmt: skip
        if exchange is not None:
            pairs = ((name, exchange.exchange.get(name, name)) for name in names_in(formula))
            yield from (pair for pair in pairs if pair[0] != pair[1])


def _is_written(name: Name, numbers: Sequence[Number], evaluate: Callable[[Expr], Value | None]) -> bool:
    value = evaluate(name)
    if value is None:
        return False
    return any(size(size(value) - part.value) <= last_place(part.written) / 2 for part in numbers)


__all__ = ["is_new", "owner", "spells"]
