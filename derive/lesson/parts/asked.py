"""A question with its answer, and the pieces that answers are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from derive.expressions.tree import Expr
from derive.lesson.blocks import Row, say
from derive.lesson.desk import BLANK, Desk
from derive.lesson.figures import Figures
from derive.lesson.inline import in_sides
from derive.lesson.quantity import Quantity
from derive.records import record
from derive.words.runs import Say, Tex, Words

GAP = Tex(r"\ldots")
"""A place that the reader fills."""
MAX_TRIED = 12
"""Of at most so many quantities the first that has no zero in its way is asked for."""
Candidate = TypeVar("Candidate")


@record
class Posed:
    """A question, and its answer; each a few sentences."""

    question: tuple[Say, ...]
    answer: tuple[Say, ...]


def asked(kind: str, answer: Mapping[str, Any], **question: Any) -> Posed:
    """The question of a kind with its facts, and its answer with its own: two blocks of the wording."""
    return Posed((say(f"questions.{kind}", **question),), (say(f"questions.{kind}_answer", **answer),))


def in_line(desk: Desk, rows: Sequence[Row]) -> Tex | Words | None:
    """Worked lines as one; None where they give a reason, so that they would not be one formula."""
    if any(row.reason is not None for row in rows):
        return None
    sides, signed = list[str](), False
    for row in rows:
        text = " ".join(part for part in (row.left, row.relation, row.right.removeprefix(r"\quad ")) if part)
        if sides and not (row.relation and signed):  # it goes on from the row above
            sides[-1] += f" {text}"
        else:
            sides.append(text)
        signed = signed or bool(row.relation)
    return in_sides(desk, sides)


def in_numbers(desk: Desk, quantity: Quantity, formula: Expr, values: dict[str, Quantity]) -> Tex | Words | None:
    """``0.6478 - 1 ≈ -0.3522``: a formula with its numbers put in, and what it gives."""
    rows = desk.worked(BLANK, quantity, (formula,), values=values)
    first = next((i for i, row in enumerate(rows) if i and row.relation), None)
    if first is None:
        return None
    return in_line(desk, (Row(BLANK, BLANK, rows[first].right, rows[first].reason), *rows[first + 1 :]))


def side_of(desk: Desk, left: Tex, quantity: Quantity, right: str = "0", style: str = "side") -> Tex:
    """``z < 0``: on which side of 0 a number lies (or, for what rises through it there, on which side of another)."""
    return Tex(f"{left} {desk.sheet.put(quantity, style)} {right}")


def first_without_zero(desk: Desk, items: Iterable[tuple[Candidate, Sequence[Quantity]]]) -> Candidate | None:
    """The first item none of whose numbers is 0."""
    tried = list(items)[:MAX_TRIED]

    def first(figures: Figures) -> int | None:
        return next((i for i, (_, numbers) in enumerate(tried) if not any(map(figures.is_nothing, numbers))), None)

    found: int | None = desk.sheet.ask(first)
    return None if found is None else tried[found][0]


def others(desk: Desk, names: Iterable[str]) -> list[str]:
    """Those of the parameters that are not worked in full."""
    names = tuple(names)
    shown = desk.shown_among(names)
    return [name for name in names if name not in shown]
