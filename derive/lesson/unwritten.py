"""Numbers that no page can write: smaller than 10^-10,000, larger than 10^10,000, or as little beside a whole number.

Such a number stands as 0 (or as the whole number), and most lines come out with it. One that divides by it, takes its
logarithm or lives by the difference is given without numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flint import fmpq

from derive.arithmetic.numbers import is_tiny, rational_beside
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import SMALLEST_WRITTEN, is_too_large_to_write, is_too_small_to_write, power_of_ten
from derive.expressions.evaluate import compiled
from derive.expressions.tree import Expr, names_in
from derive.lesson.agreement import SLIP, magnitude
from derive.lesson.figures import Figures
from derive.lesson.quantity import Quantity


def comes_out_as_written(figures: Figures, quantity: Quantity, formula: Expr, values: Mapping[str, Quantity]) -> bool:
    """Whether the line of a quantity gives its number with the numbers that a page has for what nobody can write."""
    names = names_in(formula)
    true = {name: _true_number(figures, values[name]) for name in names}
    written = {name: None if value is None else as_written(value) for name, value in true.items()}
    if all(written[name] is true[name] for name in names):
        return True
    result = _true_number(figures, quantity)
    numbers = [value for value in written.values() if value is not None]
    if result is None or len(numbers) < len(names):
        return False
    try:
        found = compiled(formula, names, figures.network.relu_at_zero)(*numbers)
        return _is_near(figures, found, result)
    except (OutsideDomain, Undecided):
        return False


def any_too_large(figures: Figures, quantities: Sequence[Quantity]) -> bool:
    """Whether one of these numbers is too large to be written."""
    numbers = (_true_number(figures, quantity) for quantity in quantities)
    return any(number is not None and is_too_large_to_write(number) for number in numbers)


def _true_number(figures: Figures, quantity: Quantity) -> Value | None:
    """The number of the run, whatever the page is worked from."""
    if quantity.kind != "local" or quantity.formula is None:
        return figures.true_number(quantity)
    names, resolve = names_in(quantity.formula), figures.resolver(quantity.iteration, quantity.sample)
    numbers = [value for name in names if (value := figures.true_number(resolve(name))) is not None]
    if len(numbers) < len(names):
        return None
    return compiled(quantity.formula, names, figures.network.relu_at_zero)(*numbers)


def as_written(value: Value) -> Value | None:
    """What stands on a page for a number: 0, a whole number, or the number itself; None where it is too large."""
    if type(value) is fmpq:
        return value
    if is_too_small_to_write(value):
        return fmpq(0)
    if is_too_large_to_write(value):
        return None
    whole = rational_beside(value, SMALLEST_WRITTEN)
    return value if whole is None else whole


def _is_near(figures: Figures, found: Value, result: Value) -> bool:
    """Whether a line comes out, up to what rounding adds up to."""
    if type(result) is not fmpq and is_too_small_to_write(result):
        return is_tiny(found, SMALLEST_WRITTEN)
    if result == 0:
        return bool(found == 0)
    place = figures.policy.place(figures.policy.shown(result))
    return bool(magnitude(found - result) < SLIP * power_of_ten(place))
