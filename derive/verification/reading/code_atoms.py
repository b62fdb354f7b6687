"""The atoms of NumPy and MATLAB: names of arrays, calls, methods, entries.

Over a batch an array has a column for each sample, or (where the text multiplies so) a row. What these programs
call things is in :mod:`derive.verification.reading.code_names`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from derive.expressions.functions import FUNCTIONS
from derive.naming.quantity import NamedQuantity
from derive.verification.reading import arrays, matrices
from derive.verification.reading.calls import call
from derive.verification.reading.code_calls import CALLS, WITHOUT_ARGUMENTS, arguments_at, compared_at, whole_of
from derive.verification.reading.in_samples import over_samples
from derive.verification.reading.model import Matrix, SideContent
from derive.verification.reading.names import name, written
from derive.verification.reading.parse import Parser

MAX_OF_A_SLICE = 6
"""What says which part of a vector is taken has at most so many tokens, its bracket among them."""
_CLOSED_BY = {"(": ")", "[": "]"}


def code_atom(parser: Parser, plain: Callable[[Parser], SideContent]) -> SideContent:
    """The atom at which the parser is, with its methods and indices; ``plain`` reads those that all texts have."""
    token = parser.here
    if token is not None and token.kind == "word":
        value = _word(parser)
    elif token is not None and token.text == "(" and token.kind == "op":
        value = _bracket(parser)
    else:
        value = plain(parser)
    while True:
        if parser.text() == "." and parser.at + 1 < len(parser.tokens) and parser.tokens[parser.at + 1].kind == "word":
            value = _method(parser, value)
        elif parser.text() == "[" and isinstance(value, Matrix):
            value = _entry(parser, value, "[")
        elif parser.code == "matlab" and parser.text() == "(" and isinstance(value, Matrix) and _adjacent(parser):
            value = _entry(parser, value, "(")
        else:
            return value


def _adjacent(parser: Parser) -> bool:
    return parser.tokens[parser.at].start == parser.tokens[parser.at - 1].end


def _word(parser: Parser) -> SideContent:
    """A call, or a name."""
    token = parser.tokens[parser.at]
    if parser.text(1) == "(" and token.text not in parser.spelling.names.taken:
        if token.text in CALLS:
            parser.at += 1
            return CALLS[token.text](arguments_at(parser, token.start))
        found = _own_call(parser)
        if found is not None:
            return found
    if parser.spelling.knows(token.text):
        quantity = parser.spelling.word(token.text)
        parser.at += 1
        while parser.text() == "'":
            quantity, parser.at = replace(quantity, step=(quantity.step or 0) + 1), parser.at + 1
        return array_of(parser, quantity)
    found = call(parser)
    return name(parser) if found is None else found


def _own_call(parser: Parser) -> SideContent | None:
    """``softmax(Z)`` of each sample; other functions are of every entry."""
    token = parser.tokens[parser.at]
    if parser.spelling.function(token.text) != "softmax":
        return None
    parser.at += 1
    arguments = arguments_at(parser, token.start)
    batch = parser.spelling.rows > 1
    axis = int("in_rows" in parser.choices)
    value = arguments.values[0]
    if not batch or not isinstance(value, Matrix) or 1 in value.shape:
        return parser.shaped(matrices.softmax, value)
    return parser.shaped(arrays.softmax, value, axis)


def array_of(parser: Parser, quantity: NamedQuantity) -> SideContent:
    """What a name stands for in a program: a number, a vector or matrix, or the values of all samples."""
    found = over_samples(parser, quantity)
    if found is not None:
        return found
    value = written(parser, quantity)
    turned = "in_rows" in parser.choices and quantity.shape != "matrix" and isinstance(value, Matrix)
    return matrices.transposed(value) if turned else value  # type: ignore[arg-type]


def _bracket(parser: Parser) -> SideContent:
    """What stands in brackets; ``(z > 0)`` is 1 where that is so, ``(0.3, 0.7)`` a list."""
    start = parser.offset()
    parser.at += 1
    values = [parser.sum()]
    if (here := parser.here) is not None and here.kind == "compared":
        values = [compared_at(parser, values[0])]
    while parser.text() == "," and parser.text(1) != ")":
        parser.at += 1
        values.append(parser.sum())
    listed = parser.text() == ","
    parser.at += listed
    if parser.text() != ")":
        raise parser.error("a bracket is opened and not closed", "add ')'", start)
    parser.at += 1
    if len(values) == 1 and not listed:
        return values[0]
    entries = [matrices.scalar(value) for value in values]
    if any(isinstance(entry, Matrix) for entry in entries):
        raise parser.error("a matrix cannot stand in a list", "", start)
    return parser.shaped(matrices.checked, [[entry] for entry in entries])


def _method(parser: Parser, value: SideContent) -> SideContent:
    """``W.T``, ``dZ.sum(axis=1)``, ``W.dot(x)``: goes over the method."""
    word = parser.tokens[parser.at + 1]
    parser.at += 2
    if word.text in ("T", "H", "mT") and parser.text() != "(":
        return matrices.transposed(value) if isinstance(value, Matrix) else value
    if parser.text() != "(":
        if word.text in ("data", "real", "values"):
            return value
        raise parser.error(f"'.{word.text}' is not read here", "", word.start)
    if word.text in WITHOUT_ARGUMENTS:
        return _laid_out(value, _skipped(parser))
    arguments = arguments_at(parser, word.start)
    reader = CALLS.get(word.text)
    function = parser.spelling.function(word.text)
    if reader is None and function in FUNCTIONS and not arguments.values:
        return parser.shaped(matrices.applied, function, [value])
    if reader is None:
        raise parser.error(f"'.{word.text}(…)' is not read here", "", word.start)
    return reader(replace(arguments, values=(value, *arguments.values)))


def _skipped(parser: Parser) -> str:
    """What stands in the brackets of a call, which says only how entries are laid out; goes over it."""
    parser.expect("(")
    start, depth = parser.at, 1
    while depth and parser.here is not None:
        depth += (parser.text() in ("(", "[")) - (parser.text() in (")", "]"))
        parser.at += 1
    return "".join(token.text for token in parser.tokens[start : parser.at - 1]).strip("()")


def _laid_out(value: SideContent, shape: str) -> SideContent:
    """A vector as a column or a row, where the last of its sizes, or the first, is said to be 1."""
    if not isinstance(value, Matrix) or 1 not in value.shape:
        return value
    turned = (shape.endswith(",1") and value.shape[0] == 1) or (shape.startswith("1,") and value.shape[1] == 1)
    return matrices.transposed(value) if turned and "," in shape else value


# Entries


def _entry(parser: Parser, value: Matrix, opening: str) -> SideContent:
    """An entry, a row or a column of an array: ``W[0, 1]``, ``W[0][1]``, ``A[:, 0]``, ``x[:, None]``."""
    start = parser.offset()
    parser.at += 1
    parts: list[tuple[str, int]] = []
    if opening == "[" and 1 in value.shape and (some := _slice(parser)) is not None:
        entries = [entry for row in value.rows for entry in row][some]
        if not entries:
            raise parser.error("this part of an array is empty", "", start)
        return (
            Matrix((tuple(entries),)) if value.shape[0] == 1 < value.shape[1] else Matrix(tuple((e,) for e in entries))
        )
    while True:
        parts.append(_index(parser, start))
        if parser.text() != ",":
            break
        parser.at += 1
    parser.expect(_CLOSED_BY[opening])
    if [kind for kind, _ in parts] in (["all", "new"], ["new", "all"]) and 1 in value.shape:
        column = parts[1][0] == "new"
        return matrices.transposed(value) if column == (value.shape[0] == 1) else value
    parts = [part for part in parts if part[0] != "new"]
    if not any(kind == "at" for kind, _ in parts):
        return value
    first = 1 if parser.code == "matlab" else 0
    places = [(kind, place - first) for kind, place in parts]
    if len(places) == 1 and 1 in value.shape:
        places = [("all", 0), places[0]] if value.shape[0] == 1 else [places[0], ("all", 0)]
    rows = _chosen(list(value.rows), places[0])
    chosen = [tuple(_chosen(list(row), places[1])) if len(places) > 1 else row for row in rows or []]
    if not chosen or not all(chosen) or len(places) > 2:
        raise parser.error(f"the array is {value.shape[0]} × {value.shape[1]}", "", start)
    return matrices.scalar(Matrix(tuple(chosen)))


def _chosen(values: list, place: tuple[str, int]) -> list:  # type: ignore[type-arg]
    kind, at = place
    if kind != "at":
        return values
    return values[at : at + 1] if 0 <= at < len(values) else values[-1:] if at == -1 else []


def _slice(parser: Parser) -> slice | None:
    """``:2]``, ``1:]``, ``0:2]`` of a vector; goes over it and its bracket. None where something else stands there."""
    texts = [token.text for token in parser.tokens[parser.at : parser.at + MAX_OF_A_SLICE]]
    said = "".join(texts[: texts.index("]")]) if "]" in texts else ""
    found = re.fullmatch(r"(-?[0-9]{1,4})?:(-?[0-9]{1,4})?", said) if parser.code == "numpy" else None
    if found is None or not (found[1] or found[2]):
        return None
    parser.at += texts.index("]") + 1
    return slice(*(int(part) if part else None for part in found.groups()))


def _index(parser: Parser, start: int) -> tuple[str, int]:
    """``:`` is all, ``None`` a new axis, a number a place."""
    here = parser.here
    if here is not None and here.text == ":":
        parser.at += 1
        return "all", 0
    if here is not None and here.text in ("None", "newaxis"):
        parser.at += 1
        return "new", 0
    value = whole_of(parser.sum())
    if value is None or parser.text() == ":":
        raise parser.error("this part of an array is not read", "write a number for each index", start)
    return "at", value
