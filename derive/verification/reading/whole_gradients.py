r"""The gradient by everything at once: ``\nabla L = [∂L/∂a, ∂L/∂b] = [3, 6]``, ``∇L = (3, 6)``."""

from __future__ import annotations

from collections.abc import Sequence

from derive.verification.reading.rows import RawChain
from derive.verification.reading.token import Token

MAX_OF_A_HEAD = 20
"""The name of the gradient, with its arguments, has at most so many tokens."""
MAX_OF_A_LIST = 2_000
"""A list of more tokens is not looked at."""
_OPENS, _CLOSES = ("(", "[", "{"), (")", "]", "}")


def with_entries(chain: RawChain, output: str, parameters: Sequence[str]) -> None:
    """Puts the list of derivatives in the place of ``∇L``, where ``output`` is L.

    Where the next side lists them, ∇L is only its name; a list of as many numbers as there are ``parameters`` is by
    these, in their order.
    """
    head = chain.sides[0]
    if len(chain.sides) < 2 or not _is_whole(head, output):
        return
    listed = chain.sides[1]
    if len(listed) > MAX_OF_A_LIST or not listed or not (listed[0].text in ("[", "(") or listed[0].kind == "begin"):
        return
    if any(token.text == "∂" or token.text.startswith(f"d{output}") for token in listed) and len(chain.sides) > 2:
        del chain.sides[0], chain.relations[0]
        return
    entries = _with_names(listed, [f"d{output}/d{name}" for name in parameters])
    if entries is not None:
        chain.sides[0][:] = entries


def _is_whole(head: Sequence[Token], output: str) -> bool:
    """Whether a side is ``∇L`` or ``∇L(a, b)``, and not ``∇_w L``."""
    if not 2 <= len(head) <= MAX_OF_A_HEAD or head[0].text != "∇" or head[1].text != output:
        return False
    return len(head) == 2 or (head[2].text == "(" and head[-1].text == ")")


def _with_names(listed: Sequence[Token], names: Sequence[str]) -> list[Token] | None:
    """The list with names in the place of its entries; None where there are not as many."""
    found: list[Token] = []
    depth = count = 0
    inside = False
    for token in listed:
        closes = token.text in _CLOSES
        depth -= closes
        parts = token.kind in ("begin", "end", "row", "amp") or (depth == 0 and token.text in ("[", "]", "(", ")"))
        parts = parts or (depth == 1 and token.text in (",", ";"))
        depth += token.text in _OPENS
        if parts:
            found.append(token)
            inside = False
        elif not inside:
            if count == len(names):
                return None
            found.append(Token("word", names[count], token.start, token.start))
            count, inside = count + 1, True
    return found if count == len(names) else None


__all__ = ["with_entries"]
