"""A star before the name of a new value: ``*w6 = w6 - a*(h2*d)``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.verification.reading.token import Token


def with_primes(found: list[Token], is_parameter: Callable[[Sequence[Token]], bool]) -> list[Token]:
    """The tokens of a line that begins with such a name, with a prime behind it; those of any other as they are.

    A star before a name that only has a number may as well be the mark of a list.
    """
    raised = [token.text for token in found[:2]] == ["^", "*"]
    start = 1 + raised
    sign = next((i for i, token in enumerate(found) if token.kind == "relation"), 0)
    if sign <= start or (found[0].text != "*" and not raised) or not is_parameter(found[start:sign]):
        return found
    if not any(token.text in ("+", "-") for token in found[sign + 2 :]):
        return found[start:]
    end = found[sign - 1].end
    return [*found[start:sign], Token("op", "'", end, end), *found[sign:]]


__all__ = ["with_primes"]
