r"""How a format fills the slots of a rendered text: with numbers, relation signs and the name of the document.

A number comes as TeX. A format that sets formulas in another way (MathML, plain text) turns it into its own, and says
what must stand between it and its neighbours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from derive.expressions.tex_words import begins_with_letter, ends_in_command
from derive.patterns import regex
from derive.records import record

TOKEN = regex("\x0e([0-9]+)\x0f")
"""A token of a number or relation sign (see :mod:`derive.lesson.slots`)."""
ESCAPED_TOKEN = regex(r"\\u000e([0-9]+)\\u000f")
"""The same as it stands in JSON."""
STEM, ESCAPED_STEM = "\x13", r"\u0013"
"""What stands for the name of the document, without its ending, in the names of its files and in links to them."""
BACKSLASH, ESCAPED_BACKSLASH = "\\", "\\\\"
"""A backslash, and as it stands in JSON."""
MAX_COMMAND = 40
"""At most this many characters before a number are read to tell whether a command stands there."""


def in_tex(before: str, text: str, after: str) -> str:
    r"""TeX between its neighbours: a command never touches a letter.

    >>> in_tex(r"E\cdot", "e", " x"), in_tex("", r"\pi", "x")
    (' e', '\\pi ')
    """
    if begins_with_letter(text) and ends_in_command(before[-MAX_COMMAND:]):
        text = f" {text}"
    return f"{text} " if ends_in_command(text) and begins_with_letter(after) else text


def in_json(before: str, text: str, after: str) -> str:
    """The same in a string of JSON."""
    unescaped = before[-MAX_COMMAND:].replace(ESCAPED_BACKSLASH, BACKSLASH)
    return in_tex(unescaped, text, after).replace(BACKSLASH, ESCAPED_BACKSLASH)


def _same(text: str) -> str:
    return text


Write: TypeAlias = Callable[[str], str]


def _not_drawn(drawing: Any, write: Write) -> str:
    raise NotImplementedError("this format draws nothing")


@record
class Filling:
    """How slots are filled.

    Attributes:
        token: a token as it stands in the rendered text; its group is the slot.
        write: a number or relation sign, given as TeX.
        between: what was written, between what stands before and after it.
        draw: what is drawn anew from the numbers of each run, given as data, and how its formulas are written.
        stem: what stands for the name of the document in the rendered text.
        address: that name where an address stands.
    """

    token: re.Pattern[str] = TOKEN
    write: Write = _same
    between: Callable[[str, str, str], str] = in_tex
    draw: Callable[[Any, Write], str] = _not_drawn
    stem: str = STEM
    address: Callable[[str], str] = _same


IN_TEX = Filling()
IN_JSON = Filling(ESCAPED_TOKEN, between=in_json, stem=ESCAPED_STEM, address=lambda name: json.dumps(name)[1:-1])
"""TeX in the strings of JSON."""


@record
class Draft:
    """A rendered text with its slots, and how they are filled.

    ``bytes`` have none.
    """

    text: str | bytes
    filling: Filling = IN_TEX
