"""Lines in which a weighted input goes through its activation: ``h1: 0.035 + 0.72 = 0.755 → σ → 0.68027``.

What stands before the function is the weighted input of the unit at the head of the line, what stands behind it is the
unit's activation; without a head the numbers alone are a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from derive.verification.reading.token import Token

MAX_OF_A_LINE = 300
"""At most this many tokens of a line are looked through."""
MAX_OF_A_HEAD = 12
"""At most this many tokens may be the name at the head of such a line."""
_PARTS = frozenset({",", ";", ":", "|", "-"})
_ENDS = frozenset({",", ";", ".", "|", "/", "!", ")"})


class UnitNames(NamedTuple):
    """The names of a unit's weighted input and of its activation."""

    weighted: str
    activation: str


Heads = Callable[[Sequence[Token]], UnitNames | None]
"""The unit of which tokens are the weighted input or the activation; None where they are neither."""


def through(tokens: Sequence[Token], unit: Heads, is_function: Callable[[str], bool]) -> list[Token] | None:
    """The tokens of a line as claims about a unit's z and a; None where no number goes through a function."""
    if len(tokens) > MAX_OF_A_LINE:
        return None
    found: list[Token] = []
    rest = _without_heads(tokens)
    while (step := _step(rest, is_function)) is not None:
        if found:
            found.append(_gap(rest[0].start))
        found += _claims(rest, step, unit)
        rest = rest[step.end :]
        while rest and (rest[0].kind == "gap" or rest[0].text in _ENDS):
            rest.pop(0)
    if not found:
        return None
    more = any(token.kind == "relation" for token in rest)
    return [*found, *([_gap(rest[0].start)] if more else []), *rest]


def _without_heads(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a line without the word at its head where another head follows: ``fw: h1: …``."""
    texts = [token.text for token in tokens[:4]]
    again = texts[1:2] == [":"] and texts[3:] and (texts[3] == ":" or tokens[3].kind == "relation")
    return list(tokens[2:] if again and texts[0].isalpha() else tokens)


class _Step(NamedTuple):
    """Where a number ends, the function that it goes through, and where the result begins and ends."""

    before: int
    function: int
    result: int
    end: int


def _step(tokens: Sequence[Token], is_function: Callable[[str], bool]) -> _Step | None:
    """The first number that goes through a function: ``→ σ →``, ``, σ: ``, ``--tanh-->``."""
    for i, token in enumerate(tokens[:-2]):
        if token.kind != "word" or not is_function(token.text):
            continue
        after, before = i + 1, i
        while after < len(tokens) - 1 and tokens[after].text == "-" and tokens[after + 1].kind == "arrow":
            after += 1
        leads = tokens[after].kind == "arrow"
        if not leads and (tokens[after].text != ":" or tokens[i - 1].text not in (",", ";", ":", "|")):
            continue
        while before and (tokens[before - 1].kind == "arrow" or tokens[before - 1].text in _PARTS):
            before -= 1
        end = _past_number(tokens, after + 1)
        if before and tokens[before - 1].kind == "number" and end:
            return _Step(before, i, after + 1, end)
    return None


def _past_number(tokens: Sequence[Token], at: int) -> int:
    """The place after a number that nothing is worked out with; 0 where there is none."""
    at += at < len(tokens) and tokens[at].text in ("-", "+")
    if at >= len(tokens) or tokens[at].kind != "number":
        return 0
    behind = tokens[at + 1] if at + 1 < len(tokens) else None
    works = behind is not None and behind.kind in ("op", "relation") and behind.text not in _ENDS | {"("}
    return 0 if works else at + 1


def _claims(tokens: Sequence[Token], step: _Step, unit: Heads) -> list[Token]:
    """The claims of one such step: about z what stands before it, about a what stands behind it."""
    length = _head(tokens, step.before)
    head = list(tokens[:length])
    own = unit(head) if head else None
    rest = list(tokens[length + bool(head) : step.before])
    arrow = tokens[step.result - 1]
    value, at = _last_side(rest), tokens[step.function]
    call = [
        at._replace(start=value[0].start),
        Token("op", "(", at.start, at.start),
        *value,
        Token("op", ")", at.end, at.end),
    ]
    result = [_sign(arrow), *tokens[step.result : step.end]]
    if own is None:
        if len(head) == 1 and _is_a_letter(head[0]):
            rest = [*head, _sign(tokens[length]), *rest]  # what it is, its numbers may tell
        whole = any(token.kind == "relation" for token in rest)
        return [*(rest if whole else []), *([_gap(at.start)] if whole else []), *call, *result]
    place = head[0].start, head[-1].end
    return [
        *(Token("word", own.weighted, *place), _sign(tokens[length]), *rest, _gap(at.start)),
        *(Token("word", own.activation, *place), _sign(tokens[length]), *call, *result),
    ]


def _head(tokens: Sequence[Token], before: int) -> int:
    """How many tokens stand before the colon, or the first sign, of a line that begins with no number."""
    signs = (i for i, token in enumerate(tokens[: min(before, MAX_OF_A_HEAD + 1)]) if _says(token))
    end = next(signs, 0)
    return end if end and any(token.kind in ("word", "accent") for token in tokens[:end]) else 0


def _says(token: Token) -> bool:
    return token.kind in ("relation", "arrow") or token.text == ":"


def _last_side(tokens: Sequence[Token]) -> list[Token]:
    """What stands behind the last sign."""
    begins = max((i + 1 for i, token in enumerate(tokens) if _says(token) or token.kind == "gap"), default=0)
    return list(tokens[begins:])


def _is_a_letter(token: Token) -> bool:
    """Whether a word may be a name, and no word of prose: it is short, or has an index."""
    return token.kind == "word" and (len(token.text) <= MAX_OF_A_LETTER or not token.text.isalpha())


MAX_OF_A_LETTER = 3
"""At most this many letters has a name without an index."""


def _sign(token: Token) -> Token:
    return Token("relation", "~" if token.text == "~" else "=", token.start, token.end)


def _gap(at: int) -> Token:
    return Token("gap", "", at, at)


__all__ = ["UnitNames", "through"]
