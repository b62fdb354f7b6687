"""The lesson: a derivation and its numbers as the sections of a document, as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derive.errors import DeriveError, quoted
from derive.lesson.styles import GRAPH_STYLES, STYLES, style_of, styles_of
from derive.network.summary import counted

if TYPE_CHECKING:
    from derive.lesson.blocks import Lesson, Section
    from derive.lesson.desk import Desk
    from derive.naming.quantity import NamedQuantity
    from derive.network import Network

__all__ = ["GRAPH_STYLES", "STYLES", "lesson", "shown_parameters", "style_of", "styles_of"]

ALL = "all"
"""What ``--show`` takes in place of names, unless a quantity is called so."""
MAX_SHOWN = 200
"""At most this many parameters are worked in full for the asking of :data:`ALL`."""


def shown_parameters(network: Network, show: Sequence[str]) -> tuple[str, ...]:
    """The parameters that ``--show`` names: without it the numbers decide (:func:`derive.lesson.in_full.in_full`).

    Raises:
        DeriveError: where a name is no parameter, and where all of them are too many.
    """
    if ALL in show and ALL not in network.names.taken:
        return _all_parameters(network)
    return tuple(dict.fromkeys(name for text in show for name in _parameters(network, text)))


def _all_parameters(network: Network) -> tuple[str, ...]:
    """Every parameter, in the order in which the backward pass meets them."""
    if len(network.parameters) > MAX_SHOWN:
        raise DeriveError(
            "--show",
            f"'{ALL}': the example has {len(network.parameters):,} parameters, "
            f"and at most {MAX_SHOWN} are worked in full",
            "name those that you want",
        )
    by_layer = (name for layer in reversed(network.layers) for name in layer.parameter_names)
    return tuple(dict.fromkeys((*by_layer, *network.parameters)))


def _parameters(network: Network, text: str) -> tuple[str, ...]:
    """The parameters that a name asks for: ``w1_4_3``, ``dE/dw1_4_3``, all of a layer's ``W1``."""
    try:
        quantity = network.names.resolve(text)
    except ValueError as error:
        problem, _, hint = str(error).partition(": ") if str(error).startswith("unknown") else (str(error), "", "")
        raise DeriveError("--show", problem, hint) from None
    _check_marks(network, quantity, text)
    entries = network.names.members(quantity)
    found = tuple(entry.by or entry.base for row in entries for entry in row)
    if any(name not in network.parameters for name in found):
        raise DeriveError("--show", f"{quoted(text)} is no parameter", "name weights, biases or the graph's parameters")
    return found


def _check_marks(network: Network, quantity: NamedQuantity, text: str) -> None:
    """An update or a row that the example does not have is an error."""
    updates = network.spec.training.iterations if network.spec.training.learning_rate is not None else 0
    if (quantity.step or 0) > updates:
        raise DeriveError(
            "--show", f"{quoted(text)}: the example has {counted(updates, 'update')}", "leave out the mark"
        )
    if (quantity.row or 0) > len(network.rows):
        rows = counted(len(network.rows), "row")
        raise DeriveError("--show", f"{quoted(text)}: the data have {rows}", "leave out the mark")


def lesson(desk: Desk) -> Lesson:
    """The whole document, as data."""
    from functools import partial

    from derive.expressions.letters import taken
    from derive.lesson.blocks import Lesson
    from derive.lesson.parts.backward import backward
    from derive.lesson.parts.checked import checked
    from derive.lesson.parts.derivatives import derivatives
    from derive.lesson.parts.differs import last_words
    from derive.lesson.parts.forward import forward
    from derive.lesson.parts.helped import helped
    from derive.lesson.parts.introduction import introduction, words
    from derive.lesson.parts.mistakes import mistakes
    from derive.lesson.parts.network import network
    from derive.lesson.parts.summary import summary
    from derive.lesson.parts.update import update
    from derive.lesson.parts.why_backwards import why_backwards
    from derive.lesson.remarks import zero_terms_said
    from derive.naming.author_words import as_typed

    # what notes local gradients in the forward pass needs their formulas before it
    passes = (derivatives, forward) if desk.style.notes_local_gradients else (forward, derivatives)
    told = (network, *passes, backward, why_backwards, update, helped, checked, summary, mistakes)
    spec = desk.network.spec
    with taken(desk.notation.taken_letters):
        if desk.contents.card:
            from derive.lesson.parts.card import card

            sections: tuple[Section, ...] = (card(desk),)
        else:
            written = (desk.sheet.part(part.__name__, partial(part, desk)) for part in told)
            parts = (section for each in written for section in _as_sections(each))
            sections = tuple(zero_terms_said(desk, section) for section in parts)
            # written last: what it says of a number is decided when the lines that work it are known
            sections = (desk.sheet.part("introduction", partial(introduction, desk)), *sections)
            if desk.contents.questions:
                from derive.lesson.parts.check_yourself import with_questions

                sections = with_questions(desk, sections)
            sections = (*sections, *last_words(desk))
        heading = words(desk, spec.title)
    return Lesson(as_typed(spec.title), heading, sections, spec.author, spec.date, spec.source, desk.style.name)


def _as_sections(written: Section | tuple[Section, ...] | None) -> tuple[Section, ...]:
    """What a part has written: a section, one with sections below it, or none."""
    if written is None:
        return ()
    return written if isinstance(written, tuple) else (written,)
