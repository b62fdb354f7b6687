"""Part 10: common mistakes that fit this document, with the number that each gives.

A kind of mistake is an entry of :data:`MISTAKES`, the commonest in classes first: a function that yields the
quantities of the document in which it can be made. Its wrong number is a formula in right numbers, so that it is
worked, certified and filled in like any other; a test holds it to what the catalogue of ``derive verify`` predicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from itertools import islice

from derive.arithmetic.outcomes import OutsideDomain
from derive.lesson.blocks import Section, Table, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.parts.mistake import CommonMistake
from derive.words.references import table_reference
from derive.words.runs import Cell

NAME = "mistakes"
"""By which the text refers to the table."""
MAX_TOLD = 5
"""At most so many mistakes are told."""
MAX_PLACES = 4
"""Of each kind at most so many quantities are tried."""
_LAYERS = (
    "mistakes_of_layers:loss_sign",
    "mistakes_of_layers:wrong_slope",
    "mistakes_of_layers:softmax_diagonal_only",
    "mistakes_of_layers:updated_weights_used",
    "mistakes_of_updates:plus_in_update",
    "mistakes_of_updates:momentum_left_out",
    "mistakes_of_layers:weight_for_activation",
    "mistakes_of_updates:mean_for_sum",
    "mistakes_of_layers:path_left_out",
    "mistakes_of_layers:lost_constant",
    "mistakes_of_layers:bias_left_out",
    "mistakes_of_updates:learning_rate_left_out",
)
_GRAPH = (
    "mistakes_of_graphs:path_left_out",
    "mistakes_of_graphs:own_factor",
    "mistakes_of_graphs:power_rule_factor",
    "mistakes_of_graphs:factor_left_out",
    "mistakes_of_updates:plus_in_update",
    "mistakes_of_updates:momentum_left_out",
    "mistakes_of_updates:mean_for_sum",
    "mistakes_of_updates:learning_rate_left_out",
)
MISTAKES = {"layers": _LAYERS, "graph": _GRAPH}
"""The kinds of mistakes for each form, ``module:function``, in the order in which they are thought of."""


def mistakes(desk: Desk) -> Section | None:
    """A table of mistakes; None where none changes a digit."""
    found = tuple(_possible(desk))
    chosen: tuple[int, ...] = desk.sheet.ask(lambda figures: _telling(figures, found))
    if not chosen:
        return None
    head = (say("mistakes.what"), say("mistakes.quantity"), say("mistakes.wrong"), say("mistakes.right"))
    rows = tuple(_row(desk, found[i]) for i in chosen)
    opening = paragraph(say("mistakes.opening", table=table_reference(NAME)))
    table = Table(head, rows, "llrr", say("mistakes.table"), name=NAME)
    return Section("mistakes", say("mistakes.title"), (opening, table))


def _possible(desk: Desk) -> Iterator[CommonMistake]:
    for entry in MISTAKES[desk.form]:
        module, _, function = entry.partition(":")
        kind: Callable[[Desk], Iterator[CommonMistake]] = getattr(
            import_module(f"derive.lesson.parts.{module}"), function
        )
        yield from desk.sheet.part(entry, partial(_of_kind, kind, desk))


def _of_kind(kind: Callable[[Desk], Iterator[CommonMistake]], desk: Desk) -> tuple[CommonMistake, ...]:
    return tuple(islice(kind(desk), MAX_PLACES))


def _telling(figures: Figures, found: Sequence[CommonMistake]) -> tuple[int, ...]:
    """Those that change a printed digit: each kind once, each quantity once, no two with one number."""
    chosen: list[int] = []
    seen: set[object] = set()
    for i, mistake in enumerate(found):
        if mistake.cause in seen or mistake.right in seen or any(map(figures.is_nothing, mistake.unless_zero)):
            continue
        try:
            wrong, right = (figures.policy.shown(figures.number(q)).text for q in (mistake.wrong, mistake.right))
        except OutsideDomain:
            continue
        if wrong != right and wrong not in seen:
            chosen.append(i)
            seen.update((mistake.cause, mistake.right, wrong))
    return tuple(chosen[:MAX_TOLD])


def _row(desk: Desk, mistake: CommonMistake) -> tuple[Cell, ...]:
    what = say(f"mistakes.{mistake.cause}", **mistake.facts)
    return what, mistake.symbol, desk.number(mistake.wrong), desk.number(mistake.right)
