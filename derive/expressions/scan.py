"""The words of an expression: numbers, names, functions, signs; with the limits of the contract.

Everything that a person is likely to get wrong in one place (``2x``, a letter that is not ASCII, a bracket
that is never closed, a misspelt function) is found here, before the grammar sees the text, with its position.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from derive.expressions.functions import CONSTANTS, FUNCTIONS
from derive.expressions.spelling import COMPOSED, DIFFERENTIALS, LETTERS, PRIMES, ascii_name
from derive.patterns import regex
from derive.records import record
from derive.suggestions import nearest

MAX_DEPTH = 100
"""At most this deep an expression nests."""
MAX_TERMS = 10_000
"""At most this many terms and arguments."""
MAX_OPERANDS = 50_000
"""At most this many numbers and names."""
MAX_ARGUMENTS = 100
"""At most this many arguments of one function."""
MAX_DIGITS = 1_000
"""At most this many digits of a written number."""
MAX_EXPONENT = 10_000
"""At most this large, with either sign, is a written exponent."""
MAX_CHARACTERS = 4_000_000
"""At most this many characters."""


class ExpressionError(ValueError):
    """What is wrong with an expression, where in the text (a column from 0), and how to mend it."""

    def __init__(self, problem: str, position: int = 0, hint: str = "") -> None:
        self.problem = problem
        self.position = position
        self.hint = hint
        super().__init__(problem)


@record
class ExpressionToken:
    """One word of an expression: ``kind`` is a terminal of the grammar."""

    kind: str
    text: str
    position: int


_NUMBER = r"(?P<NUMBER>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_PLAIN_NAME = r"[A-Za-z][A-Za-z0-9_]*"
_SIGNS = (
    r"(?P<POWER>\*\*|\^)|(?P<PLUS>\+)|(?P<MINUS>-)|(?P<TIMES>\*)|(?P<OVER>/)"
    r"|(?P<OPEN>\()|(?P<CLOSE>\))|(?P<COMMA>,)"
)
_SPACE = r"(?P<SPACE>[ \t\r\n]+)"
_WORDS = regex(rf"{_SPACE}|{_NUMBER}|(?P<NAME>{_PLAIN_NAME})|{_SIGNS}")

_SPELT_NAME = rf"(?:{COMPOSED}|[A-Za-z{''.join(LETTERS)}])[A-Za-z0-9_]*"
_PRIME = f"['{''.join(PRIMES)}]"
_SPELT_MARKS = rf"(?:{_PRIME}|@[0-9]+|\[[0-9]+\])*"
_D = f"[d{''.join(DIFFERENTIALS)}]"
_DERIVATIVE = rf"(?P<DERIVATIVE>{_D}{_SPELT_NAME}/{_D}{_SPELT_NAME}{_SPELT_MARKS})"
_SLOPE = rf"(?P<SLOPE>{_SPELT_NAME}{_PRIME}\( *z *\))"
_SPELT_SIGNS = _SIGNS.replace("(?P<MINUS>-)", "(?P<MINUS>[-−])").replace(r"(?P<TIMES>\*)", "(?P<TIMES>[*·×⋅])")
_WORDS_WITH_MARKS = regex(
    rf"{_SPACE}|{_NUMBER}|{_DERIVATIVE}|{_SLOPE}|(?P<NAME>{_SPELT_NAME}{_SPELT_MARKS})|{_SPELT_SIGNS}"
)
"""With marks the words are those of people: ``∂E/∂w1_11``, ``σ'(z)``, ``w1_11′``, ``η``, ``·``."""

_OPERANDS = frozenset({"NUMBER", "NAME", "CONSTANT"})
_ENDS = _OPERANDS | {"CLOSE"}
_NEEDS_LEFT = frozenset({"TIMES", "OVER", "POWER", "COMMA", "CLOSE"})
_WRITABLE = {"×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "−": "-", "–": "-",
             "²": "^2", "³": "^3", "√": "sqrt(...)", "½": "1/2"}  # fmt: skip


