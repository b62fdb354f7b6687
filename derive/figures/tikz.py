r"""A plan as a picture of TikZ, with the labels as TeX."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.figures.plan import FONT, Ink, Plan, PlanItem, PlanLabel, PlanLine, PlanShape
from derive.words.filling import Write
from derive.words.runs import Tex, Text

POINT = 0.5625
r"""The points of a unit: a label is ``\footnotesize``, 9 points high."""
INKS: dict[Ink, str] = {
    "plain": "black",
    "faint": "black!55",
    "main": "{rgb,255:red,184;green,74;blue,0}",
    "value": "{rgb,255:red,0;green,96;blue,160}",
    "gradient": "{rgb,255:red,184;green,74;blue,0}",
}
_WIDTHS: dict[Ink, str] = {"main": "1.2pt", "faint": "0.4pt"}


def tikz(plan: Plan, spoken: Callable[[Text], str], formula: Callable[[str], str] = str) -> str:
    """The picture; ``spoken`` gives words as TeX, and ``formula`` a formula with its numbers as a language has them."""
    drawn = "\n".join(line for item in plan.items for line in _item(item, spoken, formula))
    return framed(drawn, plan.width, plan.height)


def framed(inside: str, width: int, height: int) -> str:
    """A picture with these paths in it."""
    options = rf"x={POINT}pt, y=-{POINT}pt, inner sep=0pt, line join=round, font=\footnotesize"
    frame = rf"\path (0,0) rectangle ({width},{height});"
    return f"\\begin{{tikzpicture}}[{options}]\n{frame}\n{inside}\n\\end{{tikzpicture}}"


def drawn_later(plan: Plan, write: Write) -> str:
    """The paths of a plan without words."""
    return "\n".join(line for item in plan.items for line in _item(item, str, write))


def _item(item: PlanItem, spoken: Callable[[Text], str], formula: Callable[[str], str]) -> Iterator[str]:
    if isinstance(item, PlanShape):
        x, y = item.x - item.width // 2, item.y - item.height // 2
        radius = round((3 if item.boxed else min(item.height, 28) // 2) * POINT - 0.05, 1)
        yield (
            rf"\draw[{_look(item.ink)}, fill=white, rounded corners={radius:g}pt] ({x},{y}) rectangle "
            rf"({x + item.width},{y + item.height});"
        )
    elif isinstance(item, PlanLine):
        way = " -- ".join(f"({x:g},{y:g})" for x, y in item.points)
        head = "-latex, " * item.arrow + "dash pattern=on 2.8pt off 2.2pt, " * item.dashed
        yield rf"\draw[{head}{_look(item.ink)}] {way};"
    elif isinstance(item, PlanLabel):
        inside = f"${formula(item.content)}$" if isinstance(item.content, Tex) else spoken(item.content)
        anchor = "base west" if item.start else "base"
        font = "" if item.size == FONT else r", font=\scriptsize"
        yield rf"\node[anchor={anchor}, text={INKS[item.ink]}{font}] at ({item.x},{item.y}) {{{inside}}};"
    else:
        yield (
            rf"\node[circle, fill={INKS['main']}, text=white, minimum size=10pt, font=\scriptsize\bfseries] "
            rf"at ({item.x},{item.y}) {{{item.number}}};"
        )


def _look(ink: Ink) -> str:
    return f"draw={INKS[ink]}, line width={_WIDTHS.get(ink, '0.6pt')}"
