"""Labels that say which value a running index has: ``t = 2: h_2 = tanh(…)`` is about h_2, and t is no quantity.

>>> without_index_labels("t = 2: h_2 = 0.5", {"h_2"}.__contains__)
'       h_2 = 0.5'
>>> without_index_labels("t = 2: h_2 = 0.5", {"h_2", "t"}.__contains__)
't = 2: h_2 = 0.5'
"""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.patterns import regex

_LABEL = regex(
    r"(?m)^(?P<before>[ \t>*_#•-]{0,20}(?:\d{1,3}[.)][ \t]+)?)"
    r"(?P<label>(?:(?:at|for|time|step|timestep|time-step|when|bei|für|zeit|schritt)[ \t]+){0,3}"
    r"\(?(?:\$|\\\()?[ \t]{0,3}(?P<letter>[tkijnl])[ \t]{0,3}=[ \t]{0,3}[0-9]{1,3}[ \t]{0,3}(?:\$|\\\))?\)?"
    r"[ \t]{0,3}:?[ \t]{0,3}(?:\*\*|__)?[ \t]{0,3}:?)(?P<after>[ \t]*\S)",
    re.IGNORECASE,
)

_IS = r"[ \t]{0,3}=[ \t]{0,3}[0-9]{1,3}[ \t]{0,3}"
_MOMENT = regex(
    rf"\$[ \t]{{0,3}}(?P<inline>[tk]){_IS}\$|\((?P<bracketed>[tk]){_IS}\)|(?m:^)(?P<first>[tk]){_IS},(?=[ \t]*\$)"
)
"""Where nothing else is said than the moment."""


def without_index_labels(text: str, knows: Callable[[str], bool]) -> str:
    """The text with blanks in place of such labels at the beginning of lines; every offset stays.

    Where the letter is a quantity, a line says its value.
    """
    if "=" not in text or ":" not in text:
        return text

    def blank(found: re.Match[str]) -> str:
        label = found["label"]
        if ":" not in label or found["after"].strip() == "=" or knows(found["letter"]):
            return found.group()
        return found["before"] + " " * len(label) + found["after"]

    return _LABEL.sub(blank, text)


def without_moments_said(text: str, knows: Callable[[str], bool]) -> str:
    """The text of a recurrence with blanks in place of what only says a moment: ``(t = 1)``, ``At $t = 2$, …``.

    >>> without_moments_said("At $t = 2$, $h_2 = 0.5$", {"h_2"}.__contains__)
    'At        , $h_2 = 0.5$'
    """

    def blank(found: re.Match[str]) -> str:
        letter = found["inline"] or found["bracketed"] or found["first"]
        return found.group() if knows(letter) else re.sub(r"[^\n]", " ", found.group())

    return _MOMENT.sub(blank, text) if "=" in text else text


__all__ = ["without_index_labels", "without_moments_said"]