def scan(text: str, names: Collection[str] | None = None, *, marks: bool = False) -> list[ExpressionToken]:
    """The words of ``text``, each of a kind that the grammar knows.

    ``names`` are the author's own; they win over constants, functions and derivatives of that spelling.
    With ``marks`` the names of quantities are read whole, in every spelling of the contract: ``dE/dw2_1_1@3``,
    ``∂E/∂w2_11``, ``w1_4_3'``, ``z1_4[2]``, ``η``, ``σ'(z)``.
    """
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(f"an expression of more than {MAX_CHARACTERS:,} characters", MAX_CHARACTERS)
    own = frozenset(names or ())
    tokens = list(_checked(_words(text, own, marks=marks)))
    if not tokens:
        raise ExpressionError("there is no expression here", 0, "write a number, a name or a formula")
    if marks:
        tokens = [_sigmoid(tokens, i, own) for i in range(len(tokens))]
    return [_with_kind(tokens, i, own, strict=names is not None) for i in range(len(tokens))]


def _words(text: str, own: frozenset[str], *, marks: bool) -> Iterator[ExpressionToken]:
    match_here = (_WORDS_WITH_MARKS if marks else _WORDS).match
    position = 0
    while position < len(text):
        match = match_here(text, position)
        if match is None:
            raise _strange_character(text, position)
        kind, word = str(match.lastgroup), match.group()
        if kind == "DERIVATIVE":
            kind, word = "NAME", _derivative(word, own)
        elif kind == "SLOPE":
            kind, word = "NAME", _slope(word, own)
        if kind == "NUMBER":
            _check_number(word, position)
        if kind != "SPACE":
            yield ExpressionToken(kind, ascii_name(word), position)
        position += len(word)


def _derivative(word: str, own: frozenset[str]) -> str:
    """``dE/dw`` as one name, unless the author has a quantity ``dE`` (or ``dw``), or it is a ``delta``."""
    above, below = ascii_name(word).split("/", 1)
    bare = re.match(_PLAIN_NAME, below)
    if above in own or (bare and bare.group() in own) or re.match(r"delta[0-9_]*$", above):
        return word.split("/", 1)[0]
    return word


def _slope(word: str, own: frozenset[str]) -> str:
    """``sigma'(z)`` is the name of a slope, unless the author has a quantity ``z``."""
    return word.partition("(")[0] if "z" in own else word


def _sigmoid(tokens: list[ExpressionToken], i: int, own: frozenset[str]) -> ExpressionToken:
    """``sigma(...)`` as people write the sigmoid, and ``sigma'(...)`` its slope."""
    token = tokens[i]
    called = i + 1 < len(tokens) and tokens[i + 1].kind == "OPEN"
    if not called or token.text not in ("sigma", "sigma'") or "sigma" in own:
        return token
    return ExpressionToken(token.kind, token.text.replace("sigma", "sigmoid"), token.position)


def _checked(words: Iterator[ExpressionToken]) -> Iterator[ExpressionToken]:
    """The words themselves; an error at the first that breaks a limit or cannot stand where it does."""
    terms, operands = 1, 0
    brackets: list[ExpressionToken] = []
    last: ExpressionToken | None = None
    for token in words:
        if last is not None and last.kind in _ENDS and token.kind in _OPERANDS | {"OPEN"}:
            _check_neighbours(last, token)
        if token.kind == "CLOSE" and not brackets:
            raise ExpressionError("a bracket is closed that was not opened", token.position, "leave out ')'")
        if token.kind in _NEEDS_LEFT and (last is None or last.kind not in _ENDS):
            raise ExpressionError(f"a number or name is missing before '{token.text}'", token.position)
        if token.kind in ("PLUS", "MINUS", "COMMA"):
            terms += 1
        elif token.kind in _OPERANDS:
            operands += 1
        elif token.kind == "OPEN":
            brackets.append(token)
        elif token.kind == "CLOSE":
            brackets.pop()
        if terms > MAX_TERMS:
            raise ExpressionError(f"more than {MAX_TERMS:,} terms", token.position, _SHORTER)
        if operands > MAX_OPERANDS:
            raise ExpressionError(f"more than {MAX_OPERANDS:,} numbers and names", token.position, _SHORTER)
        if len(brackets) > MAX_DEPTH:
            raise too_deep(token.position)
        last = token
        yield token
    if brackets:
        raise ExpressionError("a bracket is opened and not closed", brackets[-1].position, "add ')'")


_SHORTER = "split the expression into several nodes"


def too_deep(position: int) -> ExpressionError:
    """The error of an expression that nests too deep."""
    return ExpressionError(f"the expression nests more than {MAX_DEPTH} deep", position, _SHORTER)


