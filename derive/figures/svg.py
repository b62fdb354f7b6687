"""A plan as an SVG file: real text, light and dark, with its title and its description, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from html import escape

from derive.figures.labels import FILLING, number, tspans
from derive.figures.plan import BADGE, FONT, GridPoint, Ink, Plan, PlanBadge, PlanItem, PlanLabel, PlanLine, PlanShape
from derive.words.filling import Filling, Write
from derive.words.runs import Tex, Text

FONTS = "'Times New Roman','Liberation Serif','Nimbus Roman',Times,serif"
"""The fonts whose widths :mod:`derive.figures.signs` has."""
INKS: dict[Ink, tuple[str, str]] = {
    "plain": ("#1a1a1a", "#e8e8e8"),
    "faint": ("#767676", "#949494"),
    "main": ("#b84a00", "#e69f00"),
    "value": ("#0060a0", "#56b4e9"),
    "gradient": ("#b84a00", "#e69f00"),
}
"""The colours on light and on dark ground: Okabe and Ito's blue and vermillion (darker), their sky blue and orange."""
GROUNDS = ("#ffffff", "#16191d")
_WIDTHS: dict[Ink, str] = {"main": "2.4", "faint": "0.8"}


def svg(plan: Plan, title: str, description: str, spoken: Callable[[Text], str], name: str = "figure") -> str:
    """The text of the file.

    Args:
        plan: what is drawn.
        title: its title, as plain text.
        description: what it shows, as plain text.
        spoken: words of the drawing as plain text.
        name: for the names of its title and description, which are different in each figure of a page.
    """
    used: set[Ink] = {"main" if isinstance(item, PlanBadge) else item.ink for item in plan.items}
    inside = "\n".join(line for item in plan.items for line in _item(item, spoken, tspans))
    return framed(inside, (plan.width, plan.height), (title, description), name, used)


def framed(inside: str, size: GridPoint, words: tuple[str, str], name: str, used: Collection[Ink] = tuple(INKS)) -> str:
    """The text of a file with these shapes in it; ``words`` are its title and description, ``used`` are its inks."""
    (width, height), (title, description) = size, words
    drawn_as = f'width="{width}" height="{height}"'
    spoken_as = f'role="img" aria-labelledby="{name}-title {name}-desc"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {drawn_as} {spoken_as}>',
        f'<title id="{name}-title">{_text(title)}</title>',
        f'<desc id="{name}-desc">{_text(description)}</desc>',
        f"<style>{_style(used)}</style>",
        f'<rect class="ground" width="{width}" height="{height}" rx="6"/>',
        inside,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def filling(formula: Callable[[str], str]) -> Filling:
    """How numbers, and what is drawn later, are put into the file; ``formula`` writes numbers as a language does."""
    return replace(FILLING, write=lambda tex: number(formula(tex)), draw=_drawn_later)


def _drawn_later(plan: Plan, write: Write) -> str:
    """The shapes of a plan without words."""
    return "\n".join(line for item in plan.items for line in _item(item, str, write))


def _text(words: str) -> str:
    return escape(words, quote=False)


def _style(used: Collection[Ink]) -> str:
    """The look by classes, for light ground and for dark."""
    both = []
    for dark in (0, 1):
        ground = GROUNDS[dark]
        rules = [f".ground,.node{{fill:{ground}}}"]
        rules += [
            f".{ink}{{fill:{INKS[ink][dark]}}}.l-{ink}{{stroke:{INKS[ink][dark]};"
            f"stroke-width:{_WIDTHS.get(ink, '1.3')}}}"
            for ink in INKS
            if ink in used
        ]
        rules.append(f".badge{{fill:{INKS['main'][dark]}}}.number{{fill:{ground}}}")
        both.append("".join(rules))
    text = f"text{{font:{FONT}px {FONTS}}}.middle{{text-anchor:middle}}.line{{fill:none}}"
    return f"{text}{both[0]}@media (prefers-color-scheme:dark){{{both[1]}}}"


def _item(item: PlanItem, spoken: Callable[[Text], str], write: Write) -> Iterator[str]:
    if isinstance(item, PlanShape):
        radius = 3 if item.boxed else min(item.height, 28) // 2
        yield (
            f'<rect class="node l-{item.ink}" x="{item.x - item.width // 2}" y="{item.y - item.height // 2}" '
            f'width="{item.width}" height="{item.height}" rx="{radius}"/>'
        )
    elif isinstance(item, PlanLine):
        yield from _line(item)
    elif isinstance(item, PlanLabel):
        inside = write(item.content) if isinstance(item.content, Tex) else _text(spoken(item.content))
        kind = item.ink if item.start else f"{item.ink} middle"
        size = f' style="font-size:{item.size}px"' if item.size != FONT else ""
        yield f'<text class="{kind}" x="{item.x}" y="{item.y}"{size}>{inside}</text>'
    else:
        yield f'<circle class="badge" cx="{item.x}" cy="{item.y}" r="{BADGE}"/>'
        yield (
            f'<text class="number middle" x="{item.x}" y="{item.y + 4}" style="font-size:12px;font-weight:bold">'
            f"{item.number}</text>"
        )


def _line(line: PlanLine) -> Iterator[str]:
    points = " ".join(f"{x:g},{y:g}" for x, y in line.points)
    dashed = ' stroke-dasharray="5 4"' * line.dashed
    yield f'<polyline class="line l-{line.ink}" points="{points}"{dashed}/>'
    if line.arrow:
        yield f'<polygon class="{line.ink}" points="{_head(line)}"/>'


def _head(line: PlanLine) -> str:
    """The head of an arrow: a triangle whose tip is the end of the line, on a grid of tenths."""
    (x0, y0), (x1, y1) = line.points[-2:]
    across, along = x1 - x0, y1 - y0
    length = (across * across + along * along) ** 0.5 or 1.0
    u, v = across / length, along / length
    long, half = (9, 4) if line.ink == "main" else (7, 3)
    x, y = x1 - long * u, y1 - long * v
    sides = ((x - half * v, y + half * u), (x + half * v, y - half * u))
    return f"{x1:g},{y1:g} " + " ".join(f"{round(a, 1):g},{round(b, 1):g}" for a, b in sides)
