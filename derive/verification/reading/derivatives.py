r"""Derivatives in every spelling: ``dE/dw2_1_1``, ``∂E/∂w₁``, ``\frac{\partial E}{\partial w}``, ``\frac{d}{dz}``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from derive.differentiate import derivative as slope
from derive.expressions.functions import FUNCTIONS
from derive.expressions.tree import Derivative, Expr, Name, names_in, plus, walk
from derive.naming.quantity import NamedQuantity
from derive.verification.reading import matrices
from derive.verification.reading.at_own_names import derivatives_by, own_matrix
from derive.verification.reading.jacobians import entries, jacobian
from derive.verification.reading.model import Matrix, SideContent, Unreadable
from derive.verification.reading.name_marks import marks
from derive.verification.reading.names import free_at, name, whole, written
from derive.verification.reading.parse import Parser
from derive.verification.reading.quantities import quantity_at
from derive.verification.reading.row_vectors import laid
from derive.verification.reading.token import Token

MAX_BRACES = 4
"""At most this many braces stand around what a gradient is by."""
MAX_DIFFERENTIATED = 500
"""A formula of at most this many parts is differentiated."""


class _Differential(NamedTuple):
    """``dE``: its sign (``d`` or ``∂``), the quantity (None for a free letter) and the letter itself.

    ``matrix`` is a vector or matrix of the writer's own names.
    """

    sign: str
    quantity: NamedQuantity | None
    letter: str
    matrix: Matrix | None = None


class _Certain(Unreadable):
    """What stands here is meant as a derivative, and cannot be read."""


def derivative(parser: Parser) -> SideContent | None:
    """The derivative that stands here; None, and no step taken, where there is none."""
    start, kept = parser.at, list(parser.tokens)
    fraction = parser.tokens[start].kind == "command"
    certain: _Certain | None = None
    try:
        found = _fraction(parser) if fraction else _inline(parser)
    except _Certain as error:
        found, certain = None, error
    except Unreadable:
        found = None
    parser.tokens = kept
    if found is None:
        parser.at = start
        formula = _of_a_formula(parser, fraction=fraction)
        if formula is None and certain is not None:
            raise certain
        return formula
    above, below = found
    if above is None:
        return _operator(parser, below)
    return _named(parser, above, below, start)


MAX_OF_A_FRACTION = 40
"""At most this many tokens of a fraction are looked at for the sign of a derivative."""
_Parts = tuple[_Differential | None, _Differential] | None


def _fraction(parser: Parser) -> _Parts:
    parser.at += 1
    parts: list[_Differential | None] = []
    sure = _has_d_on_both_sides(parser)
    for place in range(2):
        parser.expect("{")
        parts.append(_differential_of(parser, above=bool(place and parts[0] is not None), sure=sure))
        if parts[-1] is None and place and parts[0] is not None:
            raise _certain(parser)
        if parts[-1] is None:
            return None
        parser.expect("}")
    return _both(parts[0], parts[1])


def _has_d_on_both_sides(parser: Parser) -> bool:
    r"""Whether d stands before one quantity above and one below the line: a sign, though a node is called d."""
    texts = [token.text for token in parser.tokens[parser.at : parser.at + MAX_OF_A_FRACTION]]
    if texts[:2] != ["{", "d"] or "}" not in texts:
        return False
    end = texts.index("}")
    plain = not any(text in ("+", "-", "*", "/", "{", "^") for text in texts[2:end])
    return end > 2 and plain and texts[end + 1 : end + 3] == ["{", "d"] and texts[end + 3 : end + 4] != ["}"]


def _differential_of(parser: Parser, *, above: bool, sure: bool = False) -> _Differential | None:
    """What stands above or, where there is something ``above`` it, below the line of a fraction."""
    if not above:
        return _differential(parser, alone=True, sure=sure)
    return _below(parser, lambda: _differential(parser, alone=False, sure=sure))


def _below(parser: Parser, read: Callable[[], _Differential | None]) -> _Differential | None:
    """What stands below in a derivative; a quantity there that the network does not have is an error of its own."""
    try:
        return read()
    except Unreadable as error:
        raise _Certain(error.problem, error.offset, error.hint) from None


def _inline(parser: Parser) -> _Parts:
    above = _bracketed(parser, alone=True)
    if above is None or parser.text() != "/":
        return None
    parser.at += 1
    below = _below(parser, lambda: _bracketed(parser, alone=False))
    if below is None and (above.sign == "∂" or parser.text() == "∂"):
        raise _certain(parser)
    if below is None and parser.here is not None and parser.here.text[:1] == "d":
        raise _certain(parser)
    return _both(above, below)


def _bracketed(parser: Parser, *, alone: bool) -> _Differential | None:
    """A differential, also in brackets: ``(∂E)/(∂w)``."""
    bracket = parser.text() == "("
    parser.at += bracket
    found = _differential(parser, alone=alone)
    if bracket and found is not None:
        parser.expect(")")
    return found


def _certain(parser: Parser) -> _Certain:
    """The error of what stands below in a derivative: the unknown quantity, or that there is none."""
    token = parser.here
    if parser.text() == "∂":
        parser.at += 1
    elif token is not None and token.kind == "word" and token.text[0] == "d" and len(token.text) > 1:
        parser.tokens[parser.at] = token._replace(text=token.text[1:], start=token.start + 1)
    elif token is not None and token.text == "d":
        parser.at += 1
    try:
        if parser.here is not None and parser.here.kind in ("word", "accent", "text"):
            name(parser)
    except Unreadable as error:
        return _Certain(error.problem, error.offset, error.hint)
    return _Certain("this derivative is not read", parser.offset(), "write dE/dw2_1_1")


def _both(above: _Differential | None, below: _Differential | None) -> _Parts:
    if above is None or below is None:
        return None
    nothing = above.quantity is None and not above.letter and above.matrix is None
    return (None if nothing else above), below


def _differential(parser: Parser, *, alone: bool, sure: bool = False) -> _Differential | None:
    """``d`` or ``∂`` and a quantity; ``alone`` allows the sign without one, as in ``d/dz``.

    ``sure``: d is a sign, whatever is called so.
    """
    token, start = parser.here, parser.at
    if token is None:
        return None
    sign = "∂" if parser.text() == "∂" else "d"
    if sign == "d" and not (token.kind == "word" and token.text[0] == "d"):
        return None
    if sign == "∂" or token.text == "d":
        if token.text == "d" and "d" in parser.spelling.names.taken and not sure:
            return None
        parser.at += 1
    else:  # the sign and the name are one word
        if token.text in parser.spelling.names.taken or parser.spelling.knows(token.text):
            return None
        parser.tokens[parser.at] = token._replace(text=token.text[1:], start=token.start + 1)
    if alone and (parser.text() in ("/", "}")):
        return _Differential(sign, None, "")
    letter = free_at(parser)
    if letter:
        return _Differential(sign, None, letter)
    matrix = own_matrix(parser)
    quantity = quantity_at(parser) if matrix is None else None
    if quantity is None and matrix is None:
        parser.at, parser.tokens[start] = start, token
        return None
    return _Differential(sign, quantity, "", matrix)


def _named(parser: Parser, above: _Differential, below: _Differential, start: int) -> SideContent:
    parser.signs.add(above.sign)
    if parser.spelling.names.sizes == (1,) and (above.quantity is not None or below.quantity is not None):
        above, below = (_of_the_only_unit(parser, one) for one in (above, below))
    if above.letter or below.letter:
        if above.quantity is not None or below.quantity is not None:
            raise _which(parser, above.letter or below.letter, start)
        if above.matrix is not None or below.matrix is not None:
            raise _which(parser, above.letter or below.letter, start)
        return Derivative(Name(above.letter), below.letter)
    of, by = (entries(parser, one.quantity, one.matrix) for one in (above, below))
    if of and by:
        return jacobian(parser, of, by, parser.tokens[start].start)
    if above.matrix is not None:
        raise parser.error("this derivative is not read", "give its entries", parser.tokens[start].start)
    if below.matrix is not None and above.quantity is not None and above.quantity.by is None:
        return laid(parser, derivatives_by(parser, above.quantity.base, below.matrix, parser.tokens[start].start))
    top, bottom, offset = above.quantity, below.quantity, parser.tokens[start].start
    assert top is not None
    assert bottom is not None
    if top.by is not None or bottom.by is not None:
        raise parser.error("a derivative of a derivative is not read", "", offset)
    quantity = parser.resolved(f"d{top.base}/d{bottom.base}", offset)
    local = _local(parser)
    row = top.row if top.row is not None else bottom.row
    step = top.step if top.step is not None else bottom.step
    quantity = marks(parser, replace(quantity, row=row, step=step))
    following = [token.text for token in parser.tokens[parser.at : parser.at + 3]]
    bracketed = following[::2] == ["(", ")"] and parser.tokens[parser.at + 1].kind == "number"
    if bracketed:
        parser.at += 3 * parser.takes("place")
    partial = local or (above.sign == "∂" and parser.partial)
    if quantity.shape != "scalar":
        return whole(parser, quantity, partial=partial)
    return written(parser, quantity, partial=partial)


def _of_the_only_unit(parser: Parser, one: _Differential) -> _Differential:
    """``dz`` beside a quantity, in a network that is one unit."""
    if not one.letter or not parser.spelling.knows(f"{one.letter}1_1"):
        return one
    return one._replace(quantity=parser.spelling.word(f"{one.letter}1_1"), letter="")


def _which(parser: Parser, letter: str, start: int) -> Unreadable:
    """The error of ``dE/dz``: a derivative by the weighted input of some unit."""
    layers = len(parser.spelling.names.sizes)
    hint = f"write {letter}{layers}_1" if layers else ""
    return parser.error(f"which {letter} is meant?", hint, parser.tokens[start].start)


def _local(parser: Parser) -> bool:
    r"""Whether a derivative is said to be by the formula's own names: ``\Big\rvert_{\mathrm{local}}``; goes over it."""
    texts = [token.text for token in parser.tokens[parser.at : parser.at + 5]]
    if texts[:1] not in (["at"], ["|)"], ["|"]) or texts[1:] != ["_", "{", "local", "}"]:
        return False
    parser.at += 5
    parser.signs.add("local")
    return True


