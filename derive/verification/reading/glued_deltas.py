"""δ with its unit right behind it, in a graph: ``δstate_1 * i_1`` has the derivative by state_1, and no product.

>>> from derive.verification.reading.tokens import tokens
>>> [token.text for token in joined(tokens("δs_1 * i_1 * delta s_1", tex=False), {"s_1"}.__contains__)]
['delta_s_1', '*', 'i_1', '*', 'delta', 's_1']
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.patterns import regex
from derive.verification.reading.symbols import symbol_at
from derive.verification.reading.token import Token

_IN_TEX = regex(r"\\delta[ \t]?(?:\\(?:text|mathrm|mathit)[ \t]?\{|[A-Za-z])")
_ALONE = regex(r"δ(?![\w^*])|\\?delta[ \t]*[=&]")
"""A δ that has no unit, so that it may be a factor of what stands behind it."""


def are_glued(text: str, names: Sequence[str]) -> bool:
    """Whether a text about a graph with these names writes δ so."""
    written = "δ" in text or _IN_TEX.search(text) is not None
    return written and not {"delta", "δ"} & set(names) and _ALONE.search(text) is None


def in_scripts(tokens: Sequence[Token], is_called: Callable[[str], bool]) -> list[Token]:
    r"""The tokens of a formula with each such δ as one with its unit below: ``\delta_{W_c}`` for ``\delta W_c``."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        symbol = symbol_at(tokens, at + 1) if token.text == "delta" and at + 1 < len(tokens) else None
        if symbol is None or tokens[at + 1].kind not in ("word", "text"):
            found.append(token)
            at += 1
            continue
        end = symbol.raised if symbol.raised > 0 else symbol.end
        if not is_called(f"{symbol.base}_{symbol.below}" if symbol.below else symbol.base):
            found.append(token)
            at += 1
            continue
        place, past = tokens[at + 1].start, tokens[end - 1].end
        found += [token, Token("op", "_", place, place), Token("op", "{", place, place)]
        found += [*_plainly(tokens[at + 1 : end]), Token("op", "}", past, past)]
        at = end
    return found


def _plainly(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a name without braces, as words."""
    return [
        token._replace(kind="word") if token.kind == "text" else token for token in tokens if token.text not in "{}"
    ]


def joined(tokens: Sequence[Token], is_called: Callable[[str], bool]) -> list[Token]:
    """The tokens of plain text with each such δ and its unit as one name."""
    found: list[Token] = []
    for token in tokens:
        before = found[-1] if found else None
        glued = before is not None and before.text == "delta" and before.end == token.start == before.start + 1
        if before is not None and glued and token.kind == "word" and is_called(token.text):
            found[-1] = token._replace(text=f"delta_{token.text}", start=before.start)
        else:
            found.append(token)
    return found


__all__ = ["are_glued", "in_scripts", "joined"]
