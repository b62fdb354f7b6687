"""The atoms of a side: numbers, names, derivatives, calls, brackets, matrices, TeX commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from derive.expressions.tree import ONE, Name
from derive.verification.reading import matrices
from derive.verification.reading.calls import call
from derive.verification.reading.cases import cases
from derive.verification.reading.code_atoms import code_atom
from derive.verification.reading.derivatives import derivative, gradient
from derive.verification.reading.environments import MATRICES
from derive.verification.reading.model import Matrix, SideContent, quoted
from derive.verification.reading.name_marks import marks, moment_behind, raised_step
from derive.verification.reading.names import check_no_function, name, whole, written
from derive.verification.reading.norms import between_bars, doubled, is_double
from derive.verification.reading.parse import Parser
from derive.verification.reading.quantities import quantity_at
from derive.verification.reading.sources import MAX_FORMULA
from derive.verification.reading.sums import summed
from derive.verification.reading.token import Token

MISSING = "a number or name is missing here"
OWN_COMMANDS = "commands of your own are read where they are short and call no others"
_CLOSED_BY = {"(": ")", "[": "]", "{": "}", "|(": "|)", "|": "|"}


def atom(parser: Parser) -> SideContent:
    """The atom at which the parser is."""
    return code_atom(parser, _plain) if parser.code else _reader(parser)(parser)  # deep nesting: no frame to spare


def _plain(parser: Parser) -> SideContent:
    """An atom as all texts have them."""
    return _reader(parser)(parser)


def _reader(parser: Parser) -> Callable[[Parser], SideContent]:
    """What reads the atom at which the parser is."""
    token = parser.here
    if token is None:
        raise parser.error(MISSING)
    if token.kind == "long":
        raise parser.error("this line is too long to be read", f"at most {MAX_FORMULA:,} characters")
    reader = _READERS.get(token.kind)
    if reader is None:
        hint = OWN_COMMANDS if token.text.startswith("\\") else ""
        raise parser.error(f"{quoted(token.text)} is not read here" if token.text else MISSING, hint)
    return reader


def _sign(parser: Parser) -> SideContent:
    text = parser.text()
    if text == "{":
        return _braced(parser)
    if text == "(" and _is_differential(parser, 1) and (found := derivative(parser)) is not None:
        return found
    if text in _CLOSED_BY:
        return _marked(parser, _bracket(parser, text))
    if text == "∂" and (found := derivative(parser)) is not None:
        return found
    if text == "∂" and parser.text(1) == "_":
        return gradient(parser)
    if text == "∂":
        raise parser.error("this derivative is not read", "write dE/dw2_1_1")
    if text == "∇":
        return gradient(parser)
    raise parser.error(f"a number or name is missing before '{text}'")


def _word(parser: Parser) -> SideContent:
    token = parser.tokens[parser.at]
    taken = token.text in parser.spelling.names.taken or parser.spelling.own_names.has(token.text)
    if token.text[:1] == "d" and not taken:
        found = derivative(parser)
        if found is not None:
            return found
    found = call(parser)
    return name(parser) if found is None else found


def _is_differential(parser: Parser, ahead: int) -> bool:
    token = parser.tokens[parser.at + ahead] if parser.at + ahead < len(parser.tokens) else None
    return token is not None and (token.text == "∂" or (token.kind == "word" and token.text[:1] == "d"))


# Brackets and matrices


def _marked(parser: Parser, value: SideContent) -> SideContent:
    """``(w)^{+}``: the new value of the name in brackets."""
    if not isinstance(value, Name) or parser.text() != "^" or not parser.spelling.knows(value.name):
        return value
    quantity = parser.spelling.word(value.name)
    if quantity.by is not None or not parser.spelling.is_updated(quantity.base):
        return value
    moment = moment_behind(parser, quantity)
    step = moment if moment is not None else raised_step(parser)
    if not step:
        return value
    return written(parser, replace(quantity, step=(quantity.step or 0) + step))


def _braced(parser: Parser) -> SideContent:
    """``{w^{2}_{11}}'``: a mark after braces belongs to the name in them, and so do the scripts of ``{w}^{2}_{11}``."""
    start, offset = parser.at, parser.offset()
    quantity = quantity_at(parser)
    if quantity is None:
        parser.at = start + 1
        quantity = quantity_at(parser)
        closed = quantity is not None and parser.text() == "}"
        parser.at += closed
        quantity = marks(parser, quantity) if quantity is not None and closed else None
    if quantity is not None:
        check_no_function(parser, quantity, offset)
        return whole(parser, quantity) if quantity.shape != "scalar" else written(parser, quantity)
    parser.at = start
    return _bracket(parser, "{")


def _bracket(parser: Parser, opening: str) -> SideContent:
    start, closing = parser.offset(), _CLOSED_BY[opening]
    parser.at += 1
    barred = closing in ("|", "|)")
    parser.bars += barred
    token = parser.tokens[parser.at - 1]
    one_sign = barred and is_double(parser.source[token.start : token.end])
    double = barred and doubled(parser)
    rows = _listed(parser, closing)
    parser.bars -= barred
    parser.at += double and parser.text() == closing
    if parser.text() != closing:
        raise parser.error("a bracket is opened and not closed", f"add '{closing[-1]}'", start)
    parser.at += 1
    if barred:
        return between_bars(parser, rows[0][0], double=double or one_sign)
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    return _literal(parser, rows, start, turned=opening == "(" and len(rows) == 1)


