"""Names among the tokens: from a quantity, or from what is called so, to the tree."""

from __future__ import annotations

from dataclasses import replace

from flint import fmpq

from derive.expressions.tree import ONE, Constant, Name, Number
from derive.naming.quantity import NamedQuantity
from derive.patterns import regex
from derive.verification.reading import matrices
from derive.verification.reading.at_own_names import own_value
from derive.verification.reading.bare import LETTERS
from derive.verification.reading.bias_columns import place_of, with_biases
from derive.verification.reading.in_samples import over_samples
from derive.verification.reading.matrices import transposed
from derive.verification.reading.model import Matrix, SideContent, quoted
from derive.verification.reading.name_marks import MAX_DIGITS_OF_A_MARK, adjacent, step_said
from derive.verification.reading.of_parameters import of_the_parameters, output_of_parameters
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.quantities import FREE, OTHER_RATES, counts_samples, parted, quantity_at, spelt
from derive.verification.reading.row_vectors import ROWS, laid
from derive.verification.reading.spelling import INDEX
from derive.verification.reading.symbols import Scripted, symbol_at
from derive.verification.reading.token import Token

MAX_MATRICES = 100
"""At most this many vectors and matrices are kept."""
MAX_LETTERS = 6
"""At most this many names of one letter stand in a product without a sign."""
_ANY_UNIT = frozenset("hpqrsuv")
"""Letters that count units, besides those that count anything."""
_ONE = regex(r"[ahz][1-9][0-9]{0,8}_0|[xX]0")


def name(parser: Parser) -> SideContent:
    """The name at which the parser is: a quantity, a free letter, a constant."""
    start, token = parser.offset(), parser.tokens[parser.at]
    if (hypothesis := output_of_parameters(parser)) is not None:
        return whole(parser, hypothesis) if hypothesis.shape != "scalar" else written(parser, hypothesis)
    if token.text == "e" and parser.spelling.own_names.has("e") and _is_raised(parser):
        parser.at += 1
        return Constant("e")
    if parser.spelling.own_names and (own := own_value(parser, quantity_at)) is not None:
        return _with_indices(parser, laid(parser, own))
    changed = _change(parser)
    if changed is not None:
        return changed
    if token.text == "e" and "e" in parser.spelling.names.taken and parser.text(1) == "^" and parser.takes("euler"):
        parser.at += 1
        return Constant("e")
    quantity = quantity_at(parser)
    if quantity is not None:
        check_no_function(parser, quantity, start)
        if "samples" in parser.choices and (listed := over_samples(parser, quantity)) is not None:
            return listed
        if quantity.shape != "scalar":
            return _signed(parser, token, whole(parser, quantity))
        return _signed(parser, token, written(parser, quantity))
    symbol = symbol_at(parser.tokens, parser.at)
    if symbol is None:
        raise parser.error(f"{quoted(parser.tokens[parser.at].text)} is not read here")
    share = parser.spelling.part_of_the_loss(spelt(symbol)[0]) if not symbol.above and not symbol.primes else None
    if share is not None:
        parser.at = symbol.end
        return share
    return _no_quantity(parser, symbol)


def _is_raised(parser: Parser) -> bool:
    """Whether e has anything above it that is no 2, T, layer or sample: it is Euler's number."""
    texts = [token.text for token in parser.tokens[parser.at + 1 : parser.at + 5]]
    if texts[:1] != ["^"]:
        return False
    inside = texts[2:] if texts[1:2] == ["{"] else texts[1:]
    return inside[:1] not in (["2"], ["T"], ["'"]) and not (
        inside[:1] in (["("], ["["]) and inside[1:2] and inside[1].isdigit()
    )


def _signed(parser: Parser, token: Token, value: SideContent) -> SideContent:
    """What is called δ, with the sign that δ has in the text."""
    names, own = parser.spelling.names, parser.spelling.own_names
    signal = token.text.startswith("delta") and token.text not in names.taken and not own.has(token.text)
    return parser.shaped(matrices.negative, value) if signal and parser.takes("delta") else value


def whole(parser: Parser, quantity: NamedQuantity, *, partial: bool = False) -> SideContent:
    """A vector or matrix, or the entry of it that is said in brackets: ``W1[0, 1]``."""
    if quantity.step == 1 and quantity.shape != "scalar" and parser.takes("prime"):
        return parser.shaped(matrices.transposed, written(parser, replace(quantity, step=None)))
    row = quantity.row
    plain = replace(quantity, row=None) if row and parser.spelling.rows == 1 else quantity
    value = written(parser, plain, partial=partial)
    if isinstance(value, Matrix) and row and parser.spelling.rows == 1:
        return _entry(parser, value, [row])
    return _with_indices(parser, value)


def _with_indices(parser: Parser, value: SideContent) -> SideContent:
    """A value, or the entry of it that is said in brackets behind it; goes over them."""
    indices = _indices(parser) if isinstance(value, Matrix) else []
    return _entry(parser, value, indices) if indices and isinstance(value, Matrix) else value


