r"""What is written as a function of the parameters: ``J(\Theta)`` is the loss, ``h_\Theta(x)`` the output."""

from __future__ import annotations

from derive.naming.quantity import NamedQuantity
from derive.verification.reading.parse import Parser

_PARAMETERS = frozenset("W w b theta Theta".split())
_OUTPUTS = frozenset("h f".split())
MAX_OF_ARGUMENTS = 12
"""At most this many tokens stand in the brackets."""


def of_the_parameters(parser: Parser) -> bool:
    """Whether brackets with nothing but letters of parameters in them stand here; goes over them."""
    texts = [token.text for token in parser.tokens[parser.at : parser.at + MAX_OF_ARGUMENTS]]
    if texts[:1] != ["("] or ")" not in texts:
        return False
    inside = texts[1 : texts.index(")")]
    if not inside or not set(inside[::2]) <= _PARAMETERS or not set(inside[1::2]) <= {",", ";"}:
        return False
    parser.at += len(inside) + 2
    return True


def output_of_parameters(parser: Parser) -> NamedQuantity | None:
    r"""The output at ``h_\Theta(x)``, ``h_{W,b}(x)``; goes over it. None where there is no such thing."""
    start, names = parser.at, parser.spelling.names
    texts = [token.text for token in parser.tokens[start : start + 2]]
    if not names.sizes or len(texts) < 2 or texts[0] not in _OUTPUTS - names.taken or texts[1] != "_":
        return None
    parser.at += 2
    below = [token.text for token in parser.group_tokens()] if parser.here is not None else []
    following = [token.text for token in parser.tokens[parser.at : parser.at + 3]]
    if not below or not set(below) <= _PARAMETERS | {","} or following not in (["(", "x", ")"], ["(", "X", ")"]):
        parser.at = start
        return None
    parser.at += 3
    return parser.spelling.word("yhat" if len(names.outputs) > 1 else names.outputs[0])


__all__ = ["of_the_parameters", "output_of_parameters"]
