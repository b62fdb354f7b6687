"""What quantities stand for, in the author's words, where the opening has not said it."""

from __future__ import annotations

from derive.lesson.blocks import Block, Table, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.parts.introduction import told_at_once
from derive.words.runs import Say, Words

MAX_IN_A_SENTENCE = 5
"""At most this many meanings stand in one sentence; more make a table."""


def meanings_said(desk: Desk) -> list[Say]:
    """The sentence with the meanings, where they are few."""
    found = _others(desk)
    if not 0 < len(found) <= MAX_IN_A_SENTENCE:
        return []
    each = [
        say("network.stands_for", symbol=desk.symbol(name), meaning=Words((text,)), first=i == 0)
        for i, (name, text) in enumerate(found)
    ]
    return [say("network.meanings", each=each)]


def meanings_table(desk: Desk) -> list[Block]:
    """The table of the meanings, where they are many."""
    found = _others(desk)
    if len(found) <= MAX_IN_A_SENTENCE:
        return []
    rows = tuple((desk.symbol(name), Words((text,))) for name, text in found)
    head = (say("network.value_of"), say("network.meaning"))
    return [paragraph(say("network.meanings_head")), Table(head, rows, "lp")]


def _others(desk: Desk) -> list[tuple[str, str]]:
    told = told_at_once(desk)
    return [(name, text) for name, text in desk.network.spec.meaning if name not in told]
