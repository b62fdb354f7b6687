"""Comprehensions of Python as calculations with whole lists: ``[w*x + b for x in xs]`` is ``w*xs + b``.

>>> from derive.verification.reading.code_tokens import code_tokens
>>> def shown(text):
...     return "".join(token.text for token in unrolled(code_tokens(text, "numpy")))
>>> shown("[p - y for p, y in zip(pred, ys)]")
'((pred)-(ys))'
>>> shown("sum(e ** 2 for e in err) / n")
'sum((err)^2)/n'
>>> shown("[sum(w * x for w, x in zip(row, xs)) + b for row, b in zip(W, bs)]")
'(((W)*((xs)))+(bs))'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.verification.reading.token import Token

MAX_UNROLLED = 6
"""At most this many comprehensions of one statement are worked out, and so many are looked at for each."""
MAX_OF_A_LIST = 2_000
"""Statements, and what comes of their comprehensions, have at most so many names, numbers and signs."""
_CLOSES = {"(": ")", "[": "]", "{": "}"}


def unrolled(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a statement with its comprehensions as calculations; one that cannot be one stays as it is."""
    found = list(tokens)
    if len(found) > MAX_OF_A_LIST or not any(token.text == "for" for token in found[1:]):
        return found
    for _ in range(MAX_UNROLLED):
        places = [i for i, token in enumerate(found) if i and token.text == "for" and token.kind == "word"]
        tried = list(reversed(places))[:MAX_UNROLLED]
        changed = next(filter(None, (_without(found, at) for at in tried)), None)
        if changed is None or len(changed) > MAX_OF_A_LIST:
            break
        found = changed
    return found


def _without(tokens: list[Token], at: int) -> list[Token] | None:
    """The tokens without the comprehension whose ``for`` stands at a place; None where it is of another kind."""
    opened, closed = _opened(tokens, at), _closed(tokens, at)
    inner = [token.text for token in tokens[at + 1 : closed]]
    nested = opened >= 0 and any(token.text == "for" for token in tokens[opened:at])
    if opened < 0 or closed < 0 or nested or "in" not in inner or "if" in inner or "for" in inner:
        return None
    into = at + 1 + inner.index("in")
    said = _variables(tokens[at + 1 : into], tokens[into + 1 : closed])
    if said is None:
        return None
    values, index = said
    summed = opened > 0 and tokens[opened - 1].text == "sum"
    contracted = _contracted(tokens[opened + 1 : at], index) if summed and index and not values else None
    if contracted is not None:
        return [*tokens[: opened - 1], *contracted, *tokens[closed + 1 :]]
    body = _put_in(_products(tokens[opened + 1 : at], values), values, index)
    call = tokens[opened].text == "("
    start, end = tokens[opened], tokens[closed]
    left, right = start._replace(text="("), end._replace(text=")")
    inside = body if call else [left, *body, right]
    edges = ([start], [end]) if call else ([], [])
    return [*tokens[:opened], *edges[0], *inside, *edges[1], *tokens[closed + 1 :]]


