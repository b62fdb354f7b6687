"""Slips of the pen and of the pocket calculator: right in front of the equals sign, wrong behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, pairwise

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.expressions.print_text import ascii as plain_text
from derive.expressions.tree import Expr, Negative, Number, Power, Product, Quotient, Sum, children, names_in, rebuild
from derive.verification.causes.entry import Mistake, size
from derive.verification.causes.operands import Misfit
from derive.verification.comparing.unlike import unlike
from derive.verification.points.slips import Slip

NOTHING = Slip()
MAX_VARIANTS = 80
"""At most this many variants of one calculation are worked."""
MIN_DIGITS_TO_EXCHANGE = 3
"""From this many digits on, two of them can be exchanged by mistake."""
Reads = Callable[[Value], bool]


def plain(left: Value, written: str, reads: Reads, *, number: bool = True) -> Mistake | None:
    """The sign, and of a number the decimal point, or two digits exchanged."""
    if reads(-left):
        return Mistake("sign_lost", NOTHING)
    if not number:
        return None
    for power in (1, -1, 2, -2, 3, -3):
        if reads(left * fmpq(10) ** power):
            return Mistake("decimal_point", NOTHING, facts={"power": str(abs(power))})
    for exchanged in _exchanges(written):
        if len(exchanged.lstrip("-0.").rstrip("0").replace(".", "")) >= MIN_DIGITS_TO_EXCHANGE and reads_as(
            left, exchanged, written
        ):
            return Mistake("digits_swapped", NOTHING)
    return None


def operand(found: Misfit, value: Value, taken: str = "", *, updated: bool = False) -> Mistake | None:
    """One number that stands where another one belongs, or whose sign is another one; None where it is that one.

    ``taken`` is the quantity whose number it is; ``updated`` says that it is the new value of what belongs there.
    """
    number = found.written.operand if isinstance(found.written, Negative) else found.written
    least = (
        max(MIN_DIGITS_TO_EXCHANGE, len(str(number).replace(".", "").lstrip("0"))) if isinstance(number, Number) else 4
    )
    beside = plain_text(found.beside) if found.beside is not None else ""
    told = unlike(found.written, value, min(least, 12))
    if told is None:
        return None
    facts = {"operand": plain_text(found.written), "wanted": plain_text(found.wanted), "beside": beside, "value": told}
    if taken and not found.sign:
        cause, wording = (
            ("updated_weights_used", "new_weight_put_in") if updated else ("wrong_value", "number_of_another")
        )
        return Mistake(cause, NOTHING, wording, {**facts, "taken": taken})
    if not found.sign:
        return Mistake("wrong_value", NOTHING, "wrong_factor" if beside else "wrong_value", facts)
    return Mistake("sign_lost", NOTHING, "sign_of_operand" if isinstance(number, Number) else "sign_of_term", facts)


def reads_as(value: Value, digits: str, written: str) -> bool:
    """Whether the value rounds to what stands in ``digits``."""
    from derive.arithmetic.numbers import parse_decimal

    meant, digits_written = parse_decimal(digits), len(written.lstrip("-0.").replace(".", ""))
    half = fmpq(1, 2 * 10 ** len(digits.partition(".")[2]))
    slack = size(meant) * fmpq(1, 10 ** (digits_written - 1)) if digits_written > MIN_DIGITS_TO_EXCHANGE else half
    return bool(size(value - meant) <= slack)


def _exchanges(written: str) -> Iterator[str]:
    """The number with two neighbouring digits exchanged."""
    body = written.strip()
    if not body.isascii() or not body.lstrip("+-").replace(".", "", 1).isdigit() or "." not in body or len(body) > 30:
        return
    places = [i for i, character in enumerate(body) if character.isdigit()]
    for i, j in pairwise(places):
        if body[i] != body[j]:
            letters = list(body)
            letters[i], letters[j] = letters[j], letters[i]
            yield "".join(letters).lstrip("+")


def structural(left: Expr, evaluate: Callable[[Expr], Value | None], reads: Reads) -> Mistake | None:
    """Brackets ignored, a term or a factor overlooked, in what stands on the left."""
    for cause, variant in _variants(left):
        value = evaluate(variant)
        if value is not None and reads(value):
            return Mistake(cause, NOTHING)
    return None


def opened(expr: Expr) -> Iterator[Expr]:
    """The expression with one pair of brackets lost, before which all factors of a product stand in a row."""
    yield from islice(_changed(_in_a_row(expr), _opened, 0), MAX_VARIANTS)


def _in_a_row(expr: Expr) -> Expr:
    parts = tuple(map(_in_a_row, children(expr)))
    if isinstance(expr, Product):
        return Product(tuple(one for part in parts for one in (part.factors if isinstance(part, Product) else (part,))))
    return rebuild(expr, parts) if parts else expr


def _variants(left: Expr) -> Iterator[tuple[str, Expr]]:
    count = 0
    for cause, change in (("brackets_ignored", _opened), ("term_left_out", _shorter_sum),
                          ("factor_lost", _shorter_product), ("sign_lost", _sign)):  # fmt: skip
        for variant in _changed(left, change, 0):
            count += 1
            if count > MAX_VARIANTS:
                return
            yield cause, variant


def _changed(expr: Expr, change: Callable[[Expr], Iterator[Expr]], depth: int) -> Iterator[Expr]:
    """The expression with one of its parts changed."""
    yield from change(expr)
    if depth < 8:
        parts = children(expr)
        for i, part in enumerate(parts[:40]):
            for other in _changed(part, change, depth + 1):
                yield rebuild(expr, (*parts[:i], other, *parts[i + 1 :]))


def _opened(expr: Expr) -> Iterator[Expr]:
    """(a - b)·c read as a - b·c, a·(b - c) as a·b - c, and (a - b)² as a - b²."""
    if isinstance(expr, Product):
        factors = expr.factors
        for i, factor in enumerate(factors):
            terms = _without_brackets(factor)
            if terms:
                before, after = factors[:i], factors[i + 1 :]
                first = Product((*before, terms[0])) if before else terms[0]
                last = Product((terms[-1], *after)) if after else terms[-1]
                yield Sum((first, *terms[1:-1], last))
                if before and not names_in(before[0]):  # the number before them may have stood behind: (a - b)²/2
                    yield Sum((*terms[:-1], Product((*before, last))))
    if isinstance(expr, Quotient) and (terms := _without_brackets(expr.numerator)):
        yield Sum((*terms[:-1], Quotient(terms[-1], expr.denominator)))
    if isinstance(expr, Power) and (terms := _without_brackets(expr)):
        yield Sum(terms)


def _without_brackets(expr: Expr) -> tuple[Expr, ...]:
    """The terms of a sum in brackets; below a power only the last one is raised. None of what has no brackets."""
    match expr:
        case Sum(terms=terms):
            return terms
        case Power(base=Sum(terms=terms), exponent=exponent):
            last = terms[-1]
            raised = Negative(Power(last.operand, exponent)) if isinstance(last, Negative) else Power(last, exponent)
            return (*terms[:-1], raised)
        case _:
            return ()


def _shorter_sum(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, Sum):
        for i in range(len(expr.terms)):
            rest = (*expr.terms[:i], *expr.terms[i + 1 :])
            yield rest[0] if len(rest) == 1 else Sum(rest)


def _shorter_product(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, Product):
        for i in range(len(expr.factors)):
            rest = (*expr.factors[:i], *expr.factors[i + 1 :])
            yield rest[0] if len(rest) == 1 else Product(rest)


def _sign(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, Negative):
        yield expr.operand
    elif isinstance(expr, Number) and expr.value < 0:
        yield Number(-expr.value)
