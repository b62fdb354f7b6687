"""The atoms of NumPy and MATLAB: names of arrays, calls, methods, entries.

Over a batch an array has a column for each sample, or (where the text multiplies so) a row. What these programs
call things is in :mod:`derive.verification.reading.code_names`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flint import fmpq

from derive.expressions.tree import ONE, ZERO, Call, Expr, Number, Sum
from derive.naming.quantity import NamedQuantity
from derive.verification.reading import arrays, matrices
from derive.verification.reading.calls import call
from derive.verification.reading.in_samples import over_samples
from derive.verification.reading.model import Matrix, SideContent
from derive.verification.reading.names import name, written
from derive.verification.reading.parse import Parser

MAX_ARGUMENTS = 12
"""At most this many arguments of one call."""
MAX_SIZE = 100
"""An array of zeros or ones has at most so many rows, and so many columns."""
_TRANSPARENT = frozenset(
    """array asarray matrix mat float float32 float64 tensor Tensor round around copy item tolist numpy detach Array
    double single squeeze squeeze_ asmatrix real astype cpu clone to full requires_grad_ ascontiguousarray
    disp num2str""".split()
)
"""Functions and methods that change nothing but how a number is kept or shown."""
_TURNING = frozenset({"transpose", "t", "T"})
_FLAT = frozenset({"reshape", "flatten", "ravel", "view", "unsqueeze", "expand_dims", "atleast_2d"})
"""Methods that only lay the entries of a vector out in another way."""
_WITHOUT_ARGUMENTS = _FLAT | {"astype", "type", "to", "item", "tolist"}
_CLOSED_BY = {"(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Arguments:
    """What stands in the brackets of a call."""

    parser: Parser
    start: int
    values: tuple[SideContent, ...]
    named: Mapping[str, SideContent]

    def axis(self, place: int = 1) -> int | None:
        """The axis over which is summed, 0 or 1; None where no axis is said."""
        value = self.named.get("axis", self.named.get("dim"))
        if value is None and len(self.values) > place:
            value = self.values[place]
        if value is None:
            return None
        whole = _whole(value)
        if self.parser.code == "matlab":
            whole = whole - 1 if whole is not None else None
        if whole not in (-2, -1, 0, 1):
            raise self.parser.error("this axis is not read", "write axis=0 or axis=1", self.start)
        return whole % 2


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
        if token.text in _CALLS:
            parser.at += 1
            return _CALLS[token.text](_arguments(parser, token.start))
        found = _own_call(parser)
        if found is not None:
            return found
    if parser.spelling.knows(token.text):
        quantity = parser.spelling.word(token.text)
        parser.at += 1
        while parser.code == "numpy" and parser.text() == "'":
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
    arguments = _arguments(parser, token.start)
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
        values = [_compared(parser, values[0])]
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


def _compared(parser: Parser, value: SideContent) -> SideContent:
    sign = parser.tokens[parser.at]
    parser.at += 1
    if parser.sum() != ZERO or sign.text not in (">", ">="):
        raise parser.error("only > 0 is read here", "", sign.start)
    return parser.shaped(matrices.applied, "relu'" if sign.text == ">" else "step", [value])


def _arguments(parser: Parser, start: int) -> Arguments:
    """The arguments of a call, those with names apart; goes over its brackets. What is no number is left out."""
    values: list[SideContent] = []
    named: dict[str, SideContent] = {}
    parser.expect("(")
    while parser.text() != ")":
        if len(values) + len(named) >= MAX_ARGUMENTS:
            raise parser.error("too many arguments", "", start)
        word, sign = parser.here, parser.tokens[parser.at + 1 : parser.at + 2]
        if word is not None and word.kind == "word" and sign and sign[0].kind == "relation":
            parser.at += 2
            if word.text in ("axis", "dim"):
                named[word.text] = parser.sum()
            else:
                _skip(parser)
        else:
            value = parser.sum()
            if (here := parser.here) is not None and here.kind == "compared":
                value = _compared(parser, value)
            values.append(value)
        if parser.text() != ",":
            break
        parser.at += 1
    parser.expect(")")
    return Arguments(parser, start, tuple(values), named)


def _skip(parser: Parser) -> None:
    """Goes over an argument that says nothing of numbers: ``dtype=float32``."""
    depth = 0
    while (here := parser.here) is not None:
        if depth == 0 and here.text in (",", ")"):
            return
        depth += (here.text in ("(", "[", "{")) - (here.text in (")", "]", "}"))
        parser.at += 1


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
    if word.text in _WITHOUT_ARGUMENTS:
        return _laid_out(value, _skipped(parser))
    arguments = _arguments(parser, word.start)
    reader = _CALLS.get(word.text)
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


def _index(parser: Parser, start: int) -> tuple[str, int]:
    """``:`` is all, ``None`` a new axis, a number a place."""
    here = parser.here
    if here is not None and here.text == ":":
        parser.at += 1
        return "all", 0
    if here is not None and here.text in ("None", "newaxis"):
        parser.at += 1
        return "new", 0
    value = _whole(parser.sum())
    if value is None or parser.text() == ":":
        raise parser.error("this part of an array is not read", "write a number for each index", start)
    return "at", value


def _whole(value: SideContent) -> int | None:
    """A whole number, as an index is one."""
    from derive.expressions.grammar import constant_value

    number = constant_value(value) if isinstance(value, Expr) else None
    return int(number.p) if number is not None and number.q == 1 and abs(number.p) < 10**6 else None


# Calls


def _first(given: Arguments) -> SideContent:
    if not given.values:
        raise given.parser.error("an argument is missing here", "", given.start)
    return given.values[0]


def _two(calculation: Callable[[SideContent, SideContent], SideContent]) -> Callable[[Arguments], SideContent]:
    def read(given: Arguments) -> SideContent:
        if len(given.values) != 2:
            raise given.parser.error("two arguments stand here", "", given.start)
        return given.parser.shaped(calculation, *given.values)

    return read


def _turned(given: Arguments) -> SideContent:
    value = _first(given)
    return matrices.transposed(value) if isinstance(value, Matrix) else value


def _summed(given: Arguments) -> SideContent:
    value = _first(given)
    axis = given.axis()
    if axis is None and given.parser.code == "matlab" and isinstance(value, Matrix):
        axis = int(value.shape[0] == 1)
    return given.parser.shaped(arrays.summed, value, axis)


def _mean(given: Arguments) -> SideContent:
    value = _first(given)
    axis = given.axis()
    total = _summed(given)
    return given.parser.shaped(arrays.divided, total, Number(fmpq(arrays.count(value, axis))))


def _extreme(function: str) -> Callable[[Arguments], SideContent]:
    """``maximum(0, z)`` of every entry; the largest of one array is not read."""

    def read(given: Arguments) -> SideContent:
        if len(given.values) != 2:
            raise given.parser.error("the largest of an array is not read", "", given.start)
        return given.parser.shaped(arrays.called, function, *given.values)

    return read


def _where(given: Arguments) -> SideContent:
    """``where(z > 0, a, b)``: a where that is so, and b elsewhere."""
    if len(given.values) != 3:
        raise given.parser.error("three arguments stand here", "", given.start)
    chosen, yes, no = given.values
    shaped = given.parser.shaped
    if no == ZERO:
        return chosen if yes == ONE else shaped(arrays.multiplied, chosen, yes)
    other = shaped(arrays.added, ONE, shaped(matrices.negative, chosen))
    both = shaped(arrays.multiplied, chosen, yes), shaped(arrays.multiplied, other, no)
    return shaped(arrays.added, *both)


def _entrywise(function: str) -> Callable[[Arguments], SideContent]:
    return lambda given: given.parser.shaped(matrices.applied, function, [_first(given)])


def _square(given: Arguments) -> SideContent:
    return given.parser.shaped(arrays.raised, _first(given), Number(fmpq(2), "2"))


def _norm(given: Arguments) -> SideContent:
    squares = [arrays.raised(entry, Number(fmpq(2), "2")) for entry in arrays.entries(_first(given))]
    total = squares[0] if len(squares) == 1 else Sum(tuple(one for one in squares if isinstance(one, Expr)))
    return Call("sqrt", (total,)) if isinstance(total, Expr) else total


def _filled(entry: Expr) -> Callable[[Arguments], SideContent]:
    def read(given: Arguments) -> SideContent:
        sizes = [_whole(one) for value in given.values for one in arrays.entries(value)]
        if len(sizes) not in (1, 2) or not all(size and 0 < size <= MAX_SIZE for size in sizes):
            raise given.parser.error("the size of this array is not read", "", given.start)
        rows, columns = [*sizes, 1][:2] if len(sizes) == 1 else sizes
        return Matrix(((entry,) * (columns or 1),) * (rows or 1))

    return read


_CALLS: Mapping[str, Callable[[Arguments], SideContent]] = {
    **dict.fromkeys((*_TRANSPARENT, *_FLAT), _first),
    **dict.fromkeys(_TURNING, _turned),
    **dict.fromkeys(("dot", "matmul", "mm", "mv", "inner"), _two(arrays.product)),
    **dict.fromkeys(("multiply", "mul", "times"), _two(arrays.multiplied)),
    **dict.fromkeys(("divide", "true_divide", "div"), _two(arrays.divided)),
    **dict.fromkeys(("add", "plus"), _two(arrays.added)),
    **dict.fromkeys(
        ("subtract", "minus", "sub"), _two(lambda a, b: arrays.added(a, matrices.negative(b)))
    ),
    **dict.fromkeys(("power", "pow"), _two(arrays.raised)),
    "outer": _two(arrays.outer),
    "sum": _summed,
    **dict.fromkeys(("mean", "average"), _mean),
    **dict.fromkeys(("maximum", "max", "fmax"), _extreme("max")),
    **dict.fromkeys(("minimum", "min", "fmin"), _extreme("min")),
    "where": _where,
    "square": _square,
    "norm": _norm,
    **dict.fromkeys(("log", "ln"), _entrywise("ln")),
    **{function: _entrywise(function) for function in ("exp", "sqrt", "abs", "sin", "cos", "tan", "tanh")},
    "zeros": _filled(ZERO),
    "ones": _filled(ONE),
}  # fmt: skip
"""The functions of arrays, and the methods of the same names."""
CALLED = frozenset(_CALLS)
"""The functions of arrays."""
METHODS = frozenset({*_CALLS, *_WITHOUT_ARGUMENTS, "T", "H", "mT", "data", "real", "values", "grad", "shape"})
"""What may stand behind the point of an array."""
