"""The marks of a name: what says how many updates later it is, and in which row of the data."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from derive.naming.quantity import NamedQuantity
from derive.patterns import regex
from derive.verification.reading.model import quoted
from derive.verification.reading.new_and_old import NEW_WORDS, OLD_WORDS, SAYS_WHICH
from derive.verification.reading.parse import Parser

COUNTED = "counts_in_brackets"
"""What a whole file says: the number in brackets behind a parameter, ``W(0)``, is that of the updates made."""
MAX_DIGITS_OF_A_MARK = 6
"""At most this many digits of a number of updates in the place of a power; that it is too large is said later."""
MAX_READ = 1000
"""At most this many digits of a mark are read: Python takes ever longer to make a number of them."""
_STEPS = {"+": 1, "*": 1, **dict.fromkeys(NEW_WORDS, 1)}
MAX_OF_A_WORD_ABOVE = 24
"""At most this many tokens has a word that stands above a name."""
_SAID = regex(rf"(|[0-9,()\[\]_]*[0-9)\]]|[A-Za-z]\w*?(?=[,_(])),?_?\(?({SAYS_WHICH})\)?")
_PLUS = regex(r"([0-9()\[\]]+),?([+*])")
_PLUS_BEFORE = regex(r"(\+),?([(\[][0-9]+[)\]])")
_TIME = regex(
    r"(?P<rest>|[0-9,()\[\]_]*[0-9)\]],?|[A-Za-z][A-Za-z0-9_]*,)"
    r"(?P<open>[(\[<]?)(?:(?P<letter>[ktni])(?:(?P<sign>[+-])1)?|(?P<number>[0-9]{1,4}))[)\]>]?"
)


def is_moment(word: str) -> bool:
    """Whether a word says the value before or after the update: ``new``, and ``newvalue`` of ``(new value)``."""
    return _plain_word(word) in (*_STEPS, *OLD_WORDS) and word.isalpha()


def _plain_word(word: str) -> str:
    return word.removesuffix("value").removesuffix("weight")


class Moment(NamedTuple):
    """When a script says a quantity is: so many updates later; ``rest`` is what else the script says.

    ``letter`` is what counts the updates, ``certain`` whether a sum stands there (``t + 1``).
    """

    rest: str
    step: int
    letter: str = ""
    certain: bool = True


def word_said(script: str) -> Moment | None:
    """The moment that a word or ``+`` in a script says: ``1,new``, ``old``; None where none does."""
    word = script.strip("()")
    if word in _STEPS or word in OLD_WORDS:
        return Moment("", _STEPS.get(word, 0))
    if (before := _PLUS_BEFORE.fullmatch(script)) is not None:
        return Moment(before[2], 1)
    found = _SAID.fullmatch(script) or _PLUS.fullmatch(script)
    return Moment(found[1], _STEPS.get(found[2], 0)) if found is not None else None


def time_said(parser: Parser, script: str) -> Moment | None:
    """The moment that a letter or a number in brackets says: ``t + 1``, ``(k)``, ``1,t``; None where none does.

    Where the chain counts back (``w_t = w_{t-1} - ...``), ``t`` is one update later.
    """
    found = _TIME.fullmatch(script)
    if found is None:
        return None
    rest, back = found["rest"].rstrip(","), "counts_back" in parser.choices
    if found["letter"]:
        step = back + {"+": 1, "-": -1, None: 0}[found["sign"]]
        return Moment(rest, step, found["letter"], found["sign"] is not None) if step >= 0 else None
    return Moment(rest, int(found["number"])) if found["open"] and not rest else None


def step_said(above: str) -> tuple[int, str]:
    """The number of updates that a superscript says, and the rest of it: ``<3>``, ``+``, ``new``."""
    if above.startswith("<") and above.endswith(">") and above[1:-1].isdigit():
        return int(above[1:-1][:MAX_READ]), ""
    found = word_said(above)
    return (found.step, found.rest) if found is not None else (0, above)


def is_a_moment(parser: Parser, moment: Moment) -> bool:
    """Whether what may say a moment says one: where its letter is a quantity's, it is a power in another reading."""
    if moment.letter and not parser.spelling.knows(moment.letter):
        return True
    if moment.letter and not moment.certain and "times" not in parser.choices:
        return False
    if not moment.letter and not parser.tex:
        from_1 = parser.takes("moment_from_one")
        return parser.takes("moment") or from_1
    return not parser.takes("power")


