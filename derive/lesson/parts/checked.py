"""Part 8: the numerical method worked for one parameter, what it would cost for all, how closely the routes agree."""

from __future__ import annotations

from derive.expressions.tree import Name
from derive.lesson.blocks import Block, Display, Row, Section, Tex, paragraph, say
from derive.lesson.desk import BLANK, Desk
from derive.lesson.figures import Quantity
from derive.lesson.general import by_steps

QUOTIENT = (Name("above") - Name("below")) / (2 * Name("h"))


def checked(desk: Desk) -> Section:
    """How the gradients were checked."""
    blocks: list[Block] = []
    if desk.sheet.ask(lambda figures: bool(figures.opinion.quotients)):
        blocks += _quotient(desk)
    sequential = desk.network.spec.conventions.update_order == "sequential"
    several = len(desk.run.iterations) > 1 or len(desk.network.rows) > 1
    said = [
        say(
            "checked.routes",
            digits=desk.number(Quantity("opinion", "digits")),
            compared=desk.number(Quantity("opinion", "compared")),
            sequential=sequential,
            several=several,
        )
    ]
    if desk.sheet.ask(lambda figures: figures.opinion.symbolic):
        said.append(say("checked.symbolic", layered=desk.network.layered))
    return Section("checked", say("checked.title"), (*blocks, paragraph(*said)))


def _quotient(desk: Desk) -> list[Block]:
    """The difference quotient of the first shown parameter, with its numbers."""
    opinion, network = desk.figures.opinion, desk.network
    name = opinion.quotients[0].parameter
    loss, symbol = desk.symbol(network.output), desk.symbol(name)
    step = desk.letter("h")
    left = Tex(rf"\frac{{{loss}({symbol} + {step}) - {loss}({symbol} - {step})}}{{2{step}}}")
    above, below, h, value = (Quantity("fine" if f in ("above", "below") else "opinion", f"0.{f}") for f in
                              ("above", "below", "h", "value"))  # fmt: skip
    numbers = Tex(rf"\frac{{{desk.number(above)} - {desk.number(below, 'negative')}}}{{2({desk.number(h)})}}")
    desk.sheet.work(value, QUOTIENT, {"above": above, "below": below, "h": h})
    rows = (
        Row(left, desk.sheet.relation(above, below), numbers),
        Row(BLANK, desk.sheet.relation(above, below, value), desk.number(value)),
    )
    one_sided, central = opinion.forward_passes
    worked = Quantity("batch", name)
    gradient = Tex(f"{desk.reduced_gradient(name)} {desk.equals(worked)}")
    differ = by_steps(desk) and desk.sheet.ask(lambda figures: figures.number(worked) != figures.number(value))
    return [
        paragraph(say("checked.opening", name=symbol, h=Tex(f"{step} {desk.equals(h)}"), symbol=loss)),
        Display(rows),
        paragraph(
            say("checked.compare", gradient=gradient),
            *([say("checked.carried")] if differ else []),
            say("checked.cost", count=len(network.parameters), one_sided=one_sided, central=central, symbol=loss),
        ),
    ]
