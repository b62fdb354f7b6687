"""A name of the writer's own among the tokens: as a quantity, as a value, with the marks of either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.expressions.tree import Expr, Name, names_in, substitute, walk
from derive.naming.quantity import NamedQuantity
from derive.patterns import regex
from derive.verification.reading import matrices
from derive.verification.reading.model import Matrix, SideContent, quoted
from derive.verification.reading.name_marks import marks, step_said, stepped
from derive.verification.reading.own_names import MAX_OF_A_SYMBOL, FoundOwn, entry_of, names_of
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.symbols import Scripted, symbol_at

MAX_OF_OWN = 20_000
"""At most this many names, numbers and signs are put in for names of one's own, in one file."""
_ANY_SAMPLE = regex(r"\([ijkn]\)|\[[ijkn]\]")
Read = Callable[[Parser], NamedQuantity | None]


def own_quantity(parser: Parser, read: Read) -> NamedQuantity | None:
    """The quantity that a name of one's own stands for, with its marks; goes over it. None where there is none.

    ``read`` reads a quantity in the network's names.
    """
    here = parser.spelling.own_names.at(parser.tokens, parser.at) if parser.here is not None else None
    if here is None:
        return _gradient_by(parser, read)
    found, symbol = here
    if found.own.family:
        return None if found.own.negative else _of_a_family(parser, found, read)
    content = None if _is_the_networks(parser, found) else _content(parser, found)
    if not isinstance(content, Name):
        return None
    parser.at, steps = _end(found, symbol)
    return marks(parser, stepped(parser.spelling.word(content.name), steps) or parser.spelling.word(content.name))


def own_value(parser: Parser, read: Read) -> SideContent | None:
    """What a name of one's own says that is no quantity of the network's; goes over it. None where there is none."""
    here = parser.spelling.own_names.at(parser.tokens, parser.at) if parser.here is not None else None
    if here is None:
        squared = _squared(parser)
        return _own_gradient(parser) if squared is None else squared
    found, symbol = here
    if _ANY_SAMPLE.fullmatch(symbol.above):
        raise General
    if found.own.family:
        quantity = _of_a_family(parser, found, read) if found.own.negative else None
        if quantity is None:
            return None
        return parser.shaped(matrices.negative, _entries_of(parser, quantity))
    content = None if _is_the_networks(parser, found) else _content(parser, found)
    if content is None or isinstance(content, Name):
        return None
    parser.at, steps = _end(found, symbol)
    return _marked(parser, content, steps)


def _squared(parser: Parser) -> Matrix | None:
    """A vector of one's own with a 2 above it, where that is taken for its square; None where it is a layer's."""
    symbol = symbol_at(parser.tokens, parser.at) if parser.here is not None else None
    if symbol is None or symbol.above != "2" or symbol.primes:
        return None
    found = parser.spelling.own_names.found(symbol.base, symbol.below)
    value = found.own.value if found is not None and not found.indices and not found.own.family else None
    if not isinstance(value, Matrix) or 1 not in value.shape or not parser.takes("square"):
        return None
    parser.at = symbol.raised
    return value


def own_matrix(parser: Parser) -> Matrix | None:
    """The vector or matrix of quantities that a name of one's own stands for; goes over it. None where none stands."""
    here = parser.spelling.own_names.at(parser.tokens, parser.at) if parser.here is not None else None
    value = entry_of(here[0]) if here is not None and not here[0].indices else None
    if here is None or not isinstance(value, Matrix) or not names_of(value):
        return None
    parser.at, _ = _end(*here)
    return value


def derivatives_by(parser: Parser, of: str, matrix: Matrix, start: int) -> Matrix:
    """The derivatives of a quantity by the entries of a matrix, each in its place."""
    rows = (tuple(str(entry) for entry in row) for row in matrix.rows)
    named = [tuple(Name(str(parser.resolved(f"d{of}/d{name}", start))) for name in row) for row in rows]
    return Matrix(tuple(named))


def _gradient_by(parser: Parser, read: Read) -> NamedQuantity | None:
    """``dW_12``: the derivative of the loss by a quantity of one's own; goes over it. None where there is none."""
    token, loss = parser.here, parser.spelling.names.loss
    if token is None or token.kind != "word" or token.text[:1] != "d" or token.text in parser.spelling.names.taken:
        return None
    start = parser.at
    parser.tokens[start] = token._replace(text=token.text[1:])
    own = parser.spelling.own_names.has(token.text[1:])
    quantity = own_quantity(parser, read) if own else None
    parser.tokens[start] = token
    if quantity is None or quantity.by is not None or not parser.spelling.knows(f"d{loss}/d{quantity.base}"):
        parser.at = start
        return None
    return replace(parser.spelling.word(f"d{loss}/d{quantity.base}"), step=quantity.step, row=quantity.row)


