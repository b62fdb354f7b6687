r"""From the characters of a program to the tokens of claims: NumPy, MATLAB, and the arrays that they print.

>>> [token.text for token in code_tokens("A1 = sigmoid(W1 @ X) ** 2 * 3", "numpy")]
['A1', '=', 'sigmoid', '(', 'W1', '*', 'X', ')', '^', '2', 'o', '3']
>>> [token.text for token in value_tokens("[[0.5  -1.  ]\n [0.25 0.  ]]")]
['[', '[', '0.50', ',', '-', '1.00', ']', ',', '[', '0.25', ',', '0.00', ']', ']']
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from derive.patterns import regex
from derive.verification.reading.signs import CHARACTERS
from derive.verification.reading.token import Token

MAX_VALUE = 40_000
"""A printed array of more characters is not read."""
MAX_ROWS = 12
"""An array of more rows is one claim."""
MAX_IN_ROWS = 400
"""So is one of more numbers and signs."""
MAX_DECIMALS = 17
"""Printed numbers are made as long as the longest of their array, up to so many decimals."""
MIN_NOISE = 16
"""A printed number below 10 to minus this is what rounding left of 0."""
_ZERO = "0." + "0" * 14
_SCANNER = regex(
    r"(?P<space>(?:[ \t\r\f\n]|\\\n)+)"
    r"|(?P<key>[A-Za-z_]\w*\[(?P<quote>['\"])(?P<inner>[A-Za-z]\w*)(?P=quote)\])"
    r"|(?P<number>(?:[0-9][0-9_]*(?:\.(?![*/^'])[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?)"
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<step>[-+]=)|(?P<power>\*\*|\.\^)|(?P<each>\.\*)|(?P<over>\./)|(?P<turn>\.')"
    r"|(?P<compared>[<>]=?|==|!=)|(?P<relation>=)|(?P<op>[-+*/^@(){}\[\],;:.'|])|(?P<other>.)",
    re.DOTALL,
)
_MODULES = frozenset("np numpy jnp torch math tf F nn functional jax cp self keras scipy special backend K".split())
"""What stands before the functions of a library."""
_PRINTED = regex(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?(?![\w.])")
_WRAPPED = regex(r"(?:np\.|numpy\.)?(?:array|tensor|matrix|Array|float64|float32|DeviceArray|FloatTensor)\s{0,9}\(")


def code_tokens(text: str, code: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of ``text[start:end]`` in the signs of claims: ``*`` multiplies matrices, ``o`` entries."""
    found: list[Token] = []
    at, end = start, len(text) if end is None else end
    while at < end:
        match = _SCANNER.match(text, at, end)
        assert match is not None  # the last alternative takes any character
        kind, shown = str(match.lastgroup), match.group()
        kind = "key" if kind in ("quote", "inner") else kind
        after = match.end()
        if kind == "string" and shown[0] == "'" and code == "matlab" and _may_be_turned(found):
            kind, shown, after = "op", "'", at + 1
        found += _as_claimed(kind, match["inner"] if kind == "key" else shown, (at, after), code)
        at = after
    return _without_modules(found)


def _may_be_turned(found: list[Token]) -> bool:
    return bool(found) and (found[-1].kind == "word" or found[-1].text in (")", "]", "'", "T"))


def _as_claimed(kind: str, shown: str, place: tuple[int, int], code: str) -> list[Token]:
    start, end = place
    if kind == "space":
        return []
    if kind == "key":
        return [Token("word", shown, start, end)]
    if kind == "number":
        return [Token("number", _numeral(shown), start, end)]
    if kind == "word":
        greek = CHARACTERS.get(shown[0], ("", ""))
        return [Token("word", greek[1] + shown[1:] if greek[0] == "word" else shown, start, end)]
    if kind == "step":
        return [Token("relation", shown, start, end)]
    if kind == "relation":
        return [Token("relation", "=", start, end)]
    if kind in ("power", "each", "over"):
        return [Token("op", {"power": "^", "each": "o", "over": "/"}[kind], start, end)]
    if kind == "turn" or (kind == "op" and shown == "'" and code == "matlab"):
        return [Token("op", ".", start, end), Token("word", "T", start, end)]
    if kind == "op" and shown == "@":
        return [Token("op", "*", start, end)]
    if kind == "op" and shown == "*" and code == "numpy":
        return [Token("op", "o", start, end)]
    if kind == "op":
        return [Token("op", shown, start, end)]
    return [Token({"compared": "compared", "string": "string"}.get(kind, "unknown"), shown, start, end)]


def _numeral(shown: str) -> str:
    shown = shown.replace("_", "")
    mantissa, e, exponent = shown.lower().partition("e")
    mantissa = mantissa.removesuffix(".")
    return f"{mantissa}{e}{exponent}"


def _without_modules(found: list[Token]) -> list[Token]:
    """The tokens with ``exp`` for ``np.exp``, and without the comma that ends a list."""
    kept: list[Token] = []
    i = 0
    while i < len(found):
        token = found[i]
        dotted = i + 2 < len(found) and found[i + 1].text == "." and found[i + 2].kind == "word"
        if token.kind == "word" and token.text in _MODULES and dotted:
            i += 4 if found[i + 2].text == "linalg" and i + 4 < len(found) else 2
            found[i] = found[i]._replace(start=token.start)
            continue
        if token.text == "," and i + 1 < len(found) and found[i + 1].text == "]":
            i += 1
            continue
        kept.append(token)
        i += 1
    return kept


