"""The functions that a program defines: what they give back is put in where they are called."""

from __future__ import annotations

from collections.abc import Sequence

from derive.verification.reading.arrows import Raw
from derive.verification.reading.program_names import MAX_PUT_IN, ProgramFunction, ProgramNames, TooLong
from derive.verification.reading.rows import RawChain
from derive.verification.reading.token import Token

_PLAIN = {"o": "*", "maximum": "max", "minimum": "min"}
"""The signs and functions of arrays as those of numbers."""


def taken(own: ProgramNames, name: str, formals: Sequence[str], body: Sequence[Token]) -> tuple[Raw, ...]:
    """Keeps a function; of an activation that has a name its definition is a claim, which is given back."""
    known = own.spelling.function(name)
    if not known or known == "f":
        own.functions[name] = ProgramFunction(tuple(formals), tuple(body)) if body else None
        return ()
    if known == "softmax" or len(formals) != 1 or not body:
        return ()
    plain = [token._replace(text=_PLAIN.get(token.text, token.text)) for token in body]
    plain = [token._replace(text="z") if token.text == formals[0] else token for token in plain]
    if any(token.kind not in ("number", "word", "op") or token.text == "." for token in plain):
        return ()
    at = body[0].start
    head = [Token("word", name, at, at), Token("op", "(", at, at), Token("word", "z", at, at), Token("op", ")", at, at)]
    return (Raw(RawChain([head, plain], [Token("relation", "=", at, at)]), False),)


def given_back(statements: Sequence[Sequence[Token]]) -> list[Token]:
    """What a function of these statements gives back, with what it worked out before; nothing where it does more."""
    values: dict[str, list[Token]] = {}
    for tokens in statements:
        if not tokens or tokens[0].kind == "string":
            continue
        if tokens[0].text == "return":
            return _put_in(values, tokens[1:])
        if len(tokens) < 3 or tokens[1].text != "=" or any(token.text in ("=", "for") for token in tokens[2:3]):
            return []
        values[tokens[0].text] = _put_in(values, tokens[2:])
    return []


def _put_in(values: dict[str, list[Token]], tokens: Sequence[Token]) -> list[Token]:
    """The tokens with the variables of a function.

    Raises:
        TooLong: that is too long.
    """
    found: list[Token] = []
    for i, token in enumerate(tokens):
        value = values.get(token.text) if token.kind == "word" and not (i and tokens[i - 1].text == ".") else None
        if value is None:
            found.append(token)
        else:
            found += [token._replace(kind="op", text="("), *value, token._replace(kind="op", text=")")]
        if len(found) > MAX_PUT_IN:
            raise TooLong
    return found


__all__ = ["given_back", "taken"]