def _indices(parser: Parser) -> list[int]:
    """The indices in brackets behind a name: ``[0, 1]``, ``[0][1]``; goes over them."""
    found: list[int] = []
    while parser.text() == "[" and len(found) < 2 and adjacent(parser):
        inside = parser.tokens[parser.at + 1 : parser.at + 5]
        texts = [token.text for token in inside]
        length = next((n for n in (1, 3) if len(texts) > n and texts[n] == "]"), 0)
        numbers = texts[:length:2]
        parted = length == 1 or texts[1:2] == [","]
        if (
            not length
            or not parted
            or not all(number.isdigit() and len(number) < MAX_DIGITS_OF_A_MARK for number in numbers)
        ):
            break
        found += map(int, numbers)
        parser.at += length + 2
    return found


def _entry(parser: Parser, matrix: Matrix, indices: list[int]) -> SideContent:
    """An entry; counted from 0 where the text counts so anywhere, else from 1, or in another reading from 0."""
    first = 0 if "zero" in parser.choices or parser.takes("from_zero") else 1
    places = [index - first for index in indices]
    rows, columns = matrix.shape
    if len(places) == 1:
        places = [places[0], 0] if columns == 1 else [0, places[0]] if rows == 1 else [*places, -1]
    row, column = places
    if not (0 <= row < rows and (0 <= column < columns)):
        raise parser.error(f"the matrix is {rows} × {columns}", "write its entries as w1_1_2")
    return matrix.rows[row][column]


def check_no_function(parser: Parser, quantity: NamedQuantity, start: int) -> None:
    """``E(w + h)`` is the loss at other values, and no product."""
    if parser.text() != "(" or quantity.base != parser.spelling.names.loss or quantity.by is not None:
        return
    inside = [token.text for token in parser.tokens[parser.at : parser.at + 20]]
    if any(text in parser.defined or (text == "h" and not parser.spelling.knows(text)) for text in inside):
        raise General
    if of_the_parameters(parser):
        return
    if parser.spelling.names.sizes:
        raise parser.error("the loss at other values is not read", "write * to multiply", start)


def _change(parser: Parser) -> SideContent | None:
    """``Δw``: what an update adds to a parameter; goes over it. None, and no step, where there is no such thing."""
    start, token = parser.at, parser.tokens[parser.at]
    named = token.text in parser.spelling.names.taken or parser.spelling.own_names.has(token.text)
    if not token.text.startswith("Delta") or named:
        return None
    if token.text == "Delta":
        parser.at += 1
    else:
        parser.tokens[start] = token._replace(text=token.text.removeprefix("Delta"))
    quantity = quantity_at(parser) if parser.here is not None else None
    if quantity is None or quantity.by is not None or not parser.spelling.is_updated(quantity.base):
        parser.at, parser.tokens[start] = start, token
        return None
    turned = parser.takes("change")
    before, after = written(parser, quantity), written(parser, replace(quantity, step=(quantity.step or 0) + 1))
    old, new = (after, before) if turned else (before, after)
    return parser.shaped(matrices.plus, [new, parser.shaped(matrices.negative, old)])


def free_at(parser: Parser) -> str:
    """A letter that stands for any unit's ``z`` or ``a``; goes over it. Empty where there is none."""
    token = parser.here
    if token is None or token.text not in FREE or parser.text(1) in ("_", "^") or parser.spelling.knows(token.text):
        return ""
    if parser.spelling.own_names.has(token.text):
        return ""
    parser.at += 1
    return token.text


def written(parser: Parser, quantity: NamedQuantity, *, partial: bool = False) -> SideContent:
    """The tree of a quantity: its name, or the entries of a vector or matrix."""
    if quantity.row == 0:
        raise parser.error("rows are counted from 1")
    updated = quantity.by is None and parser.spelling.is_updated(quantity.base)
    quantity = quantity if updated is quantity.updated else replace(quantity, updated=updated)
    if quantity.shape == "scalar":
        return _name(quantity, partial=partial)
    if parser.indexed:
        raise General
    weights = quantity.shape == "matrix" and (quantity.by or quantity.base)[:1] == "W"
    turned = weights and parser.takes("layout")
    place = place_of(parser.choices)
    plain = not turned and not (weights and place) and not (quantity.shape == "vector" and ROWS in parser.choices)
    known = parser.spelling.matrices.get((quantity, partial)) if plain else None
    if known is not None:
        return known
    names = parser.spelling.names
    if parser.spelling.entries(quantity) > matrices.MAX_ENTRIES:
        raise parser.error(f"a matrix of more than {matrices.MAX_ENTRIES:,} entries", "give single entries")
    found = Matrix(tuple(tuple(_name(entry, partial=partial) for entry in row) for row in names.members(quantity)))
    if weights and place and not partial:
        found = with_biases(place, names, quantity, found)
    if turned:
        return matrices.transposed(found)
    if weights and place:
        return found
    if quantity.shape == "vector" and ROWS in parser.choices:
        return laid(parser, found)
    if len(parser.spelling.matrices) < MAX_MATRICES:
        parser.spelling.matrices[quantity, partial] = found
    return found


