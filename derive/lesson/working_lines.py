"""The working of a derivative as a displayed formula: line by line, with the rules beside the lines or under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from derive.differentiate import WorkLine, working
from derive.expressions.functions import FUNCTIONS
from derive.expressions.print_tex import broken, pieces, tex, width
from derive.expressions.tree import Derivative, Expr, Negative, Product, Quotient, children, names_in, walk
from derive.lesson.blocks import Display, Row, say
from derive.lesson.definitions import Symbol
from derive.lesson.desk import BLANK
from derive.lesson.page_width import A4, PageWidth
from derive.words.runs import Say, Tex

RULES_IN_A_ROW = 3
MAX_HELD = 2
"""Of more quantities that are held fixed none is named."""
_MULTIPLE: Mapping[tuple[str, ...], tuple[str, ...]] = {("identity",): ("constant_multiple",)}
_TACIT = ("sum", "constant", "identity")
ROOM_FOR_REASONS = 17.0
"""What the rules beside a line take, in ems."""
NARROW = 12.0
"""Where a line has less room beside its rules, they go under it."""


def worked_lines(
    left: Tex,
    formula: Expr,
    by: str,
    known: Expr | None,
    between: Sequence[WorkLine] = (),
    *,
    symbol: Symbol,
    last: Say | None = None,
    page: PageWidth = A4,
) -> Display:
    """The working of a derivative: first what is differentiated, then line by line with the rules.

    Where the derivative that is ``known`` is another way of writing what the rules gave, ``between`` are the lines on
    the way to it, and ``last`` is the reason of the last one.
    """
    found = list(working(formula, by, known).lines)
    rewritten = known is not None and found[-1].rules == ("rewrite",)
    if rewritten:
        found[-1:] = [*between, found[-1]]
    if isinstance(formula, Negative):  # -z is a multiple of z
        found = [WorkLine(line.expr, _MULTIPLE.get(line.rules, line.rules)) for line in found]
    found = _without_repeats(found)
    room = page.ems - 2.0 - width(left)
    first = tex(Derivative(formula, by), symbol)
    start: list[tuple[tuple[str, ...], list[Say]]] = [((first,), [])] if width(first) <= room else []
    held = [Tex(symbol(name)) for name in _held(formula, by)]
    written = [*start, *((_broken(line.expr, room, symbol), _reasons(line.rules, symbol, held)) for line in found)]
    if rewritten and last is not None:
        written[-1] = (written[-1][0], [last])
    if len(written) == 2 and start and width(f"{first} = {written[1][0][0]}") <= room - ROOM_FOR_REASONS:
        reasons = written[1][1]
        one = Tex(f"{first} = {written[1][0][0]}")
        return Display((Row(left, Tex("="), one, reasons[0] if reasons else None),))
    widest = max(width(row) for formulas, _ in written for row in formulas)
    beside = widest <= room - ROOM_FOR_REASONS
    rows: list[Row] = []
    for formulas, reasons in written:
        rows += _line(formulas, reasons, beside=beside)
    rows[0] = replace(rows[0], left=left)
    return Display(tuple(rows))


def _line(formulas: Sequence[str], reasons: Sequence[Say], *, beside: bool) -> list[Row]:
    """One line of the working, its rules beside it or (where it is long) under it."""
    first = Row(BLANK, Tex("="), Tex(formulas[0]), reasons[0] if reasons and beside else None)
    rest = [Row(BLANK, BLANK, Tex(rf"\quad {formula}")) for formula in formulas[1:]]
    under = [Row(BLANK, BLANK, BLANK, reason, under=not beside) for reason in reasons[1 if beside else 0 :]]
    return [first, *rest, *under]


def _held(formula: Expr, by: str) -> list[str]:
    """The quantities that stand as factors beside the one that varies."""
    found: dict[str, None] = {}
    for part in walk(formula):
        if isinstance(part, Product | Quotient) and by in names_in(part):
            found.update(
                dict.fromkeys(n for factor in children(part) for n in names_in(factor) if by not in names_in(factor))
            )
    return list(found)


def _reasons(rules: Sequence[str], symbol: Symbol, held: Sequence[Tex]) -> list[Say]:
    """The rules of a line, a few beside each other; what goes without saying is left out beside other rules.

    ``held``: what is constant because it is held fixed.
    """
    named = [rule for rule in rules if rule not in _TACIT] or list(rules[:1])
    groups = [named[i : i + RULES_IN_A_ROW] for i in range(0, len(named), RULES_IN_A_ROW)]
    return [say("rules.several", rules=[_rule(rule, symbol, held) for rule in group]) for group in groups]


def _rule(rule: str, symbol: Symbol, held: Sequence[Tex]) -> Say:
    """The name of a rule; the slope of Φ is one that holds at z, and is met in formulas of z only."""
    if rule == "constant_multiple" and held:
        return say("rules.held", names=held[:MAX_HELD], more=len(held) > MAX_HELD)
    return (
        say("rules.normal_distribution", z=Tex(symbol("z"))) if rule == "normal_distribution" else say(rule_key(rule))
    )


def _broken(expr: Expr, room: float, symbol: Symbol) -> tuple[str, ...]:
    """A line in rows, short enough for rules beside it where that is possible."""
    beside = room - ROOM_FOR_REASONS
    return broken(pieces(expr, symbol), beside if beside >= NARROW else room)


def _without_repeats(lines: Sequence[WorkLine]) -> list[WorkLine]:
    """A line that looks like the one above is left out."""
    kept: list[WorkLine] = []
    for line in lines:
        if kept and kept[-1].expr == line.expr:
            continue
        kept.append(line)
    return kept


def rule_key(rule: str) -> str:
    """The key of a rule in the wording: the rule of a function is called as the function is."""
    return f"names.{rule}" if rule in FUNCTIONS else f"rules.{rule}"
