r"""``\sum_{k=1}^{4} w^{2}_{1k} a^{1}_{k}``: a sum over a range that is said, written out term by term."""

from __future__ import annotations

from derive.verification.reading import matrices
from derive.verification.reading.model import Value
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.tokens import Token

MOST_TERMS = 1_000
"""Of one sum; a text has at most ten times as many in all sums together."""


def summed(parser: Parser) -> Value:
    """The sum at which the parser is.

    Raises:
        General: where its range is not said: it is a rule about any network.
    """
    start = parser.at
    if parser.tokens[start].text != "sum":
        raise General
    parser.at += 1
    letter, first, last = _range(parser)
    count = last - first + 1
    parser.terms["all"] += count
    if count < 1 or count > MOST_TERMS or parser.terms["all"] > 10 * MOST_TERMS:
        problem = "a sum of no terms" if count < 1 else "sums of too many terms"
        raise parser.error(problem, f"one sum may have {MOST_TERMS:,}", parser.tokens[start].start)
    kept, body = parser.tokens, parser.at
    values: list[Value] = []
    behind = 0
    for number in range(first, last + 1):
        parser.at = body
        parser.tokens = [*kept[:body], *(_put(token, letter, number) for token in kept[body:])]
        values.append(parser.product())
        behind = len(parser.tokens) - parser.at
    parser.tokens, parser.at = kept, len(kept) - behind
    return parser.shaped(matrices.plus, values)


def _put(token: Token, letter: str, number: int) -> Token:
    """The token, with the number in place of the index."""
    return token._replace(kind="number", text=str(number)) if token.text == letter else token


def _range(parser: Parser) -> tuple[str, int, int]:
    """The index of a sum, its first and its last value."""
    letter, first, last = "", None, None
    while parser.text() in ("_", "^"):
        below = parser.text() == "_"
        parser.at += 1
        tokens = parser.group_tokens()
        if below and len(tokens) == 3 and tokens[0].kind == "word" and tokens[1].kind == "relation":
            letter, first = tokens[0].text, _whole(tokens[2:])
        elif not below:
            last = _whole(tokens)
    if not letter or first is None or last is None:
        raise General
    return letter, first, last


def _whole(tokens: list[Token]) -> int | None:
    """The whole number that the tokens are."""
    plain = len(tokens) == 1 and tokens[0].kind == "number" and tokens[0].text.isdigit()
    return int(tokens[0].text[:7]) if plain else None