def _operator(parser: Parser, below: _Differential) -> SideContent:
    r"""``\frac{d}{dz}`` before what it is applied to."""
    parser.signs.add(below.sign)
    of = parser.power() if parser.text() in ("(", "[", "{") else parser.product()
    by = below.letter or str(below.quantity)
    if isinstance(of, Matrix):
        raise parser.error("the derivative of a vector is not read here", "give its entries")
    if parser.local and below.quantity is not None:
        return _held(parser, of, by)
    if isinstance(of, Name) and below.quantity is not None and parser.spelling.knows(f"d{of.name}/d{by}"):
        return written(parser, parser.spelling.word(f"d{of.name}/d{by}"), partial=below.sign == "∂" and parser.partial)
    return Derivative(of, by)


def _of_a_formula(parser: Parser, *, fraction: bool) -> Expr | None:
    r"""``\frac{\partial (h u)}{\partial w}``, ``d(h^2)/dw``, ``\frac{d\sigma}{dz}``; None, and no step, for another."""
    start, kept, signs = parser.at, list(parser.tokens), set(parser.signs)
    try:
        found = _formula_over(parser, fraction=fraction)
    except Unreadable:
        found = None
    if found is None:
        parser.at, parser.tokens, parser.signs = start, kept, signs
    return found


