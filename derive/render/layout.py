"""A lesson laid out: written once more where its numbers need digits, until every line comes out."""

from __future__ import annotations

from typing import NamedTuple

from derive.arithmetic.rounding import Policy
from derive.checked.proof import Proven
from derive.lesson import STYLES, lesson
from derive.lesson.agreement import PageLine
from derive.lesson.blocks import Lesson
from derive.lesson.contents import EVERYTHING, Contents
from derive.lesson.desk import Desk, Word
from derive.lesson.figures import Figures
from derive.lesson.page_width import A4, PageWidth
from derive.lesson.remembered import Memory
from derive.lesson.slots import Sheet
from derive.naming.notation import Notation
from derive.network import Network

MAX_LAYOUTS = 12
"""At most this many times a lesson is written until its numbers have digits enough."""


def figures_of(work: Proven) -> Figures:
    """The numbers as the spec wants them printed: rounded at the end, or at every step."""
    numbers = work.network.spec.numbers
    policy = Policy(numbers.kind, numbers.digits)
    if numbers.rounding != "step":
        return Figures(work.run, policy, work.opinion)
    from derive.lesson.worked_figures import WorkedFigures

    return WorkedFigures(work.run, policy, work.opinion)


class Layout(NamedTuple):
    """A lesson and its sheet; the lines that must come out, and the numbers with digits enough for them."""

    lesson: Lesson
    sheet: Sheet
    lines: tuple[PageLine, ...]
    figures: Figures


def laid_out(
    work: Proven,
    figures: Figures,
    style: str,
    *,
    word: Word,
    page: PageWidth = A4,
    contents: Contents = EVERYTHING,
    memory: Memory | None = None,
) -> Layout:
    """The lesson with digits enough for its lines.

    Where digits are added it is written again, as wider numbers may ask for other rows; ``memory`` keeps what then
    stays as it is. Where each step is rounded, a page is worked from the numbers that its lines give: nothing is kept.
    """
    carried = work.network.spec.numbers.rounding == "end"
    memory = (memory or Memory()) if carried else None
    lines: tuple[PageLine, ...] = ()
    before: Sheet | None = None
    for _ in range(MAX_LAYOUTS):
        built, sheet = make_lesson(work, figures, style, word=word, page=page, contents=contents, memory=memory)
        if before is None or not sheet.works_as(before):
            lines += sheet.lines()
        if before is not None:
            before.close()
        before = sheet
        settled = figures.settled(lines, sheet.quantities)
        if settled is figures:
            break
        figures = settled
        if carried and sheet.holds_for(figures):
            break  # wider numbers decide nothing in another way: the lesson would be the same
    return Layout(built, sheet, lines, figures)


def make_lesson(
    work: Proven,
    figures: Figures,
    style: str,
    *,
    word: Word,
    page: PageWidth = A4,
    contents: Contents = EVERYTHING,
    memory: Memory | None = None,
) -> tuple[Lesson, Sheet]:
    """The document as data, and the sheet of the numbers in it; ``word`` gives those inside formulas."""
    network = work.network
    sheet = Sheet(figures, memory, work.in_full)
    desk = Desk(network, work.derivation, sheet, Notation.of(network.spec, network.names), STYLES[style],
                differentiated(network), word, page, contents)  # fmt: skip
    return lesson(desk), sheet


def differentiated(network: Network) -> frozenset[str]:
    """The quantities on the way from a parameter to the output, both ends included."""
    found = set(network.parameters)
    for node in network.graph.nodes:
        if not found.isdisjoint(node.inputs):
            found.add(node.name)
    return frozenset(found & network.graph.ancestors)
