r"""Rules about a function that leave its argument out: ``\sigma' = \sigma(1 - \sigma)`` is true of any z or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.verification.reading.symbols import symbol_at
from derive.verification.reading.token import Token

MAX_OF_A_RULE = 60
"""A side of a rule has at most so many names, numbers and signs."""


def with_arguments(
    sides: Sequence[list[Token]], is_function: Callable[[str], bool], any_letter: str
) -> list[list[Token]] | None:
    """The sides of such a rule with the argument behind each function; None where they are anything else.

    Each side of a rule has functions in it, and besides them only numbers and signs. ``any_letter`` is what stands for
    any weighted input.
    """
    if len(sides) < 2 or not all(any(token.kind == "word" for token in side) for side in sides):
        return None
    if any(len(side) > MAX_OF_A_RULE for side in sides):
        return None
    said = {text for side in sides for text in _arguments(side, is_function)}
    if len(said) > 1:
        return None
    argument = said.pop() if said else any_letter
    found = [_applied(side, is_function, argument) for side in sides]
    if any(side is None for side in found) or all(len(a) == len(b or ()) for a, b in zip(sides, found, strict=True)):
        return None
    return [side for side in found if side is not None]


def _arguments(side: Sequence[Token], is_function: Callable[[str], bool]) -> list[str]:
    """The letters that stand as arguments."""
    ends = [_end(side, i) for i, token in enumerate(side) if token.kind == "word" and is_function(token.text)]
    return [side[end + 1].text for end in ends if _is_called(side, end)]


def _applied(side: Sequence[Token], is_function: Callable[[str], bool], argument: str) -> list[Token] | None:
    """A side with the argument behind each function that has none; None where it has other names."""
    found: list[Token] = []
    i = 0
    while i < len(side):
        token = side[i]
        if token.kind == "gap":
            i += 1
            continue
        if token.kind in ("number", "op") and token.text not in ("[", "]", "_", ","):
            found.append(token)
            i += 1
            continue
        if token.kind != "word" or not is_function(token.text):
            return None
        end = _end(side, i)
        called = _is_called(side, end)
        if not called and side[end : end + 1] and side[end].text == "(" and not _has(side, end, is_function):
            return None  # of a number: a value, and no rule
        place = side[end - 1].end
        found += side[i:end]
        found += side[end : end + 3] if called else [
            Token("op", "(", place, place), Token("word", argument, place, place), Token("op", ")", place, place)
        ]  # fmt: skip
        i = end + 3 * called
    return found


def _end(side: Sequence[Token], at: int) -> int:
    """The place behind a function and its primes; a power stands behind its argument."""
    symbol = symbol_at(side, at)
    return symbol.end if symbol is not None and not symbol.above and not symbol.below else at + 1


def _is_called(side: Sequence[Token], at: int) -> bool:
    """Whether one letter stands in brackets here."""
    texts = [token.text for token in side[at : at + 3]]
    return len(texts) == 3 and (texts[0], texts[2]) == ("(", ")") and side[at + 1].kind == "word" and len(texts[1]) == 1


def _has(side: Sequence[Token], opened: int, is_function: Callable[[str], bool]) -> bool:
    """Whether a function stands in the brackets that open here."""
    depth = 0
    for token in side[opened:]:
        depth += (token.text == "(") - (token.text == ")")
        if token.kind == "word" and is_function(token.text):
            return True
        if depth == 0:
            return False
    return False


__all__ = ["with_arguments"]
