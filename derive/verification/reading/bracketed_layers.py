"""Layers in brackets behind a letter in plain text: ``W[1]_12`` and ``z[2]`` for ``w^{[1]}_{12}`` and ``z^{[2]}``."""

from __future__ import annotations

from collections.abc import Sequence

from derive.patterns import regex
from derive.verification.reading.token import Token

_SAID = regex(r"(?<![A-Za-z0-9_])[A-Za-z]{1,5}\[[1-9]\]_[0-9A-Za-z]")
"""An index behind the bracket: what is in it is no index."""
_LETTER = regex(r"(?:d?[zahwWbBoO]|d?net|d?delta)")


def has_bracketed_layers(text: str) -> bool:
    """Whether a text has layers in brackets."""
    return "]_" in text and _SAID.search(text) is not None


def with_layers_above(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with ``^`` before each bracket that holds a layer."""
    found: list[Token] = []
    for i, token in enumerate(tokens):
        texts = [one.text for one in tokens[i : i + 3]]
        opens = texts[:1] == ["["] and texts[2:] == ["]"] and tokens[i + 1].kind == "number"
        if opens and found and found[-1].kind == "word" and _LETTER.fullmatch(found[-1].text):
            if [one.text for one in tokens[i + 3 : i + 4]] == ["_"]:  # an entry
                found[-1] = found[-1]._replace(text=found[-1].text.replace("W", "w").replace("B", "b"))
            found.append(Token("op", "^", token.start, token.start))
        found.append(token)
    return found


__all__ = ["has_bracketed_layers", "with_layers_above"]
