"""Whether two expressions are equal identically: walked over the graph at random points near the spec's values.

"Not equal" is proven: two certified balls that do not meet. "Equal" is said where the balls meet at every point, with
so many certain digits that a chance is far below 10^-12 (Schwartz 1980; Zippel 1979).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from flint import arb, ctx, fmpq

from derive.arithmetic.numbers import plain, settled, untraced
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import is_tracing, precision, tracing
from derive.arithmetic.reals import Value
from derive.expressions.tree import Expr, Number, names_in
from derive.verification.comparing.scale import PowersOfTwo, bits_between, exponent_of, extent
from derive.verification.points.near_the_spec import on_its_side
from derive.verification.points.point import RADII, Held, Point, Points

T = TypeVar("T")

FIRST_BITS, LAST_BITS = 192, 1536
TRACING_FROM = 768
MAX_EXTENTS = 2_000
"""Of at most this many expressions it is kept how large their parts are."""
CERTAIN_BITS = 64
"""Equal numbers must agree in so many bits."""


def decided(compute: Callable[[], T], bits: int = 0, last: int = LAST_BITS) -> T:
    """``compute()`` at a precision that decides it, of so many ``bits`` at least.

    Raises:
        Undecided: where none up to ``last`` bits does.
    """
    trying = FIRST_BITS
    while trying < bits:  # powers of two, so that few worlds are made
        trying *= 2
    while True:
        try:
            with precision(trying):
                traced = TRACING_FROM <= trying <= LAST_BITS
                if traced is is_tracing():
                    return compute()
                with tracing(traced):
                    return compute()
        except Undecided:
            trying *= 2
            if trying > last:
                raise


def same(one: Value, other: Value) -> bool:
    """Whether two numbers are one number, as far as their balls say it.

    Raises:
        Undecided: where the balls meet but are wide.
    """
    difference = settled(one - other)
    if isinstance(difference, fmpq):
        return bool(difference == 0)
    if difference > 0 or difference < 0:
        return False
    size = plain(one).abs_upper().max(plain(other).abs_upper())
    radius = difference.rad()
    if radius <= size * fmpq(1, 2**CERTAIN_BITS) or radius < fmpq(1, 2 ** (ctx.prec * 2 // 3)):
        return True
    raise Undecided


class CompiledFormula:
    """An expression as a function of a world; kinks keep the side that they have in the truth."""

    def __init__(self, expr: Expr, worlds: Points) -> None:
        self.expr = expr
        self.names = names_in(expr)
        self._worlds = worlds
        self._free = worlds.addresses.any_free(self.names)
        self._closure: Callable[[Sequence[Value]], Value] | None = None

    def at(self, world: Point) -> Value:
        """The value in a world."""
        closure = self._closure
        if closure is None or self._free:
            closure = self._closure = self._compiled(world)
        return untraced(closure([world.value(name) for name in self.names]))

    def kept_at(self, world: Point) -> Value:
        """The same, worked once for each world."""
        found = world.worked.get(self)
        if found is None or is_tracing():
            found = self.at(world)
            if not is_tracing():
                world.keep(self, found)
        return found

    def _compiled(self, world: Point) -> Callable[[Sequence[Value]], Value]:
        truth = self._worlds.truth
        addresses = self._worlds.addresses
        base = [(world if addresses.any_free((name,)) else truth).with_residue(name) for name in self.names]
        return on_its_side(self.expr, self.names, base, self._worlds.network.relu_at_zero)


def identical(one: CompiledFormula, other: CompiledFormula, worlds: Points, held: Held, bits: int = 0) -> bool:
    """Whether two expressions are equal at every point near the truth, looked at with so many ``bits`` at least.

    Raises:
        OutsideDomain: where one of them has no value near the truth. Undecided: where no precision decides.
    """
    if one.expr == other.expr:
        return True
    return decided(lambda: everywhere(worlds, held, lambda world: same(one.kept_at(world), other.kept_at(world))), bits)


def bits_of(exprs: tuple[Expr, ...], worlds: Points) -> int:
    """The bits that show every part of two sides beside every other one; :data:`FIRST_BITS` are enough for most."""
    with precision(FIRST_BITS):
        return bits_between([_extent(expr, worlds) for expr in exprs])


def _extent(expr: Expr, worlds: Points) -> PowersOfTwo:
    """The powers of two in an expression at the spec's values, found once."""
    if type(expr) is Number:
        return min(0, exponent_of(expr.value)), 0
    found = worlds.extents.get(expr)
    if found is None:
        found = extent((expr,), worlds.truth.value, worlds.network.relu_at_zero, worlds.is_target)
        if len(worlds.extents) >= MAX_EXTENTS:
            worlds.extents.clear()
        worlds.extents[expr] = found
    return found


def as_fine_as_its_parts(one: CompiledFormula, other: CompiledFormula, worlds: Points) -> bool:
    """Whether two expressions that agree here do so in :data:`CERTAIN_BITS` of the smallest part of them.

    They can where what is tiny is kept apart (:mod:`derive.arithmetic.offsets`), however many bits a sum would take.
    """
    with precision(FIRST_BITS):
        truth = worlds.truth
        low, _ = extent((one.expr, other.expr), truth.value, worlds.network.relu_at_zero, worlds.is_target)
        difference = plain(one.at(truth) - other.at(truth))
        return bool(difference.contains(0) and difference.rad() < arb(2) ** (low - CERTAIN_BITS))


def everywhere(worlds: Points, held: Held, holds: Callable[[Point], bool]) -> bool:
    """Whether it holds at all points; points nearer by are taken where one leaves a domain."""
    for radius in range(len(RADII)):
        try:
            return all(holds(world) for world in worlds.near(held, radius))
        except OutsideDomain:
            if radius == len(RADII) - 1:
                raise
    raise AssertionError