def _opened(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    for i in range(at - 1, -1, -1):
        depth += (tokens[i].text in (")", "]", "}")) - (tokens[i].text in _CLOSES)
        if depth < 0:
            return i if tokens[i].text in ("(", "[") else -1
    return -1


def _closed(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    for i in range(at, len(tokens)):
        depth += (tokens[i].text in _CLOSES) - (tokens[i].text in (")", "]", "}"))
        if depth < 0:
            return i
    return -1


def _variables(
    names: Sequence[Token], over: Sequence[Token]
) -> tuple[dict[str, Sequence[Token]], str] | None:  # fmt: skip
    """What each variable runs over, and the one that counts; None where that is not clear."""
    plain = [token for token in names if token.text not in ("(", ")", ",")]
    if not plain or any(token.kind != "word" for token in plain):
        return None
    words = [token.text for token in plain]
    lists = lists_of(over)
    if lists is None:
        return None
    kind, several = lists
    if kind == "range":
        return ({}, words[0]) if len(words) == 1 else None
    index = words.pop(0) if kind == "enumerate" and len(words) > 1 else ""
    if len(words) != len(several):
        return None
    return dict(zip(words, several, strict=True)), index


def lists_of(over: Sequence[Token]) -> tuple[str, list[Sequence[Token]]] | None:
    """How a loop runs, and over what: ``zip(a, b)``, ``enumerate(zip(a, b))``, ``range(n)``, a list."""
    if len(over) > 2 and over[0].text in ("zip", "enumerate", "range") and over[1].text == "(":
        if _closed(over, 2) != len(over) - 1:
            return None
        inside = over[2:-1]
        if over[0].text == "enumerate":
            found = lists_of(inside)
            return ("enumerate", found[1]) if found is not None and found[0] != "range" else None
        parts = _parts(inside)
        return (over[0].text, parts) if all(parts) and (over[0].text == "zip" or len(parts) == 1) else None
    return ("list", [over]) if over else None


def _parts(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    found, depth, begins = list[Sequence[Token]](), 0, 0
    for i, token in enumerate(tokens):
        depth += (token.text in _CLOSES) - (token.text in (")", "]", "}"))
        if token.text == "," and depth == 0:
            found.append(tokens[begins:i])
            begins = i + 1
    return [*found, tokens[begins:]]


def without_index(tokens: Sequence[Token], index: str) -> list[Token]:
    """The tokens with ``xs`` for ``xs[i]``, where i counts."""
    return _put_in(tokens, {}, index)


def _put_in(body: Sequence[Token], values: Mapping[str, Sequence[Token]], index: str) -> list[Token]:
    """A body with whole lists in place of their members; ``xs[i]`` is ``xs`` where i counts."""
    found: list[Token] = []
    i = 0
    while i < len(body):
        token = body[i]
        counted = [one.text for one in body[i + 1 : i + 4]] == ["[", index, "]"] if index else False
        member = token.kind == "word" and token.text in values and not (i and body[i - 1].text == ".")
        if member:
            start, end = token._replace(kind="op", text="("), token._replace(kind="op", text=")")
            found += [start, *(one._replace(start=token.start, end=token.end) for one in values[token.text]), end]
        else:
            found.append(token)
        i += 4 if counted else 1
    return found


def _products(body: Sequence[Token], values: Mapping[str, Sequence[Token]]) -> list[Token]:
    """A body in which the sum of a row's members times others is a product of matrices: ``sum((row)*(xs))``."""
    found: list[Token] = []
    i = 0
    while i < len(body):
        end = _closed(body, i + 2) if [one.text for one in body[i : i + 2]] == ["sum", "("] else -1
        factors = _factors(body[i + 2 : end]) if end > 0 else None
        row = next((k for k in (0, 1) if factors and _alone(factors[k]) in values), None) if factors else None
        if factors is None or row is None:
            found.append(body[i])
            i += 1
            continue
        sign = Token("op", "*", body[i].start, body[i].start)
        left, right = body[i + 1], body[end]
        word = factors[row][1]
        found += [left, word, sign, left, *factors[1 - row], right, right]
        i = end + 1
    return found


def _contracted(body: Sequence[Token], index: str) -> list[Token] | None:
    """``sum(d[i]*W[i][j] for i in …)`` as ``(W.T*d)[j]``, an entry of a product; None for any other sum."""
    texts = [token.text for token in body]
    sign = texts.index("o") if texts.count("o") == 1 else 0
    parts = sorted((body[:sign], body[sign + 1 :]), key=len) if sign else []
    if [len(part) for part in parts] != [4, 7] or any(part[0].kind != "word" for part in parts):
        return None
    vector, matrix = parts
    scripts = [token.text for token in matrix[1:]]
    rows, columns = scripts[1], scripts[4]
    brackets = scripts[::3] == ["[", "["] and scripts[2::3] == ["]", "]"]
    if [token.text for token in vector[1:]] != ["[", index, "]"] or not brackets or {rows, columns} - {index} == set():
        return None
    start = body[0]

    def op(text: str) -> Token:
        return Token("op", text, start.start, start.start)

    if index not in (rows, columns):
        return None
    turned = [op("."), Token("word", "T", start.start, start.start)] if rows == index else []
    left = columns if rows == index else rows
    product = [op("("), matrix[0], *turned, op("*"), vector[0], op(")")]
    return [*product, op("["), Token("word", left, start.start, start.start), op("]")]


def with_lists(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with ``[[1, 2], [3, 4]]`` for ``[(1, 2), (3, 4)]``."""
    found = list(tokens)
    for at, token in enumerate(tokens):
        if token.text != "(" or not at or tokens[at - 1].text not in ("[", ",", "]"):
            continue
        end = _closed(tokens, at + 1)
        inside = tokens[at + 1 : end]
        plain = all(one.kind == "number" or one.text in (",", "-", "+") for one in inside)
        listed = end > 0 and plain and any(one.text == "," for one in inside)
        if listed and end + 1 < len(tokens) and tokens[end + 1].text in ("]", ","):
            found[at], found[end] = token._replace(text="["), tokens[end]._replace(text="]")
    return found if _is_in_brackets(found) else list(tokens)


def _is_in_brackets(tokens: Sequence[Token]) -> bool:
    """Whether the first bracket of a side is a list's."""
    first = next((token.text for token in tokens if token.text in _CLOSES), "")
    return first == "["


def _factors(inside: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]] | None:
    """The two factors in brackets of a product of lists."""
    if not inside or inside[0].text != "(":
        return None
    first = _closed(inside, 1)
    whole = 0 < first < len(inside) - 3 and inside[first + 1].text == "o" and inside[first + 2].text == "("
    if not whole or _closed(inside, first + 3) != len(inside) - 1:
        return None
    return inside[: first + 1], inside[first + 2 :]


def _alone(factor: Sequence[Token]) -> str:
    """The word that stands alone in the brackets of a factor; empty where more stands there."""
    return factor[1].text if len(factor) == 3 and factor[1].kind == "word" else ""


__all__ = ["lists_of", "unrolled", "with_lists", "without_index"]
