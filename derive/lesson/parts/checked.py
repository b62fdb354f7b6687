"""Part 8: the numerical method worked for one parameter, what it would cost for all, how closely the routes agree."""

from __future__ import annotations

from typing import Any

from derive.checked.by_differences import SYMPY_DIGITS
from derive.expressions.tree import Name
from derive.expressions.widths import width
from derive.lesson.blocks import Block, Display, Row, Section, paragraph, say
from derive.lesson.desk import BLANK, Desk
from derive.lesson.general import by_steps, sequential
from derive.lesson.quantity import Quantity
from derive.lesson.remarks import kinks_of_iteration
from derive.words.runs import Say, Tex

FINE_WIDTH = 7.0
"""Reserved for a number with many digits, in ems."""
QUOTIENT = (Name("above") - Name("below")) / (2 * Name("h"))


def checked(desk: Desk) -> Section:
    """How the gradients were checked."""
    worked: tuple[str, ...] = desk.sheet.ask(
        lambda figures: tuple(quotient.parameter for quotient in figures.opinion.quotients)
    )
    blocks = _quotient(desk, worked[0]) if worked else [paragraph(_no_quotient(desk), _cost(desk), *_all(desk))]
    return Section("checked", say("checked.title"), tuple(blocks), details=(paragraph(*_routes(desk)),))


def _all(desk: Desk) -> list[Say]:
    """How closely all derivatives agree with another route; and what SymPy found, where it was asked."""
    facts = _agreement(desk)
    said = [say("checked.all", sequential=sequential(desk), **facts)]
    if desk.sheet.ask(lambda figures: figures.opinion.lines > 0):
        said.append(say("checked.lines", count=desk.number(Quantity("count", "lines")), digits=SYMPY_DIGITS))
    if desk.sheet.ask(lambda figures: figures.opinion.passed_over > 0):
        said.append(say("checked.passed_over", count=desk.number(Quantity("count", "passed_over"))))
    return said


def _agreement(desk: Desk) -> dict[str, Any]:
    return {
        "digits": Tex(f"10^{{-{desk.number(Quantity('count', 'digits'))}}}"),
        "compared": desk.number(Quantity("count", "compared")),
        "several": len(desk.run.iterations) > 1 or len(desk.network.rows) > 1,
        "of": [
            *([say("checked.samples")] if len(desk.network.rows) > 1 else []),
            *([say("checked.iterations")] if len(desk.run.iterations) > 1 else []),
        ],
    }


def _routes(desk: Desk) -> list[Say]:
    """What was compared before the document was written."""
    facts = _agreement(desk)
    if sequential(desk):
        said = [say("checked.recursion", **facts)]
    else:
        said = [say("checked.direction", has_loss=desk.network.has_loss, **facts)]
    if desk.sheet.ask(lambda figures: figures.opinion.alone > 0):
        said.append(
            say(
                "checked.alone",
                count=desk.sheet.choice(lambda chosen: len(chosen.parameters)),
                several=len(desk.run.iterations) > 1,
            )
        )
    if desk.sheet.ask(lambda figures: figures.opinion.symbolic):
        said.append(say("checked.symbolic", has_loss=desk.network.has_loss))
    return said


def _no_quotient(desk: Desk) -> Say:
    """Why no difference quotient is worked."""
    kinks = desk.sheet.ask(lambda figures: bool(kinks_of_iteration(figures)))
    return say("checked.none_at_kink") if kinks else say("checked.none")


def _cost(desk: Desk) -> Say:
    """What difference quotients for every parameter would cost."""
    one_sided, central = desk.figures.opinion.forward_passes
    return say("checked.cost", count=len(desk.network.parameters), one_sided=one_sided, central=central)


def _quotient(desk: Desk, name: str) -> list[Block]:
    """The difference quotient of a parameter, with its numbers."""
    network = desk.network
    loss, symbol = desk.symbol(network.output), desk.symbol(name)
    step = desk.letter("h")
    left = Tex(rf"\frac{{{loss}({symbol} + {step}) - {loss}({symbol} - {step})}}{{2{step}}}")
    above, below, h, value = (Quantity("fine" if f in ("above", "below") else "opinion", f"0.{f}") for f in
                              ("above", "below", "h", "value"))  # fmt: skip
    named = {"above": above, "below": below, "h": h}
    above, below, h = map(desk.sheet.together((value, QUOTIENT, named)), (above, below, h))
    numbers = Tex(rf"\frac{{{desk.number(above)} - {desk.number(below, 'negative')}}}{{2({desk.number(h)})}}")
    desk.sheet.work(value, QUOTIENT, named)
    narrow = width(left) + width(numbers, token=FINE_WIDTH) > desk.page.ems
    rows = (
        *((Row(BLANK, BLANK, left),) if narrow else ()),
        Row(BLANK if narrow else left, desk.sheet.relation(above, below), numbers),
        Row(BLANK, desk.sheet.relation(above, below, value), desk.number(value)),
    )
    worked = Quantity("batch", name)
    gradient = Tex(f"{desk.reduced_gradient(name)} {desk.equals(worked)}")
    differ = by_steps(desk) and desk.sheet.ask(lambda figures: figures.number(worked) != figures.number(value))
    first = say("checked.opening", name=symbol, h=Tex(f"{step} {desk.equals(h)}"), symbol=loss, gradient=gradient)
    last_layer = sequential(desk) and len(network.layers) > 1
    rest = paragraph(
        *([say("checked.carried")] if differ else []),
        *([say("checked.last_layer", symbol=loss)] if last_layer else []),
        _cost(desk),
        *_all(desk),
    )
    return [paragraph(first), Display(rows), rest]