# Printed values


def value_end(text: str, at: int, end: int, closed_by: Mapping[int, int]) -> int:
    """The place after the printed value at ``at``: a number or an array; ``at`` itself where there is none.

    ``closed_by`` are the closing brackets of the text by the opening ones.
    """
    wrapped = _WRAPPED.match(text, at, end)
    opened = at if text[at : at + 1] == "[" else -1 if wrapped is None else wrapped.end() - 1
    if opened >= 0:
        closed = closed_by.get(opened, end)
        return closed + 1 if closed < end and closed - at < MAX_VALUE else at
    number = _PRINTED.match(text, at, end)
    return at if number is None else number.end()


def value_tokens(text: str, start: int = 0, end: int | None = None, code: str = "numpy") -> list[Token]:
    """The tokens of a printed value, with the commas between its entries.

    NumPy prints all numbers of an array to the same decimals and leaves out zeros at their ends: they are put back.
    """
    found = [token for token in code_tokens(text, "numpy", start, end) if token.text not in ("#", "%")]
    found = [_without_noise(token) for token in found]
    parted = with_commas(found, text, code)
    if len(parted) == len(found) and not (found and found[0].text in ("array", "matrix")):
        return parted
    return _as_long(parted)


def _without_noise(token: Token) -> Token:
    """What a double has in place of 0, as a 0 with the digits that it has: ``-2.8e-17``."""
    exponent = token.text.partition("e-")[2] if token.kind == "number" else ""
    return token._replace(text=_ZERO) if exponent and int(exponent) >= MIN_NOISE else token


def with_commas(tokens: list[Token], text: str, code: str, *, apart: bool = False) -> list[Token]:
    """The tokens with commas between the entries of lists that have none: ``[0.1 -0.2]``, in MATLAB ``[1 2; 3 4]``.

    ``apart``: a sign parts two entries only in a list that is a whole side.
    """
    depth, listed, whole = 0, list[Token](), False
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else None
        if token.text == "[" and not depth:
            whole = not apart or (
                (before is None or before.kind == "relation" or before.text == ":") and _is_whole(tokens, i)
            )
        if depth and before is not None and _is_parted(before, token, tokens[i + 1 : i + 2], signs=whole):
            row = code == "matlab" and token.text != "[" and "\n" in text[before.end : token.start]
            listed.append(Token("op", ";" if row else ",", token.start, token.start))
        depth = max(depth + (token.text == "[") - (token.text == "]"), 0)
        listed.append(token)
    return listed


def rows_apart(tokens: list[Token], text: str) -> list[list[Token]]:
    """The rows of a small array of numbers of which each has a line of its own; none where it is no such array.

    A row of one number is that number.
    """
    opened = next((i for i, token in enumerate(tokens) if token.text == "["), len(tokens))
    wrapper, inner = tokens[:opened], tokens[opened + 1 :]
    found: list[list[Token]] = []
    depth = 0
    if any(token.kind != "word" and token.text not in (".", "(") for token in wrapper):
        return []
    for token in inner:
        depth += (token.text == "[") - (token.text == "]")
        if depth < 0:
            break
        if token.text == "[" and depth == 1:
            if found and "\n" not in text[found[-1][-1].end : token.start]:
                return []
            found.append([])
        if depth > 1 or token.kind not in ("number", "op") or len(found) > MAX_ROWS:
            return []
        if depth or (token.text == "]" and found):
            found[-1].append(token)
    if len(found) < 2 or sum(map(len, found)) > MAX_IN_ROWS:
        return []
    return [row[1:-1] if all(token.text != "," for token in row) else row for row in found]


def _is_whole(tokens: list[Token], opened: int) -> bool:
    """Whether the list that opens here has nothing but numbers, and a side ends behind it."""
    depth = 0
    for i in range(opened, len(tokens)):
        token = tokens[i]
        depth += (token.text == "[") - (token.text == "]")
        if depth == 0:
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            return following is None or following.kind == "relation" or following.text in (".", ",", ";")
        if token.kind != "number" and token.text not in ("[", "]", "+", "-", ",", ";"):
            return False
    return False


def _is_parted(before: Token, token: Token, following: list[Token], *, signs: bool) -> bool:
    """Whether a comma is left out between two tokens of a list."""
    if before.end == token.start or not (before.kind == "number" or before.text == "]"):
        return before.text == "]" and token.text == "["
    if token.kind == "number" or token.text == "[":
        return True
    signed = signs and token.text in ("-", "+") and bool(following) and following[0].start == token.end
    return signed and following[0].kind == "number"


def _as_long(tokens: list[Token]) -> list[Token]:
    """The numbers of an array with as many decimals as the longest."""
    plain = [token for token in tokens if token.kind == "number" and "e" not in token.text]
    most = max((len(token.text.partition(".")[2]) for token in plain), default=0)
    if not 0 < most <= MAX_DECIMALS:
        return tokens
    return [_padded(token, most) if token.kind == "number" and "e" not in token.text else token for token in tokens]


def _padded(token: Token, decimals: int) -> Token:
    whole, _, fraction = token.text.partition(".")
    return token._replace(text=f"{whole}.{fraction.ljust(decimals, '0')}")


__all__ = ["MAX_VALUE", "code_tokens", "rows_apart", "value_end", "value_tokens", "with_commas"]