def _check_neighbours(left: ExpressionToken, right: ExpressionToken) -> None:
    if left.kind == "NAME" and right.kind == "OPEN":
        return  # a call, or an error that _with_kind words better
    if right.position == left.position + len(left.text):
        shown = f"{_shown(left.text)}*{_shown(right.text)}" + ("...)" if right.kind == "OPEN" else "")
        shown = f"(...{shown}" if left.kind == "CLOSE" else shown
        raise ExpressionError("a sign of multiplication is missing here", right.position, f"write {shown}")
    between = f"between {_shown(left.text)} and {_shown(right.text)}"
    raise ExpressionError(f"there is no sign of calculation {between}", right.position, "write * to multiply")


def _shown(word: str) -> str:
    return word if len(word) <= 40 else word[:37] + "..."


def _check_number(word: str, position: int) -> None:
    mantissa, _, exponent = word.lower().partition("e")
    if len(mantissa) - ("." in mantissa) > MAX_DIGITS:
        raise ExpressionError(f"a number of more than {MAX_DIGITS:,} digits", position, "round it")
    digits = exponent.lstrip("+-0")
    if len(digits) > 5 or int(digits or 0) > MAX_EXPONENT:
        raise exponent_too_large(position)


def exponent_too_large(position: int) -> ExpressionError:
    """The error of ``1e99999`` and of ``x^99999``."""
    return ExpressionError("the exponent is too large", position, f"it may be at most ±{MAX_EXPONENT:,}")


def _with_kind(tokens: list[ExpressionToken], i: int, own: frozenset[str], *, strict: bool) -> ExpressionToken:
    """A NAME as it is meant: a function where a bracket follows, a constant, or a quantity."""
    token = tokens[i]
    if token.kind != "NAME":
        return token
    name = token.text
    called = i + 1 < len(tokens) and tokens[i + 1].kind == "OPEN"
    if name in own:
        if called:
            raise ExpressionError(
                f"'{name}' is a quantity here, so it is not a function too", token.position,
                f"write {name}*(...) to multiply, or call the quantity something else",
            )  # fmt: skip
        return token
    if called:
        return ExpressionToken("FUNCTION", _function(name, token.position), token.position)
    if name in CONSTANTS:
        return ExpressionToken("CONSTANT", name, token.position)
    if strict and name in FUNCTIONS and not FUNCTIONS[name].internal:
        hint = f"write {name}(...), or define a quantity of that name"
        raise ExpressionError(f"the function '{name}' has no argument here", token.position, hint)
    return token


def _function(name: str, position: int) -> str:
    entry = FUNCTIONS.get(name.removesuffix("'"))
    if entry is not None and not entry.internal and name.count("'") <= 1:
        return name
    known = sorted(f for f, entry in FUNCTIONS.items() if not entry.internal)
    raise ExpressionError(f"unknown function '{_shown(name)}'", position, nearest(name, known))


def _strange_character(text: str, position: int) -> ExpressionError:
    character = text[position]
    if character in _WRITABLE:
        return ExpressionError(f"'{character}' is not read here", position, f"write {_WRITABLE[character]}")
    if character.isalpha() and not character.isascii():
        hint = f"names are ASCII: write {_spelt(character)}"
        return ExpressionError(f"the letter '{character}' cannot stand in a name", position, hint)
    if character == "_":
        return ExpressionError("a name cannot begin with '_'", position, "begin it with a letter")
    if character in "[]{}":
        return ExpressionError(f"'{character}' is not read here", position, "write round brackets: ( )")
    if character == "=":
        return ExpressionError("'=' is not read here", position, "give the right side alone")
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    hint = "an expression has numbers, names, + - * / ^, ( ) and ,"
    return ExpressionError(f"unexpected character '{shown}'", position, hint)


def _spelt(letter: str) -> str:
    """A letter in ASCII: α is ``alpha``, é is ``e``.

    >>> _spelt("α"), _spelt("é"), _spelt("ŷ")
    ('alpha', 'e', 'yhat')
    """
    words = unicodedata.name(letter, "").split()
    if letter in "ŷŶ":
        return "yhat"
    if words[:1] == ["GREEK"] and len(words) >= 4:
        return words[3].lower()
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return plain if plain.isalpha() else "it in the letters a to z"