def _formula_over(parser: Parser, *, fraction: bool) -> Expr | None:
    if fraction:
        parser.at += 1
        parser.expect("{")
    sign = parser.here
    if sign is None or not _is_a_sign(parser, sign):
        return None
    if len(sign.text) > 1:
        parser.tokens[parser.at] = sign._replace(text=sign.text[1:], start=sign.start + 1)
    else:
        parser.at += 1
    function, of = _bare_function(parser, "}" if fraction else "/"), None
    if not function:
        of = parser.sum() if fraction else parser.power()
    if fraction:
        parser.expect("}")
        parser.expect("{")
    else:
        parser.expect("/")
    below = _differential(parser, alone=False)
    if below is None or (below.quantity is not None and below.quantity.shape != "scalar"):
        return None
    if fraction:
        parser.expect("}")
    by = below.letter or str(below.quantity)
    of = matrices.applied(function, [Name(by)]) if function else of
    if not isinstance(of, Expr):
        return None
    parser.signs.add(below.sign)
    if below.quantity is not None and (_local(parser) or parser.local or (below.sign == "∂" and parser.partial)):
        return _held(parser, of, by)
    return Derivative(of, by)


def _is_a_sign(parser: Parser, token: Token) -> bool:
    """Whether ``d`` or ``∂`` stands before a formula, and is no name."""
    if token.text == "∂":
        return True
    if token.kind != "word" or token.text[0] != "d" or "d" in parser.spelling.names.taken:
        return False
    return len(token.text) == 1 or not (token.text in parser.spelling.names.taken or parser.spelling.knows(token.text))


