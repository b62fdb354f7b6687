r"""Signs that are made of several tokens: ``w += s``, ``w \mathrel{+}= s``, ``\stackrel{(1)}{=}``, ``\mathrel{:=}``."""

from __future__ import annotations

from collections.abc import Sequence

from derive.patterns import regex
from derive.verification.reading.code_tokens import with_commas
from derive.verification.reading.token import Token

STEPS = frozenset({"+=", "-="})
"""Signs of an update that say the step."""
_GLUE = regex(r"(?:\s|\\[!,;:>]|\\(?:negthinspace|joinrel|mathrel|mathbin)(?![A-Za-z])|\\mkern-?[0-9]+mu|[{}])*")
_BRACED = (["{", "+", "}"], ["{", "-", "}"])


def joined(tokens: list[Token], text: str, *, tex: bool) -> list[Token]:
    """The tokens of a formula, each sign as one; ``text`` is what they are of."""
    if not tex:
        return with_commas(_with_products(_with_steps(tokens, text)), text, "matlab", apart=True)
    return _bare_signs(_with_steps(_bare_signs(_fractions(_transposed(tokens))), text))


def _with_products(tokens: list[Token]) -> list[Token]:
    """The tokens with ``⊙`` for ``.*``, and ``*`` for the ``@`` of matrices; ``w@3`` is a name with its mark."""
    found: list[Token] = []
    for i, token in enumerate(tokens):
        before = found[-1] if found else None
        each = before is not None and before.text == "." and before.end == token.start and token.text in ("*", "/", "^")
        if each and token.kind == "op":
            found[-1] = token._replace(text="o" if token.text == "*" else token.text, start=found[-1].start)
            continue
        following = tokens[i + 1].kind if i + 1 < len(tokens) else "number"
        apart = before is not None and before.end < token.start and following != "number"
        found.append(token._replace(text="*") if apart and (token.kind, token.text) == ("op", "@") else token)
    return found


def _transposed(tokens: list[Token]) -> list[Token]:
    r"""The tokens with ``W^{(2)}^T`` for ``W^{(2)T}``."""
    found: list[Token] = []
    for i, token in enumerate(tokens):
        behind = token.text == "T" and token.kind == "word" and len(found) > 2
        behind = behind and (found[-1].text in (")", "]", ",") or found[-1].kind == "number")
        closed = tokens[i + 1].text == "}" if i + 1 < len(tokens) else False
        begun = next((t.text for t in found[-5:-1] if t.text == "^"), "") if behind else ""
        if behind and closed and begun:
            found = found[:-1] if found[-1].text == "," else found
            found += [
                Token("op", "}", token.start, token.start), Token("op", "^", token.start, token.start),
                Token("op", "{", token.start, token.start),
            ]  # fmt: skip
        found.append(token)
    return found


def _fractions(tokens: list[Token]) -> list[Token]:
    r"""The tokens with ``\frac{a}{b}`` for ``{a \over b}``."""
    if not any(token.text == "over" and token.kind == "command" for token in tokens):
        return tokens
    found: list[Token] = []
    opened: list[tuple[int, bool]] = []
    for token in tokens:
        if token.text == "{" and token.kind == "op":
            opened.append((len(found), False))
        elif token.text == "over" and token.kind == "command":
            if opened:
                opened[-1] = (opened[-1][0], True)
            found += [Token("op", sign, token.start, token.end) for sign in "}{"]
            continue
        elif token.text == "}" and token.kind == "op" and opened:
            place, divides = opened.pop()
            if divides:
                found[place:place] = [Token("command", "frac", found[place].start, found[place].start)]
        found.append(token)
    return found


def _with_steps(tokens: list[Token], text: str) -> list[Token]:
    r"""The tokens with ``+`` or ``-`` and ``=`` right after it as one sign.

    ``w^+ = s`` and ``w+ = s`` are the new value.
    """
    found: list[Token] = []
    for token in tokens:
        if token.kind == "relation" and token.text == "=":
            if [one.text for one in found[-3:]] in _BRACED and not _is_script(found[-4:-3]):
                found[-3:] = [found[-2]._replace(end=token.start)]
            sign = found[-1] if found and found[-1].text in ("+", "-") else None
            if sign is not None and not _is_script(found[-2:-1]) and _touch(sign, token, text):
                found[-1] = token._replace(text=sign.text + "=", start=sign.start)
                continue
        found.append(token)
    return found


def _is_script(before: Sequence[Token]) -> bool:
    """Whether a sign after this token is a script or belongs to another sign."""
    return not before or before[-1].text in ("^", "_", "+", "-")


def _touch(sign: Token, equals: Token, text: str) -> bool:
    between = text[sign.end : equals.start]
    return not between or (not between.isspace() and _GLUE.fullmatch(between) is not None)


def _bare_signs(tokens: list[Token]) -> list[Token]:
    r"""The tokens without the braces around a single sign: ``\stackrel{(1)}{=}``, ``\mathrel{:=}``."""
    found: list[Token] = []
    for token in tokens:
        if token.text == "}" and _is_alone(found):
            sign = found.pop()
            found[-1] = sign
            continue
        colon = token.text == "=" and bool(found) and found[-1].text == ":" and found[-1].kind == "op"
        if colon and token.kind == "relation":
            found[-1] = token._replace(text=":=", start=found[-1].start)
        else:
            found.append(token)
    return found


def _is_alone(tokens: list[Token]) -> bool:
    """Whether the last token is a sign behind an opening brace that is no script's."""
    sign = len(tokens) > 1 and (tokens[-1].kind in ("relation", "arrow") or tokens[-1].text == ":")
    if not sign or tokens[-2].text != "{":
        return False
    return len(tokens) == 2 or tokens[-3].text not in ("_", "^")


__all__ = ["STEPS", "joined"]