def _listed(parser: Parser, closing: str) -> list[list[SideContent]]:
    """Values with commas between them, in rows that end with semicolons."""
    rows: list[list[SideContent]] = [[]]
    while True:
        rows[-1].append(parser.sum())
        if parser.text() not in (",", ";") or closing in ("|", "|)", "}"):
            return rows
        if parser.text() == "," and parser.text(1) == ";":
            parser.at += 1  # a comma and a space whose backslash is lost
        elif parser.text() == ";":
            rows.append([])
        parser.at += 1


def _literal(parser: Parser, rows: list[list[SideContent]], start: int, *, turned: bool) -> SideContent:
    """A matrix in brackets: ``[1, 2; 3, 4]``, ``[[1, 2], [3, 4]]``; ``(1, 2)`` is a column."""
    if len(rows) == 1 and all(isinstance(value, Matrix) for value in rows[0]):
        inner = [value.rows[0] for value in rows[0] if isinstance(value, Matrix) and value.shape[0] == 1]
        if len(inner) == len(rows[0]):
            return parser.shaped(matrices.checked, inner)
    entries = [[matrices.scalar(value) for value in row] for row in rows]
    if any(isinstance(value, Matrix) for row in entries for value in row):
        raise parser.error("a matrix cannot stand in a matrix", "", start)
    found = parser.shaped(matrices.checked, entries)
    assert isinstance(found, Matrix)
    return matrices.transposed(found) if turned else found


def _environment(parser: Parser) -> SideContent:
    token = parser.tokens[parser.at]
    if token.text.endswith("cases"):
        return cases(parser)
    if token.text not in MATRICES:
        raise parser.error(f"the environment {quoted(token.text)} is not read here")
    parser.at += 1
    rows: list[list[SideContent]] = [[]]
    while (here := parser.here) is not None and here.kind != "end":
        if here.kind in ("row", "amp"):
            rows += [[]] if here.kind == "row" else []
            parser.at += 1
        else:
            rows[-1].append(parser.sum())
    if parser.here is None:
        raise parser.error("the matrix has no end", rf"add \end{{{token.text}}}", token.start)
    parser.at += 1
    filled = [row for row in rows if row]  # an empty row is a gap
    return _literal(parser, filled or [[]], token.start, turned=False)


# TeX commands


def _command(parser: Parser) -> SideContent:
    reader = _COMMANDS.get(parser.tokens[parser.at].text)
    if reader is None:
        raise parser.error(r"\over is read in braces only", r"write \frac{a}{b}")
    return reader(parser)


def _fraction(parser: Parser) -> SideContent:
    found = derivative(parser)
    if found is not None:
        return found
    parser.at += 1
    above = _argument(parser)
    below = _argument(parser)
    return parser.shaped(matrices.divided, above, below)


def _argument(parser: Parser) -> SideContent:
    r"""What stands in braces after a command; ``\frac12`` takes one digit for each."""
    if parser.text() == "{":
        return parser.group()
    parser.split_digit()
    return parser.atom()


def _root(parser: Parser) -> SideContent:
    start = parser.offset()
    parser.at += 1
    if parser.text() != "[":
        return parser.shaped(matrices.applied, "sqrt", [_argument(parser)])
    parser.at += 1
    degree = parser.sum()
    parser.expect("]")
    inside = _argument(parser)
    return parser.raised(inside, parser.shaped(matrices.divided, ONE, degree), start)


def _brace(parser: Parser) -> SideContent:
    r"""``\underbrace{A}_{B}`` is A; that A is B is a claim of its own."""
    parser.at += 1
    start = parser.at
    value = _argument(parser)
    inner = list(parser.tokens[start : parser.at])
    if parser.text() in ("_", "^"):
        parser.at += 1
        label = parser.group_tokens()
        label = label[1:] if label and label[0].kind == "relation" else label
        if label and not _is_words(label):
            parser.labels.append((inner, label))
    return value


def _is_words(label: list[Token]) -> bool:
    r"""Whether what stands under a brace is prose, or a shape (``3 \times 1``)."""
    texts = [token.text for token in label]
    shape = len(texts) == 3 and texts[1] == "*" and texts[0].isdigit() and texts[2].isdigit()
    return shape or any(token.kind == "text" for token in label)


_COMMANDS: Mapping[str, Callable[[Parser], SideContent]] = {
    "frac": _fraction,
    "sqrt": _root,
    "underbrace": _brace,
    "overbrace": _brace,
    "underline": _brace,
}
_READERS: Mapping[str, Callable[[Parser], SideContent]] = {
    "number": Parser.number,
    "op": _sign,
    "word": _word,
    "accent": _word,
    "text": _word,
    "command": _command,
    "begin": _environment,
    "general": summed,
}
