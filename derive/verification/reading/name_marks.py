"""The marks of a name: what says how many updates later it is, and in which row of the data."""

from __future__ import annotations

import re
from dataclasses import replace

from derive.naming.quantity import NamedQuantity
from derive.verification.reading.model import quoted
from derive.verification.reading.parse import Parser

MAX_DIGITS_OF_A_MARK = 6
"""At most this many digits of a number of updates in the place of a power; that it is too large is said later."""
MAX_READ = 1000
"""At most this many digits of a mark are read: Python takes ever longer to make a number of them."""
_STEPS = {"+": 1, "new": 1, "neu": 1, "updated": 1}
_OLD = frozenset(("old", "alt"))
"""Words above a name that say the value before the update, which the name says anyway."""
MAX_OF_A_WORD_ABOVE = 24
"""At most this many tokens has a word that stands above a name."""
NEW = re.compile(r"(|[0-9,()_]*[0-9)]|[A-Za-z]\w*?(?=[,_(])),?_?\(?(?:new|neu|updated)\)?")
_PLUS = re.compile(r"([0-9()]+),?\+")


def step_said(above: str) -> tuple[int, str]:
    """The number of updates that a superscript says, and the rest of it: ``<3>``, ``+``, ``new``."""
    if above.startswith("<") and above.endswith(">") and above[1:-1].isdigit():
        return int(above[1:-1][:MAX_READ]), ""
    word = above.strip("()")
    if word in _STEPS:
        return _STEPS[word], ""
    found = NEW.fullmatch(above) or _PLUS.fullmatch(above)
    return (1, found[1]) if found is not None else (0, above)


def stepped(quantity: NamedQuantity | None, step: int) -> NamedQuantity | None:
    """A quantity so many updates later."""
    if quantity is None or not step:
        return quantity
    return replace(quantity, step=(quantity.step or 0) + step)


def marks(parser: Parser, quantity: NamedQuantity) -> NamedQuantity:
    r"""The quantity with the marks that stand behind its name: ``'``, ``@3``, ``[2]``, ``^{\langle 3\rangle}``."""
    while parser.at < len(parser.tokens):
        sign, following = parser.text(), parser.tokens[parser.at + 1 : parser.at + 2]
        number = following[0].text if following and following[0].kind == "number" else ""
        if sign == "{" and [parser.text(1), parser.text(2)] == ["}", "'"]:
            parser.at += 2
        elif sign == "'":
            quantity, parser.at = replace(quantity, step=(quantity.step or 0) + 1), parser.at + 1
        elif sign == "@" and number.isdigit():
            quantity, parser.at = replace(quantity, step=_counted(parser, number) or None), parser.at + 2
        elif sign == "[" and number.isdigit() and parser.text(2) == "]" and adjacent(parser):
            quantity, parser.at = replace(quantity, row=_counted(parser, number)), parser.at + 3
        elif sign == "at" or (sign in ("|", "|)") and parser.text(1) == "_" and not parser.bars):
            parser.at += 1
            quantity = _marks_below(parser, quantity)
        elif sign == "^" and (above := _raised_word(parser))[0] in _OLD:
            parser.at += above[1]
        elif sign == "^" and (later := _iterated(parser, quantity)) is not None:
            quantity = replace(quantity, step=((quantity.step or 0) + later) or None)
        elif (sign == "^" and (step := raised_step(parser))) or (step := _said_new(parser, quantity)):
            quantity = replace(quantity, step=(quantity.step or 0) + step)
        else:
            break
    return quantity


def _counted(parser: Parser, number: str) -> int:
    """A number of updates, or of a row."""
    if len(number) > MAX_DIGITS_OF_A_MARK:
        raise parser.error(f"{quoted(number)} is too large for a number of updates or of a row")
    return int(number)


def adjacent(parser: Parser) -> bool:
    """Whether a token follows the one before it without a blank; in TeX blanks say nothing."""
    return parser.tex or parser.tokens[parser.at].start == parser.tokens[parser.at - 1].end


def _marks_below(parser: Parser, quantity: NamedQuantity) -> NamedQuantity:
    r"""``\right|_{[2]}``; what else stands there (``x = 3``) only repeats the values of the spec."""
    if parser.text() != "_":
        return quantity
    parser.at += 1
    texts = [token.text for token in parser.group_tokens()]
    row = "".join(texts).strip("[]")
    return replace(quantity, row=_counted(parser, row)) if texts[:1] == ["["] and row.isdigit() else quantity


def raised_step(parser: Parser) -> int:
    """The updates that ``^{<3>}`` or ``^{+}`` says; goes over it. 0 where it is a power."""
    texts = [token.text for token in parser.tokens[parser.at : parser.at + 6]]
    if texts[:3] == ["^", "{", "<"] and texts[4:6] == [">", "}"] and texts[3].isdigit():
        parser.at += 6
        return int(texts[3][:MAX_READ])
    if texts[:2] == ["^", "+"] and len(texts) == 2:
        parser.at += 2
        return 1
    word, length = _raised_word(parser)
    if word in _STEPS:
        parser.at += length
        return _STEPS[word]
    return 0


def _raised_word(parser: Parser) -> tuple[str, int]:
    """The word that stands above in braces or brackets, its letters one by one in TeX, and how many tokens it takes."""
    if parser.text() != "^" or parser.text(1) not in ("{", "("):
        return "", 0
    close = "}" if parser.text(1) == "{" else ")"
    texts = [token.text for token in parser.tokens[parser.at + 2 : parser.at + 2 + MAX_OF_A_WORD_ABOVE]]
    if close not in texts:
        return "", 0
    inside = texts[: texts.index(close)]
    word = "".join(text for text in inside if text != "*").strip("()")
    return ("", 0) if parser.spelling.knows(word) else (word, len(inside) + 3)


def _iterated(parser: Parser, quantity: NamedQuantity) -> int | None:
    """1 for ``w^{(k+1)}`` and 0 for ``w^{(k)}``, of a parameter; goes over it. None where it is a power."""
    names = parser.spelling.names
    if quantity.by is not None or (quantity.base not in names.parameters and names.state_of(quantity.base) is None):
        return None
    texts = [token.text for token in parser.tokens[parser.at + 1 : parser.at + 8]]
    bare = texts[1:] if texts[:1] == ["{"] else texts
    if bare[:1] != ["("] or bare[1:2] not in (["k"], ["t"], ["n"]) or parser.spelling.knows(bare[1]):
        return None
    length = {")": 3, "+": 5}.get("".join(bare[2:3]), 0)
    if not length or bare[length - 1 : length] != [")"] or (length == 5 and bare[3] != "1"):
        return None
    braced = texts[:1] == ["{"]
    if braced and bare[length : length + 1] != ["}"]:
        return None
    parser.at += 1 + length + 2 * braced
    return int(length == 5)


def _said_new(parser: Parser, quantity: NamedQuantity) -> int:
    """1 for ``w2_11(new)``, and for the ``+`` at the end of a side (``w2_11+ = ...``); goes over it."""
    if quantity.by is not None or not parser.spelling.is_updated(quantity.base):
        return 0
    texts = [token.text for token in parser.tokens[parser.at : parser.at + 3]]
    said = texts[0:1] == ["("] and texts[1:2] and texts[1] in _STEPS and texts[2:] == [")"]
    if not said and texts != ["+"]:
        return 0
    parser.at += len(texts)
    return 1