def _name(quantity: NamedQuantity, *, partial: bool) -> Name:
    if partial and quantity.by is not None and not quantity.delta:
        return Name(f"∂{quantity.base}/∂{quantity.by}{quantity.marks}")
    return Name(str(quantity))


def _no_quantity(parser: Parser, symbol: Scripted) -> SideContent:
    """A symbol that is no quantity: the constant unit, a free letter, a constant, or an error."""
    start = parser.offset()
    parser.at = symbol.end
    base, below = parted(symbol)
    if parser.spelling.constant_unit(base, below, step_said(symbol.above)[1]):
        return ONE
    if parser.spelling.names.sizes and not symbol.below and _ONE.fullmatch(symbol.base):
        return ONE
    if symbol.above:
        parser.at = symbol.raised
        if parser.spelling.constant_unit(base, below, ""):
            return ONE
    if not symbol.below and symbol.base in parser.defined:
        return parser.defined[symbol.base]
    if not symbol.below and symbol.base in ("e", "pi"):
        return Constant(symbol.base)
    if (family := _family(parser, symbol)) is not None:
        return family
    if not symbol.below and symbol.base in LETTERS and not symbol.primes:
        return Name(symbol.base)
    if (listed := _all_samples(parser, symbol)) is not None:
        return listed
    if counts_samples(parser, symbol):
        return Number(fmpq(parser.spelling.rows))
    momenta = tuple(parser.spelling.names.hyperparameters.values())
    if symbol.base in OTHER_RATES and "two_rates" in parser.choices and len(momenta) == 1 and not symbol.below:
        return Name(momenta[0])  # beside η it is the momentum
    if symbol.base in OTHER_RATES and "two_rates" in parser.choices:
        raise parser.error(f"{quoted(symbol.base)} is no quantity where η is the learning rate", "", start)
    if symbol.base == "ones":
        return _ones(parser, symbol)
    if _side_by_side(parser, symbol):
        return name(parser)
    if not parser.spelling.knows(symbol.below) and _is_of_any(symbol, layered=bool(parser.spelling.names.sizes)):
        raise General
    parser.resolved(spelt(symbol)[0], start)
    raise parser.error(f"unknown quantity {quoted(symbol.base, 40)}", "", start)


def _is_of_any(symbol: Scripted, *, layered: bool) -> bool:
    """Whether a name has a letter for an index, and is that of any unit or sample: ``h_j``, ``w_jk``.

    A δ is asked for without its first letter, too, as if that were the d of a derivative.
    """
    base, below = parted(symbol)
    letter = len(below) == 1 and below in _ANY_UNIT and not (layered and below == "h")  # net_h of a hidden layer
    letter = letter and base != "delta"
    return (
        bool(below)
        and base.isalpha()
        and base != "elta"
        and not symbol.above
        and (letter or INDEX.fullmatch(below) is not None)
    )


def _all_samples(parser: Parser, symbol: Scripted) -> SideContent | None:
    """The inputs or targets of all samples, a column for each: ``X``, ``Y`` of a network with several of them."""
    word = {"X": "x", "Y": "t"}.get(symbol.base, "")
    if not word or symbol.below or symbol.primes or parser.spelling.rows == 1 or not parser.spelling.names.sizes:
        return None
    found = over_samples(parser, parser.spelling.word(word))
    if found is not None and symbol.above == "T":
        parser.at = symbol.end
        return transposed(found)
    return found


def _family(parser: Parser, symbol: Scripted) -> SideContent | None:
    """Of a graph, the vector of ``z_1``, ``z_2``, …: what is called ``z``, where nothing else is."""
    names = parser.spelling.names
    if names.sizes or symbol.below or symbol.above or symbol.primes:
        return None
    found = parser.spelling.shorthands.families.get(symbol.base)
    return None if found is None else Matrix(tuple((Name(name),) for name in found))


def _side_by_side(parser: Parser, symbol: Scripted) -> bool:
    """Parts ``wx`` into names of one letter, where all of them are names; goes back to the first."""
    at = parser.at - 1
    token = parser.tokens[at]
    letters = (
        not parser.tex and token.kind == "word" and token.text == symbol.base and 1 < len(token.text) <= MAX_LETTERS
    )
    if not letters or not all(letter in parser.spelling.names.taken for letter in token.text):
        return False
    places = enumerate(token.text, token.start)
    parser.tokens[at : at + 1] = [Token("word", letter, place, place + 1) for place, letter in places]
    parser.at = at
    return True


def _ones(parser: Parser, symbol: Scripted) -> SideContent:
    """A column of ones beside a number is 1 for every entry; its transpose sums the column that follows."""
    if symbol.above != "T":
        return ONE
    parser.at = symbol.end
    if parser.text() == "*":
        parser.at += 1
    column = parser.power()
    return parser.shaped(matrices.sums, column) if isinstance(column, Matrix) else column
