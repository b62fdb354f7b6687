r"""``.*`` and ``.^`` outside of programs: the product of entries, and their powers."""

from __future__ import annotations

from collections.abc import Sequence

from derive.verification.reading.token import Token

_EACH = {"*": "o", "^": "^"}


def with_each(tokens: Sequence[Token]) -> list[Token]:
    r"""The tokens with one sign for a point and the sign right behind it.

    >>> from derive.verification.reading.tokens import tokens
    >>> [token.text for token in with_each(tokens(r"\delta .* g'(z)", tex=True))]
    ['delta', 'o', 'g', "'", '(', 'z', ')']
    >>> with_each([])
    []
    """
    found: list[Token] = []
    for token, following in zip(tokens, (*tokens[1:], None), strict=False):
        before = found[-1] if found else None
        is_bold = following is not None and following.text == token.text == "*"
        behind = before is not None and before.text == "." and before.end == token.start
        if before is not None and behind and token.text in _EACH and token.end == token.start + 1 and not is_bold:
            found[-1] = token._replace(kind="op", text=_EACH[token.text], start=before.start)
        else:
            found.append(token)
    return found


__all__ = ["with_each"]