def _bare_function(parser: Parser, closing: str) -> str:
    r"""The function whose name alone stands here, as in ``\frac{d\sigma}{dz}``; goes over it. Empty for none."""
    token = parser.here
    if token is None or parser.text(1) != closing or token.text in parser.spelling.names.taken:
        return ""
    function = parser.spelling.function(token.text)
    if function not in FUNCTIONS:
        return ""
    parser.at += 1
    return function


def _held(parser: Parser, of: Expr, by: str) -> Expr:
    """The derivative of a formula by one of its own names, the others held."""
    if sum(1 for _ in walk(of)) > MAX_DIFFERENTIATED:
        raise parser.error("the derivative of so long an expression cannot be checked")
    return plus(*(slope(of, name) for name in names_in(of) if name == by or name.startswith(by + "[")))


def _family_at(parser: Parser) -> tuple[str, ...]:
    """The names of a vector of a graph at which the parser is; goes over it."""
    token = parser.here
    if token is None or token.kind != "word" or parser.spelling.names.sizes:
        return ()
    found = parser.spelling.shorthands.families.get(token.text, ())
    parser.at += bool(found)
    return found


def gradient(parser: Parser) -> SideContent:
    r"""``\nabla_{\hat y} E``: the derivatives by every entry, in a column (or as the matrix has them)."""
    start = parser.offset()
    parser.at += 1
    if parser.text() != "_":
        raise parser.error("it is not said what the gradient is by", r"write \nabla_{w} E", start)
    parser.at += 1
    braces = 0
    while parser.text() == "{" and braces < MAX_BRACES:
        parser.at, braces = parser.at + 1, braces + 1
    family = _family_at(parser)
    below = quantity_at(parser) if not family else None
    if (
        below is None
        and not family
        and parser.here is not None
        and parser.here.text == "a"
        and parser.spelling.names.sizes
    ):
        below, parser.at = parser.resolved("yhat", start), parser.at + 1  # the activations of the last layer
    own = own_matrix(parser) if below is None and not family and parser.here is not None else None
    for _ in range(braces):
        parser.expect("}")
    above = quantity_at(parser)
    if family and above is not None and above.by is None:
        names = (parser.resolved(f"d{above.base}/d{name}", start) for name in family)
        return Matrix(tuple((Name(str(name)),) for name in names))
    if own is not None and above is not None and above.by is None:
        parser.signs.add("d")
        return derivatives_by(parser, above.base, own, start)
    if above is None or below is None or above.by or below.by:
        raise parser.error("this gradient is not read", r"write \nabla_{\hat{y}} E", start)
    quantity = parser.resolved(f"d{above.base}/d{below.base}", start)
    parser.signs.add("d")
    return written(parser, marks(parser, replace(quantity, row=above.row, step=above.step)))
