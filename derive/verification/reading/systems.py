r"""Braces and environments around equations: ``\boxed{\hat y = 1}``, ``\begin{cases} a = 1 \\ b = 2 \end{cases}``.

They only group what stands in them, so that the relations in them are relations of the formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.verification.reading.environments import DISPLAYS, SYSTEMS
from derive.verification.reading.token import Token


@dataclass(slots=True)
class _Open:
    """A brace or environment that is open: its place, whether equations stand in it, the columns of the row so far."""

    at: int
    begins: bool
    equations: bool = False
    columns: int = 0


def unwrapped(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without the braces and environments that hold equations."""
    stack: list[_Open] = []
    left_out: set[int] = set()
    for i, token in enumerate(tokens):
        if token.text == "{" or (token.kind == "begin" and token.text in SYSTEMS):
            stack.append(_Open(i, _begins(tokens, i)))
        elif stack and (token.text == "}" or (token.kind == "end" and token.text in SYSTEMS)):
            opened = stack.pop()
            if opened.equations and opened.begins and _belong(tokens[opened.at], token):
                left_out |= {i, opened.at}
                if opened.at and tokens[opened.at - 1].text == "(":
                    left_out.add(opened.at - 1)
        elif token.text == "(" and _holds_a_display(tokens, i):
            left_out.add(i)
        elif stack:
            _note(stack[-1], tokens, i)
    return [token for i, token in enumerate(tokens) if i not in left_out] if left_out else list(tokens)


def _holds_a_display(tokens: Sequence[Token], i: int) -> bool:
    r"""Whether a brace that nothing closes stands before equations: ``\left\{\begin{aligned} ... \right.``."""
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    if following is None or following.kind != "begin" or following.text not in DISPLAYS or not _begins(tokens, i):
        return False
    return next((token.text != ")" for token in reversed(tokens) if token.text not in (".", ",")), True)


def _begins(tokens: Sequence[Token], i: int) -> bool:
    """Whether a cell of a formula begins here; a brace before a system of equations does not count."""
    if i and tokens[i].kind == "begin" and tokens[i - 1].text == "(":
        i -= 1
    return i == 0 or tokens[i - 1].kind in ("row", "amp", "gap", "text", "begin", "arrow") or tokens[i - 1].text == "{"


def _belong(opening: Token, closing: Token) -> bool:
    return opening.text == closing.text if closing.kind == "end" else opening.text == "{"


def _note(opened: _Open, tokens: Sequence[Token], i: int) -> None:
    """A relation in the first column, or between the first and the second, is one of an equation."""
    kind = tokens[i].kind
    if kind == "row":
        opened.columns = 0
    elif kind == "amp":
        opened.columns += 1
    elif kind == "relation" and (opened.columns == 0 or (opened.columns == 1 and tokens[i - 1].kind == "amp")):
        opened.equations = True


def hides_a_relation(tokens: Sequence[Token]) -> bool:
    r"""Whether a relation stands in braces or an environment, other than below or above a sign (``\sum_{k=1}``)."""
    scripts: list[bool] = []
    for i, token in enumerate(tokens):
        if token.text == "{" or token.kind == "begin":
            scripts.append(bool(i and tokens[i - 1].text in ("_", "^")) or bool(scripts and scripts[-1]))
        elif scripts and (token.text == "}" or token.kind == "end"):
            scripts.pop()
        elif token.kind == "relation" and not (scripts and scripts[-1]):
            return True
    return False
