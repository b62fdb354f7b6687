"""Derivatives by rule: one pass over the tree, from the leaves up.

>>> from derive.expressions.grammar import parse
>>> from derive.expressions.print_text import ascii
>>> ascii(derivative(parse("1/2*(y - t)^2"), "y"))
'y - t'
>>> {name: ascii(slope) for name, slope in partials(parse("w*x + b")).items()}
{'w': 'x', 'x': 'w', 'b': '1'}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from flint import fmpq

from derive.differentiate.algebra import guarded, less_one, negated, power, product, quotient, total
from derive.expressions.fold import fold
from derive.expressions.functions import FUNCTIONS, Function, arguments_of
from derive.expressions.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Expr,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    call,
    exp,
    ln,
    substitute,
    walk,
)

Partials: TypeAlias = Mapping[str, Expr]
"""The derivative by each name; a name that is not there has derivative 0."""

_NONE: Partials = MappingProxyType({})


def derivative(expr: Expr, by: str) -> Expr:
    """The derivative by one name, tidy; every other name is held."""
    return partials(expr, (by,)).get(by, ZERO)


def partials(expr: Expr, names: Collection[str] | None = None) -> Partials:
    """The derivatives by all names (or those asked for) in one pass, in the order of first appearance."""
    wanted = None if names is None else frozenset(names)
    return fold(expr, lambda here, parts: _partials(here, parts, wanted))


def _partials(here: Expr, parts: tuple[Partials, ...], wanted: frozenset[str] | None) -> Partials:
    if isinstance(here, Name):
        return {here.name: ONE} if wanted is None or here.name in wanted else _NONE
    if not any(parts):
        return _NONE
    match here:
        case Sum():
            return _gathered(parts)
        case Negative():
            return {name: negated(slope) for name, slope in parts[0].items()}
        case Product(leading_zero=True):
            return _guarded_product(here, parts)
        case Product(factors=factors):
            return _product(factors, parts)
        case Quotient():
            return _quotient(here, *parts)
        case Power():
            return _power(here, *parts)
        case Call():
            return _gathered(_times(local(here, i), part) for i, part in enumerate(parts) if part)
        case _:
            raise TypeError(f"no rule for {type(here).__name__}")


def _gathered(parts: Iterable[Partials]) -> Partials:
    terms: dict[str, list[Expr]] = {}
    for part in parts:
        for name, slope in part.items():
            terms.setdefault(name, []).append(slope)
    sums = {name: slopes[0] if len(slopes) == 1 else total(*slopes) for name, slopes in terms.items()}
    return {name: slope for name, slope in sums.items() if slope != ZERO}


def _times(factor: Expr, part: Partials) -> Partials:
    return {name: product(factor, slope) for name, slope in part.items()}


_MAX_FACTORS = 40
"""At most this many factors of a product are told apart."""


def _product(factors: tuple[Expr, ...], parts: tuple[Partials, ...]) -> Partials:
    """(u v w)' = u' v w + u v' w + u v w'; of a very long product the halves count as two factors."""
    if len(factors) > _MAX_FACTORS:
        return _long_product(factors, parts)
    terms = (
        {name: product(*factors[:i], slope, *factors[i + 1 :]) for name, slope in part.items()}
        for i, part in enumerate(parts)
        if part
    )
    return _gathered(terms)


def _long_product(factors: tuple[Expr, ...], parts: tuple[Partials, ...]) -> Partials:
    """Equal factors are a power; what is still long is halved."""
    slopes = dict(zip(factors, parts, strict=True))
    counts = {factor: Number(fmpq(count)) for factor, count in Counter(factors).items()}
    if len(counts) == len(factors):
        return _halved(factors, parts)
    raised = tuple(power(factor, count) for factor, count in counts.items())
    inner = (_times(product(count, power(factor, less_one(count))), slopes[factor]) for factor, count in counts.items())
    return _product(raised, tuple(inner))


def _halved(factors: tuple[Expr, ...], parts: tuple[Partials, ...]) -> Partials:
    """(U V)' = U' V + U V', so that the size of the result grows as n log n and not as n²."""
    middle = len(factors) // 2
    left, right = factors[:middle], factors[middle:]
    slopes = _product(left, parts[:middle]), _product(right, parts[middle:])
    terms: dict[str, list[Expr]] = {}
    for slope, other in ((slopes[0], right), (slopes[1], left)):
        for name, value in slope.items():
            terms.setdefault(name, []).append(Product((value, *other)))
    return {name: values[0] if len(values) == 1 else Sum(tuple(values)) for name, values in terms.items()}


def _guarded_product(here: Product, parts: tuple[Partials, ...]) -> Partials:
    """The rule for t ln ŷ, which is 0 for t = 0 whatever ŷ is: so is its derivative by ŷ."""
    first, *others = here.factors
    rest = _product(tuple(others), parts[1:])
    by_first = {name: product(slope, *others) for name, slope in parts[0].items()}
    return _gathered([by_first, {name: guarded(first, slope) for name, slope in rest.items()}])