def _own_gradient(parser: Parser) -> SideContent | None:
    """``dW``: the derivatives of the loss by a matrix of one's own; goes over it. None where there is none."""
    token = parser.here
    if token is None or token.kind != "word" or token.text[:1] != "d" or not parser.spelling.own_names:
        return None
    start, apart = parser.at, token.text == "d"
    if apart:
        parser.at += 1
    else:
        parser.tokens[start] = token._replace(text=token.text[1:])
    matrix = own_matrix(parser)
    parser.tokens[start] = token
    if matrix is None or parser.text() == "/":
        parser.at = start
        return None
    return derivatives_by(parser, parser.spelling.names.loss, matrix, token.start)


def _of_a_family(parser: Parser, found: FoundOwn, read: Read) -> NamedQuantity | None:
    """``net1_1`` for ``z1_1``: the quantity, in the network's letter, with its marks; goes over it."""
    here = parser.tokens[parser.at]
    renamed = here._replace(kind="word", text=found.own.family + here.text[len(found.own.letter) :])
    following = parser.tokens[parser.at + 1 : parser.at + MAX_OF_A_SYMBOL]
    inner = replace(parser, tokens=[renamed, *following], at=0, spelling=parser.spelling.in_its_names)
    quantity = read(inner)
    parser.at += inner.at if quantity is not None else 0
    return quantity


def _is_the_networks(parser: Parser, found: FoundOwn) -> bool:
    """Whether ``w2_11`` is the network's own: an entry of W may be written w, but W has no such entry."""
    word = parser.tokens[parser.at].text
    if not found.indices or word[:1] == found.own.written[:1] or not parser.spelling.in_its_names.knows(word):
        return False
    try:
        entry_of(found)
    except IndexError:
        return True
    return False


def _content(parser: Parser, found: FoundOwn) -> SideContent | None:
    try:
        return entry_of(found)
    except IndexError:
        assert isinstance(found.own.value, Matrix)
        rows, columns = found.own.value.shape
        long = rows if columns == 1 else columns if rows == 1 else 0
        problem = f"{quoted(found.own.written)} " + (f"has {long} entries" if long else f"is {rows} × {columns}")
        raise parser.error(problem, f"it stands for {found.own.meaning}, as line {found.own.line} says") from None


def _end(found: FoundOwn, symbol: Scripted) -> tuple[int, int]:
    """The place after a name, and the updates that stand in its scripts and primes."""
    steps, above = step_said(symbol.above) if not found.raised else (0, "")
    end, primes = (symbol.raised, symbol.early) if above else (symbol.end, steps + symbol.primes)
    return end, primes + found.steps


def _entries_of(parser: Parser, quantity: NamedQuantity) -> SideContent:
    if quantity.shape == "scalar":
        return Name(str(quantity))
    if parser.spelling.entries(quantity) > matrices.MAX_ENTRIES:
        raise parser.error(f"a matrix of more than {matrices.MAX_ENTRIES:,} entries", "give single entries")
    rows = parser.spelling.names.members(quantity)
    return Matrix(tuple(tuple(Name(str(entry)) for entry in row) for row in rows))


def _marked(parser: Parser, content: SideContent, steps: int) -> SideContent:
    """The value with the marks behind its name: after an update, in a row of the data, an entry."""
    start = parser.offset()
    entries = [entry for row in content.rows for entry in row] if isinstance(content, Matrix) else [content]
    names = {name for entry in entries for name in names_in(entry)}
    parser.terms[_OWN] += sum(1 for entry in entries for _ in walk(entry))
    if parser.terms[_OWN] > MAX_OF_OWN:
        raise parser.error("the names of your own stand for too much here", "write it in steps", start)
    if not names or (isinstance(content, Matrix) and parser.text() == "["):
        return content
    said = marks(parser, NamedQuantity(min(names), step=steps or None))
    if said.step is None and said.row is None:
        return content
    changed: dict[str, Expr] = {}
    for name in filter(parser.spelling.knows, names):
        quantity = parser.spelling.word(name)
        step = (quantity.step or 0) + (said.step or 0 if _changes(parser, quantity) else 0) or None
        updated = quantity.by is None and parser.spelling.is_updated(quantity.base)
        row = quantity.row if said.row is None else said.row
        changed[name] = Name(str(replace(quantity, step=step, row=row, updated=updated)))
    if isinstance(content, Matrix):
        rows = (tuple(substitute(entry, changed) for entry in row) for row in content.rows)
        return Matrix(tuple(rows), content.weight)
    return substitute(content, changed)


def _changes(parser: Parser, quantity: NamedQuantity) -> bool:
    """Whether updates change a quantity."""
    described = parser.spelling.names.describe(quantity.base)
    fixed = described is not None and described.kind in ("input", "target", "learning rate", "hyperparameter")
    return quantity.by is not None or not fixed


_OWN = "names of one's own"

__all__ = ["derivatives_by", "own_matrix", "own_quantity", "own_value"]
