r"""``\sum_{k=1}^{4} w^{2}_{1k} a^{1}_{k}``: a sum over a range, written out term by term.

Where no range is said (``\sum_k t_k \ln \hat y_k``) the index runs over all units that have the names in the sum.
"""

from __future__ import annotations

from derive.verification.reading import matrices
from derive.verification.reading.model import SideContent, Unreadable
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.token import Token

MAX_TERMS_OF_A_RANGE = 1_000
"""At most this many terms of one sum; of a text, ten times as many in all sums together."""
MAX_TOKENS_OF_SUMS = 3_000_000
"""At most this many tokens may the sums of a text go over, all their terms together."""
_BOUNDS = frozenset("K N n m M k J L d D H".split())
"""Letters for the number of units, above the sign of a sum."""


def summed(parser: Parser) -> SideContent:
    """The sum at which the parser is.

    Raises:
        General: where its range is neither said nor seen: it is a rule about any network.
    """
    start = parser.at
    if parser.tokens[start].text != "sum":
        raise General
    parser.at += 1
    letter, first, last = _range(parser)
    if last is not None and not first <= last < first + MAX_TERMS_OF_A_RANGE:
        raise _too_many(parser, start, none=last < first)
    kept, body = parser.tokens, parser.at
    values: list[SideContent] = []
    behind, number = 0, first
    while last is None or number <= last:
        _count(parser, len(kept) - body, start)
        term = _term(parser, kept, body, letter, number, seen=last is None)
        if term is None:
            break
        values.append(term)
        behind = len(parser.tokens) - parser.at
        number += 1
    parser.tokens, parser.at = kept, len(kept) - behind
    if not values:
        raise General
    return parser.shaped(matrices.plus, values)


def _term(parser: Parser, kept: list[Token], body: int, letter: str, number: int, *, seen: bool) -> SideContent | None:
    """The term for one value of the index; None where the index is ``seen`` to end before it."""
    parser.at = body
    parser.tokens = [*kept[:body], *(_put(token, letter, number) for token in kept[body:])]
    if not seen:
        return parser.product()
    before = (parser.depth, parser.bars, parser.indexed, len(parser.labels))
    parser.indexed = True
    try:
        term = parser.product()
    except (Unreadable, General):
        parser.depth, parser.bars, parser.indexed, labels = before
        del parser.labels[labels:]
        return None
    parser.indexed = before[2]
    plain = kept[body : body + parser.at - body]
    if all(old == new for old, new in zip(plain, parser.tokens[body:], strict=False)):
        raise General  # nothing has the index: the sum has no end
    return term


def _count(parser: Parser, tokens: int, start: int) -> None:
    parser.terms["all"] += 1
    parser.terms["tokens"] += tokens
    if parser.terms["all"] > 10 * MAX_TERMS_OF_A_RANGE or parser.terms["tokens"] > MAX_TOKENS_OF_SUMS:
        raise _too_many(parser, start)


def _too_many(parser: Parser, start: int, *, none: bool = False) -> Unreadable:
    problem = "a sum of no terms" if none else "sums of too many terms"
    return parser.error(problem, f"one sum may have {MAX_TERMS_OF_A_RANGE:,}", parser.tokens[start].start)


def _put(token: Token, letter: str, number: int) -> Token:
    """The token, with the number in place of the index, which may stand in a name: ``t_k``."""
    if token.text == letter:
        return token._replace(kind="number", text=str(number))
    if token.kind == "word" and f"_{letter}" in token.text:
        base, *indices = token.text.split("_")
        return token._replace(text="_".join([base, *(str(number) if i == letter else i for i in indices)]))
    return token


def _range(parser: Parser) -> tuple[str, int, int | None]:
    """The index of a sum, its first value, and its last where it is said in numbers."""
    letter, first, last = "", 1, None
    while parser.text() in ("_", "^"):
        below = parser.text() == "_"
        parser.at += 1
        tokens = parser.group_tokens()
        if not below:
            last = _whole(tokens)
            if last is None and not (tokens and tokens[0].text in _BOUNDS):
                raise General
        elif len(tokens) == 1 and tokens[0].kind == "word":
            letter = tokens[0].text
        elif len(tokens) == 3 and tokens[0].kind == "word" and tokens[1].kind == "relation":
            letter, begin = tokens[0].text, _whole(tokens[2:])
            if begin is None:
                raise General
            first = begin
    if not letter or letter in parser.spelling.names.taken:
        raise General
    return letter, first, last


def _whole(tokens: list[Token]) -> int | None:
    """The whole number that the tokens are."""
    plain = len(tokens) == 1 and tokens[0].kind == "number" and tokens[0].text.isdigit()
    return int(tokens[0].text[:7]) if plain else None
