"""Labels inside a line of plain text: ``S1: x=0.5 t=1   S2: x=-1 t=0`` says two lists on one line.

>>> from derive.verification.reading.tokens import tokens
>>> found = without_labels(tokens("x=0.5 t=1   S2: x=-1", tex=False), {"x", "t"}.__contains__)
>>> [token.text for token in found]
['x', '=', '0.5', 't', '=', '1', '', 'x', '=', '-', '1']
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.patterns import regex
from derive.verification.reading.token import Token

_LABEL = regex(r"[A-Za-z]{1,12}\.?[0-9]{0,3}")


_COUNTS = regex(r"[ \t\-=#>*(\[]*([inkms])[ \t]?=[ \t]?[1-9][0-9]{0,3}[ \t\-=*)\]]*:?[ \t\-=*]*")


def counts_samples_only(text: str, start: int, end: int, knows: Callable[[str], bool]) -> bool:
    """Whether a line says no more than which sample comes: ``i = 2:``."""
    found = _COUNTS.fullmatch(text, start, end)
    return found is not None and not knows(found[1])


def without_labels(tokens: Sequence[Token], knows: Callable[[str], bool]) -> list[Token]:
    """The tokens of a line with a gap in place of a label between two claims."""
    if sum(token.text == ":" for token in tokens) == 0:
        return list(tokens)
    found: list[Token] = []
    at, states = 0, False
    while at < len(tokens):
        length = _label(tokens, at, knows) if states else 0
        if length:
            found.append(Token("gap", "", tokens[at].start, tokens[at].start))
            at, states = at + length, False
            continue
        states = states or tokens[at].kind == "relation"
        found.append(tokens[at])
        at += 1
    return found


def _label(tokens: Sequence[Token], at: int, knows: Callable[[str], bool]) -> int:
    """How many tokens a label takes at a place behind a claim; 0 where there is none."""
    first, before = tokens[at], tokens[at - 1]
    if first.kind not in ("word", "text") or not _LABEL.fullmatch(first.text.strip()) or knows(first.text):
        return 0
    if before.kind != "number" and before.text not in (")", "]", "|", ";", ","):
        return 0
    numbered = at + 1 < len(tokens) and tokens[at + 1].kind == "number" and tokens[at + 1].text.isdigit()
    length = 1 + numbered
    colon = tokens[at + length] if at + length < len(tokens) else None
    if colon is None or colon.text != ":" or not (numbered or any(sign.isdigit() for sign in first.text)):
        return 0
    following = tokens[at + length + 1 : at + length + 3]
    is_claim = len(following) == 2 and following[0].kind in ("word", "accent") and following[1].text != ":"
    return length + 1 if is_claim else 0


__all__ = ["counts_samples_only", "without_labels"]