def _steps_of(parser: Parser, moment: Moment) -> int:
    """How many updates a moment says; a number above counts values, from 0 or from 1: ``w^{(1)}`` is the first."""
    counts = not moment.letter and moment.step > 0
    return moment.step - (counts and parser.takes("moment_from_one"))


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
        if sign == "{" and parser.text(1) == "}" and parser.text(2) in ("'", "^"):
            parser.at += 2
        elif sign == "'":
            quantity, parser.at = replace(quantity, step=(quantity.step or 0) + 1), parser.at + 1
        elif sign == "@" and number.isdigit():
            step = None if number == "0" else _counted(parser, number)  # 00 is w(0), which is before any update
            quantity, parser.at = replace(quantity, step=step), parser.at + 2
        elif sign == "[" and number.isdigit() and parser.text(2) == "]" and adjacent(parser):
            quantity, parser.at = replace(quantity, row=_counted(parser, number)), parser.at + 3
        elif sign == "at" or (sign in ("|", "|)") and parser.text(1) == "_" and not parser.bars):
            parser.at += 1
            quantity = _marks_below(parser, quantity)
        elif sign == "^" and (above := _raised_word(parser))[0] in OLD_WORDS:
            parser.at += above[1]
        elif sign in ("^", "_", "(", "[") and (later := moment_behind(parser, quantity)) is not None:
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
    if texts[:2] in (["^", "+"], ["^", "*"]) and len(texts) == 2:
        parser.at += 2
        return 1
    if texts[:4] == ["^", "{", "'", "}"]:
        parser.at += 4
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


def moment_behind(parser: Parser, quantity: NamedQuantity) -> int | None:
    """1 for ``{w}^{(k+1)}`` and ``w(k+1)``, 0 for ``{w}^{(k)}``, of a parameter; goes over it. None for a power."""
    if quantity.by is not None or quantity.step:
        return None
    updated = parser.spelling.is_updated(quantity.base)
    texts = [token.text for token in parser.tokens[parser.at : parser.at + MAX_OF_A_MOMENT]]
    raised = texts[:1] in (["^"], ["_"])
    if not raised and not adjacent(parser):
        return None
    start = int(raised)
    ends = {"{": "}", "(": ")", "[": "]"}
    closing = ends.get(texts[start]) if len(texts) > start else None
    if closing is None or closing not in texts:
        return None
    end = texts.index(closing)
    script = "".join(texts[start + (texts[start] == "{") : end + (closing != "}")])
    moment = time_said(parser, script)
    counted = not raised and texts[0] == "(" and COUNTED in parser.choices
    if moment is None or moment.rest or (not moment.letter and quantity.shape != "scalar" and not counted):
        return None
    if counted:
        parser.at += end + 1
        return moment.step
    if not updated and (raised or not moment.letter or not moment.step or parser.spelling.knows(moment.letter)):
        return None  # y(n + 1) is what comes of the new values
    if not raised and moment.letter and not moment.certain and "times" not in parser.choices:
        return None
    numbered = not raised and not moment.letter
    if not (parser.takes("moment") if numbered else is_a_moment(parser, moment)):
        return None
    parser.at += end + 1
    return moment.step if numbered else _steps_of(parser, moment)


MAX_OF_A_MOMENT = 9
"""At most this many tokens say how many updates have been made."""


def _said_new(parser: Parser, quantity: NamedQuantity) -> int:
    """1 for ``w2_11(new)``, and for the ``+`` at the end of a side (``w2_11+ = ...``); goes over it.

    It goes over ``(old)``, too, which says what the name says anyway, and over words behind what no update changes.
    """
    updated = quantity.by is None and parser.spelling.is_updated(quantity.base)
    if updated and [token.text for token in parser.tokens[parser.at : parser.at + 2]] == ["+"]:
        parser.at += 1
        return 1
    word, length = _word_behind(parser)
    parser.at += length
    return _STEPS.get(word, 0) if updated else 0


def _word_behind(parser: Parser) -> tuple[str, int]:
    """The word that says a moment in brackets behind a name, and how many tokens it takes; in TeX letter by letter."""
    inside = parser.tokens[parser.at + 1 : parser.at + MAX_OF_A_WORD_ABOVE]
    end = next((i for i, token in enumerate(inside) if token.text == ")"), 0)
    letters = inside[:end]
    word = "".join(token.text for token in letters).strip()
    is_word = parser.text() == "(" and all(token.kind in ("word", "text") for token in letters)
    if not is_word or not is_moment(word):
        return "", 0
    as_factors = len(letters) > 1 and all(map(parser.spelling.knows, word))
    return ("", 0) if as_factors or parser.spelling.knows(word) else (_plain_word(word), end + 2)
