"""What a letter stands for in no book, whatever numbers are stated of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NEVER = {
    "da": re.compile(r"[dD]|[dD]elta(?![a-z])\w*"),
    "z": re.compile(r"([oO]|[oO]ut|[oO]utput|[aA]ct|[aA]ctivation)(?![a-z])\w*"),
    "a": re.compile(r"(?:[nN]et|[iI]n|[zZ]in)(?![a-z])\w*"),
}
"""By the kind of quantity: a δ that leaves out the slope, an output without its activation are mistakes."""
MAX_NUMBERS = 20
"""At most this many numbers of a letter are looked for as what a function takes."""
_TAKES = (
    r"(?:sigma|sigmoid|logistic|soft_?max|tanh|relu|ReLU|phi|exp|(?<![A-Za-z])[fgσφϕ]|e\s?\^)'?\s*(?:\\left|\\bigl?)?\s*[({{]"
    r"\s*-?\s*(?:(?:\\text|\\mathrm)?\s*{{?(?:{letter})(?![A-Za-z])|(?:{numbers})(?![0-9]))"
)


def may_be(letter: str, kind: str, text: str = "", numbers: Sequence[str] = ()) -> bool:
    """Whether a letter, with its index or label or without, may stand for a kind of quantity in a text.

    An ``o`` is a weighted input only where the text applies a function to it, or to one of its ``numbers``, as where
    softmax takes it.

    >>> may_be("outA", "z"), may_be("out", "a"), may_be("delta", "da"), may_be("delta", "dz")
    (False, True, False, True)
    >>> may_be("o", "z", "y = softmax(o_1, o_2)"), may_be("o", "z", "y = σ(0.38) = 0.59", ["0.38"])
    (True, True)
    """
    never = _NEVER.get(kind)
    found = never.fullmatch(letter) if never is not None else None
    if found is None:
        return True
    if kind != "z":
        return False
    some = "|".join(re.escape(number.lstrip("-")) for number in numbers[:MAX_NUMBERS]) or r"(?!)"
    return re.search(_TAKES.format(letter=found[1], numbers=some), text) is not None


__all__ = ["may_be"]