def _quotient(here: Quotient, top: Partials, bottom: Partials) -> Partials:
    """(u/v)' = (u' v - u v') / v²."""
    u, v = here.numerator, here.denominator
    result = {}
    for name in dict.fromkeys((*top, *bottom)):
        if name not in bottom:
            slope = quotient(top[name], v)
        else:
            change = negated(product(u, bottom[name]))
            if name in top:
                change = total(product(top[name], v), change)
            slope = quotient(change, power(v, Number(fmpq(2))))
        result[name] = _with_guard(slope) if here.leading_zero and name not in top else slope
    return result


def _with_guard(slope: Expr) -> Expr:
    if isinstance(slope, Negative):
        return negated(_with_guard(slope.operand))
    return Quotient(slope.numerator, slope.denominator, leading_zero=True) if isinstance(slope, Quotient) else slope


def _power(here: Power, base: Partials, exponent: Partials) -> Partials:
    """The rule n u^(n-1) u' for a constant exponent, a^v ln(a) v' for a constant base, both for neither."""
    u, v = here.base, here.exponent
    by_base = _times(product(v, power(u, less_one(v))), base) if base else _NONE
    by_exponent = _times(exponential_slope(here), exponent) if exponent else _NONE
    return _gathered([by_base, by_exponent])


def exponential_slope(here: Power) -> Expr:
    """The derivative of u^v by v, u held: u^v ln u."""
    return here if here.base == Constant("e") else product(here, ln(here.base))


# Functions

_u, _low, _high = Name("u"), Name("low"), Name("high")
_BY_PARAMETER: Mapping[tuple[str, int], Expr] = MappingProxyType({
    ("leaky_relu", 1): call("min")(_u, 0),
    ("elu", 1): exp(call("min")(_u, 0)) - 1,
    ("hard_tanh", 1): 1 - call("relu'")(_u - _low),
    ("hard_tanh", 2): 1 - call("relu'")(_high - _u),
    ("clip", 1): call("max'")(_low, _u),
    ("clip", 2): call("min'")(_high, _u),
})  # fmt: skip
"""The derivative by an argument that is not the first; ``u`` is the first one, parameters have their own names."""

_FLAT = frozenset({"sign", "step"})


def local(here: Call, position: int = 0) -> Expr:
    """The derivative of a function by one of its arguments, at its arguments.

    >>> local(Call("relu", (Name("z"),)))
    Call("relu'", z)
    """
    name = here.function
    if name.endswith("'"):
        return _second(here)
    entry, arguments = FUNCTIONS[name], here.arguments
    if entry.variadic:
        others = arguments[:position] + arguments[position + 1 :]
        return Call(name + "'", (arguments[position], *others))
    if position:
        return substitute(_BY_PARAMETER[name, position], {**arguments_of(here), "u": arguments[0]})
    if name in _FLAT:
        return ZERO
    if name == "abs":
        return Call("sign", arguments)
    if entry.derivative is None or (_names_internal(entry.derivative) and not entry.internal):
        return Call(name + "'", arguments)
    return substitute(entry.derivative, {**dict(zip(entry.formals, arguments, strict=False)), "a": here})


def _names_internal(slope: Expr) -> bool:
    """Whether a stated derivative needs a function that nobody can write (Φ, φ): then it stays unexpanded."""
    return any(isinstance(part, Call) and FUNCTIONS[part.function].internal for part in walk(slope))


def _second(here: Call) -> Expr:
    """The derivative of ``f'(u)`` by u."""
    name = here.function.removesuffix("'")
    entry = FUNCTIONS[name]
    if entry.straight or entry.variadic:
        return ZERO
    inner = Name("u")
    if name == "elu":
        alpha = here.arguments[1] if len(here.arguments) > 1 else ONE
        slope: Expr = product(alpha, 1 - call("step")(inner), exp(call("min")(inner, 0)))
    elif entry.pieces:
        slope = _second_by_branches(entry, here)
    else:
        slope = derivative(local(Call(name, (inner,))), "u")
    return substitute(slope, {"u": here.arguments[0]})


def _second_by_branches(entry: Function, here: Call) -> Expr:
    """The second derivative branch by branch, each times 1 where it applies and 0 elsewhere."""
    names = {**arguments_of(here), entry.formals[0]: _u}
    step = call("step")
    ends = [substitute(kink.at, names) for kink in entry.kinks]
    terms = []
    for piece, before, after in zip(entry.pieces, [None, *ends], [*ends, None], strict=True):
        here_only = [
            *([] if before is None else [step(_u - before)]),
            *([] if after is None else [1 - step(_u - after)]),
        ]
        terms.append(product(substitute(derivative(piece.derivative, entry.formals[0]), names), *here_only))
    return total(*terms)
