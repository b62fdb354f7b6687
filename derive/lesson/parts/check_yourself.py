"""Part 10: questions at the ends of sections, and their answers in a section of their own.

A kind of question is an entry of :data:`QUESTIONS`: the section at whose end it stands, and a function that asks it of
the document at hand. Where it does not fit, the function gives None. Answers are made of the page's own numbers, by
worked lines; where a sentence would depend on a sign, the sign is a slot, so that documents still share their text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import zip_longest
from typing import NamedTuple

from derive.lesson.blocks import Block, Bullets, Section, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.parts.asked import Posed
from derive.words.runs import Say


class QuestionKind(NamedTuple):
    """A kind of question: ``ask`` is ``module:function``, and ``section`` the key of the section that it closes.

    Where that has sections below it, it closes the last of them.
    """

    section: str
    ask: str

    def asked(self, desk: Desk) -> Posed | None:
        """The question, with its answer; None where it does not fit."""
        module, _, function = self.ask.partition(":")
        ask: Callable[[Desk], Posed | None] = getattr(import_module(f"derive.lesson.parts.{module}"), function)
        return desk.sheet.part(self.ask, partial(ask, desk))


_LAYERS = (
    QuestionKind("forward", "questions_of_layers:without_input"),
    QuestionKind("forward", "questions_of_layers:side_of_activation"),
    QuestionKind("forward", "questions_of_layers:what_changes"),
    QuestionKind("backward", "questions_of_layers:faded"),
    QuestionKind("backward", "questions_of_layers:to_do"),
    QuestionKind("backward", "questions_of_layers:sign"),
    QuestionKind("backward", "questions_of_layers:delta_for_bias"),
    QuestionKind("backward", "questions_of_layers:doubled_input"),
    QuestionKind("update", "questions_of_updates:direction"),
    QuestionKind("update", "questions_of_updates:unmoved"),
    QuestionKind("update", "questions_of_updates:doubled_rate"),
    QuestionKind("helped", "questions_of_updates:next_delta"),
)
_GRAPH = (
    QuestionKind("forward", "questions_of_graphs:what_changes"),
    QuestionKind("backward", "questions_of_graphs:what_is_needed"),
    QuestionKind("backward", "questions_of_graphs:sign"),
    QuestionKind("backward", "questions_of_graphs:doubled_output"),
    QuestionKind("update", "questions_of_updates:direction"),
    QuestionKind("update", "questions_of_updates:doubled_rate"),
)
QUESTIONS = {"layers": _LAYERS, "graph": _GRAPH}
"""The kinds of questions for each form, in the order in which they are asked."""


OF_SAMPLE = ("forward", "backward")
"""The sections whose questions are about the sample that is worked in full."""


def with_questions(desk: Desk, sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections with questions at their ends, and one more with the answers where there are any."""
    kinds = QUESTIONS[desk.form]
    found: list[Section] = []
    answers: list[tuple[int, Posed]] = []
    for section, following in zip_longest(sections, sections[1:]):
        key = _main(section)
        ended = following is None or _main(following) != key
        asked = [one for kind in kinds if ended and kind.section == key and (one := kind.asked(desk)) is not None]
        numbered = list(enumerate(asked, len(answers) + 1))
        answers += numbered
        found.append(replace(section, blocks=(*section.blocks, *_posed(desk, key, numbered))) if asked else section)
    if not answers:
        return tuple(found)
    listed = _listed((number, one.answer) for number, one in answers)
    return (*found, Section("answers", say("questions.answers"), (listed,)))


def _main(section: Section) -> str:
    """The key of a section, or of the one that it is a part of."""
    return section.key.partition(".")[0]


def _posed(desk: Desk, section: str, numbered: Sequence[tuple[int, Posed]]) -> tuple[Block, ...]:
    heading = say("questions.title", row=desk.row(desk.sample) if desk.mark and section in OF_SAMPLE else 0)
    if len(numbered) == 1:
        (number, one), *_ = numbered
        return (paragraph(heading, say("questions.number", number=number), *one.question),)
    return paragraph(heading), _listed((number, one.question) for number, one in numbered)


def _listed(items: Iterable[tuple[int, tuple[Say, ...]]]) -> Bullets:
    return Bullets(tuple((say("questions.number", number=number), *sentences) for number, sentences in items))
