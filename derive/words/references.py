"""References to the figures of a document: names while it is written, numbers once it is known which are drawn."""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.records import record

_MARK = "\x14"
"""What fences the name of a figure in a text; no text of a spec holds it."""
_IN_BRACKETS = re.compile(rf" ?\([^(){_MARK}]*{_MARK}([a-z0-9-]+){_MARK}[^(){_MARK}]*\)")


@record
class FigureReference:
    """A figure by its name; the wording puts it in brackets, with what else stands there: ``(Figure 2)``."""

    figure: str

    def __str__(self) -> str:
        return f"{_MARK}{self.figure}{_MARK}"


def around_references(text: str, escape: Callable[[str], str]) -> str:
    """A text that is escaped but for its references."""
    if _MARK not in text:
        return escape(text)
    parts = text.split(_MARK)
    return "".join(str(FigureReference(part)) if i % 2 else escape(part) for i, part in enumerate(parts))


def with_references(text: str, number: Callable[[str], str]) -> str:
    """A text with its references as ``number`` gives them; where it gives nothing, the brackets go."""

    def filled(found: re.Match[str]) -> str:
        shown = number(found[1])
        return found[0].replace(str(FigureReference(found[1])), shown) if shown else ""

    return _IN_BRACKETS.sub(filled, text) if _MARK in text else text
