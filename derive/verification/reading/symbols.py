r"""A symbol among the tokens: a letter with its accent, its scripts and its primes.

Scripts are kept as short texts without braces: ``w^{(1)}_{4,3}`` has ``(1)`` above and ``4,3`` below.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.records import record
from derive.verification.reading.token import Token

MAX_BRACES = 3
"""At most this many braces stand around one letter."""
MAX_SCRIPT = 60
"""At most this many tokens of a script that may be part of a name."""


@record
class Scripted:
    """A base and its scripts; ``end`` is the place after the last token.

    ``raised`` is the place of the ``^`` (or -1): where the name ends if what is above is a power; ``early`` counts
    the primes before it.
    """

    base: str
    below: str
    above: str
    primes: int
    end: int
    raised: int = -1
    early: int = 0


def symbol_at(tokens: Sequence[Token], at: int) -> Scripted | None:
    """The symbol that begins at a place, or None."""
    base, end = _base(tokens, at)
    if not base:
        return None
    below = above = ""
    primes, early, raised = 0, 0, -1
    while end < len(tokens) and tokens[end].kind == "op":
        sign = tokens[end].text
        if sign == "'":
            primes, end = primes + 1, end + 1
        elif sign == "_" and not below:
            below, after = _script(tokens, end + 1)
            if not below:
                break
            if not above and _is_counted(below):  # x_{(2)} of sample 2
                above, below, raised, early = below, "", end, primes
            end = after
        elif sign == "^" and not above:
            text, after = _script(tokens, end + 1)
            if not text:
                break
            if text.strip("'") == "":
                primes, end = primes + len(text), after
                continue
            above, raised, early, end = text, end, primes, after
        else:
            break
    primes += len(above) - len(above.rstrip("'"))
    return Scripted(base, below, above.rstrip("'"), primes, end, raised, early)


def _is_counted(script: str) -> bool:
    """Whether a script is a number in brackets, which counts samples or layers wherever it stands."""
    return script[:1] in ("(", "[") and script[-1:] in (")", "]") and script[1:-1].isdecimal()


def _base(tokens: Sequence[Token], at: int, depth: int = 0) -> tuple[str, int]:
    """A letter, an accented letter, or a letter in braces."""
    if at >= len(tokens):
        return "", at
    token = tokens[at]
    if token.kind in ("word", "text"):
        return token.text.strip(), at + 1
    if token.kind == "accent":
        return _under_accent(token.text, tokens, at + 1)
    if token.kind == "op" and token.text == "{" and at + 2 < len(tokens) and depth < MAX_BRACES:
        inner, end = _base(tokens, at + 1, depth + 1)
        closed = end < len(tokens) and tokens[end].text == "}"
        return (inner, end + 1) if inner and closed and tokens[at + 1].kind != "accent" else ("", at)
    return "", at


def _under_accent(accent: str, tokens: Sequence[Token], at: int) -> tuple[str, int]:
    r"""What an accent stands on; the index of ``\hat y_3`` and of ``\hat{y_3}`` belongs to the whole."""
    inner, end = _base(tokens, at)
    if not inner and at < len(tokens) and tokens[at].text == "{":
        symbol = symbol_at(tokens, at + 1)
        if symbol is not None and symbol.below and symbol.raised < 0 and not symbol.primes:
            inner, end = f"{symbol.base}_{symbol.below}", symbol.end
        if inner and (end >= len(tokens) or tokens[end].text != "}"):
            return "", at
        end += 1
    base, underline, index = inner.partition("_")
    return f"{base}{accent}{underline}{index}" if base else "", end


def _script(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """A script as text: one token, or a group in braces; empty where it is no short one."""
    if at >= len(tokens):
        return "", at
    if tokens[at].text != "{":
        if tokens[at].text in ("(", "["):
            return _bracketed(tokens, at)
        if tokens[at].kind in ("number", "word", "text") or tokens[at].text in ("'", "+", "*"):
            return tokens[at].text, at + 1
        return "", at
    end = at + 1
    while end < len(tokens) and end - at < MAX_SCRIPT and tokens[end].text not in ("{", "}"):
        end += 1
    if end >= len(tokens) or tokens[end].text != "}":
        return "", at
    return joined(tokens[at + 1 : end]), end + 1


def _bracketed(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """``^(1)`` in plain text."""
    closing = {"(": ")", "[": "]"}[tokens[at].text]
    if at + 2 < len(tokens) and tokens[at + 1].kind == "number" and tokens[at + 2].text == closing:
        return f"{tokens[at].text}{tokens[at + 1].text}{closing}", at + 3
    return "", at


def joined(tokens: Sequence[Token]) -> str:
    """The text of a script; numbers that stand apart keep apart."""
    parts: list[str] = []
    for i, token in enumerate(tokens):
        if i and token.kind == "number" and tokens[i - 1].kind == "number":
            parts.append(",")
        parts.append(token.text.strip())
    return "".join(parts)
