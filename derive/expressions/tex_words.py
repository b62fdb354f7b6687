r"""TeX as words, and the one place that joins pieces of TeX.

A command ends where its letters end, so two pieces cannot simply stand beside each other:

>>> joined(r"\lvert", "a", r"\rvert", "m")
'\\lvert a\\rvert m'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from derive.patterns import regex

_WORDS = regex(r"\\[A-Za-z]+|\\.|\x0e[0-9]+\x0f|\s+|.", re.DOTALL)


def words(tex: str) -> list[str]:
    r"""The words of TeX: a command, an escaped sign, a run of spaces, the token of a number, any other character.

    They join to the whole.

    >>> words(r"\hat{y}_1 \, a")
    ['\\hat', '{', 'y', '}', '_', '1', ' ', '\\,', ' ', 'a']
    """
    return _WORDS.findall(tex)


def in_letters(tex: str) -> str:
    r"""TeX where nothing but letters can be shown, as in the bookmarks of a PDF.

    >>> in_letters(r"w^{1}_{11} \approx \hat{y}"), in_letters(r"\frac{a}{b}\,c")
    ('w^1_11 approx hat y', 'frac a b c')
    """
    plain = [
        "" if word == "{" else " " if word == "}" else f" {word[1:]} " if word[:1] == "\\" else word
        for word in words(tex)
    ]
    return re.sub(r"\s+(?=[\s_^])|\s+$", "", re.sub(r" [,;:!] ", " ", "".join(plain))).strip()


def ends_in_command(tex: str) -> bool:
    r"""Whether a letter that followed would belong to a command.

    >>> ends_in_command(r"a \cdot"), ends_in_command(r"\cdot a"), ends_in_command(r"a \\ b"), ends_in_command(r"a \\b")
    (True, False, False, False)
    """
    end = len(tex)
    while end and tex[end - 1].isascii() and tex[end - 1].isalpha():
        end -= 1
    if end == len(tex):
        return False
    return (end - len(tex[:end].rstrip("\\"))) % 2 == 1


def begins_with_letter(tex: str) -> bool:
    """Whether a command before it would swallow its first letter."""
    return tex[:1].isascii() and tex[:1].isalpha()


def joined(*pieces: str) -> str:
    """The pieces one after the other, with a space where a command would touch a letter."""
    return joined_all(pieces)


def joined_all(pieces: Iterable[str]) -> str:
    """As :func:`joined`."""
    kept = [piece for piece in pieces if piece]
    if not kept:
        return ""
    parts = kept[:1]
    for left, right in pairwise(kept):
        if begins_with_letter(right) and ends_in_command(left):
            parts.append(" ")
        parts.append(right)
    return "".join(parts)
