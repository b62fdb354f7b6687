"""δ with its unit right behind it, in a graph: ``δstate_1 * i_1`` has the derivative by state_1, and no product.

>>> from derive.verification.reading.tokens import tokens
>>> [token.text for token in joined(tokens("δs_1 * i_1 * delta s_1", tex=False), {"s_1"}.__contains__)]
['delta_s_1', '*', 'i_1', '*', 'delta', 's_1']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from derive.verification.reading.token import Token

_ALONE = re.compile(r"δ(?![\w^*])|delta[ \t]*=")
"""A δ that has no unit, so that it may be a factor of what stands behind it."""


def are_glued(text: str, names: Sequence[str]) -> bool:
    """Whether a text about a graph with these names writes δ so."""
    return "δ" in text and not {"delta", "δ"} & set(names) and _ALONE.search(text) is None


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


__all__ = ["are_glued", "joined"]
