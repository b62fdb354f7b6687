"""The calls of NumPy and MATLAB: the functions of arrays, and the methods of the same names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flint import fmpq

from derive.expressions.grammar import constant_value
from derive.expressions.tree import ONE, ZERO, Call, Expr, Number, Sum
from derive.verification.reading import arrays, matrices
from derive.verification.reading.model import Matrix, SideContent
from derive.verification.reading.parse import Parser
from derive.verification.reading.spelling import FUNCTION_WORDS

MAX_ARGUMENTS = 12
"""At most this many arguments of one call."""
MAX_SIZE = 100
"""An array of zeros or ones has at most so many rows, and so many columns."""
_TRANSPARENT = frozenset(
    """array asarray matrix mat float float32 float64 tensor Tensor round around copy item tolist numpy detach Array
    double single squeeze squeeze_ asmatrix real astype cpu clone to full requires_grad_ ascontiguousarray
    disp num2str Value Variable Parameter""".split()
)
"""Functions and methods that change nothing but how a number is kept or shown."""
_TURNING = frozenset({"transpose", "t", "T"})
_FLAT = frozenset({"reshape", "flatten", "ravel", "view", "unsqueeze", "expand_dims", "atleast_2d"})
"""Methods that only lay the entries of a vector out in another way."""
WITHOUT_ARGUMENTS = _FLAT | {"astype", "type", "to", "item", "tolist"}


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
        whole = whole_of(value)
        if self.parser.code == "matlab":
            whole = whole - 1 if whole is not None else None
        if whole not in (-2, -1, 0, 1):
            raise self.parser.error("this axis is not read", "write axis=0 or axis=1", self.start)
        return whole % 2


def arguments_at(parser: Parser, start: int) -> Arguments:
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
                value = compared_at(parser, value)
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


def compared_at(parser: Parser, value: SideContent) -> SideContent:
    """``z > 0``: 1 where that is so."""
    sign = parser.tokens[parser.at]
    parser.at += 1
    if parser.sum() != ZERO or sign.text not in (">", ">="):
        raise parser.error("only > 0 is read here", "", sign.start)
    return parser.shaped(matrices.applied, "relu'" if sign.text == ">" else "step", [value])


def whole_of(value: SideContent) -> int | None:
    """A whole number, as an index is one."""
    number = constant_value(value) if isinstance(value, Expr) else None
    return int(number.p) if number is not None and number.q == 1 and abs(number.p) < 10**6 else None


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
        sizes = [whole_of(one) for value in given.values for one in arrays.entries(value)]
        if len(sizes) not in (1, 2) or not all(size and 0 < size <= MAX_SIZE for size in sizes):
            raise given.parser.error("the size of this array is not read", "", given.start)
        rows, columns = [*sizes, 1][:2] if len(sizes) == 1 else sizes
        return Matrix(((entry,) * (columns or 1),) * (rows or 1))

    return read


CALLS: Mapping[str, Callable[[Arguments], SideContent]] = {
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
METHODS = frozenset(
    {*CALLS, *FUNCTION_WORDS, *WITHOUT_ARGUMENTS, "T", "H", "mT", "data", "real", "values", "grad", "shape"}
)
"""What may stand behind the point of an array."""
