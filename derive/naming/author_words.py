r"""The author's words: text as it stands, with formulas between dollars; ``\\$`` is a dollar.

A formula is written in the names of the quantities (``$dE/dw1_1_1 = 0.5$``) or, each side by itself, in the TeX of
:mod:`derive.naming.author_tex`.

>>> from derive.naming.names import Names
>>> from derive.naming.notation import Notation
>>> runs(r"$w1_2_1$ costs \$5", Notation.plain(Names.layered(("x1",), (2, 1))))
(WordsRun(math=True, content='w^{1}_{21}'), WordsRun(math=False, content=' costs $5'))
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from derive.expressions.grammar import ExpressionError, parse
from derive.naming.notation import Notation, TeXRefused, checked_tex
from derive.patterns import regex

_PIECE = regex(r"\\\$|\$|(?:[^\\$]|\\(?!\$))+")
_RELATION = regex(r"(<=|>=|!=|=|≈|~|<|>)")
_SIGNS = {"=": "=", "≈": r"\approx", "~": r"\approx", "<": "<", ">": ">", "<=": r"\le", ">=": r"\ge", "!=": r"\ne"}
_UNKNOWN = "unknown quantity"
DOLLAR = "a plain dollar is \\$, between double quotes of TOML \\\\$"
_BLANK_LINES = regex(r"\n\s*\n")


class WordsRefused(ValueError):
    """Words whose formulas cannot be set; ``hint`` says how to mend them."""

    def __init__(self, problem: str, hint: str) -> None:
        self.hint = hint
        super().__init__(problem)


class WordsRun(NamedTuple):
    """A piece of the words: text, or the TeX of a formula."""

    math: bool
    content: str


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each in one line: what begins a line of the author's begins no list."""
    return [" ".join(part.splitlines()) for part in _BLANK_LINES.split(text) if part.strip()]


def runs(text: str, notation: Notation) -> tuple[WordsRun, ...]:
    """The words in pieces, each formula in the notation.

    Raises:
        WordsRefused: a dollar is left open, or what stands between two is no formula.
    """
    found: list[WordsRun] = []
    pieces = _PIECE.findall(text)
    at, words = 0, ""
    while at < len(pieces):
        if pieces[at] != "$":
            words += "$" if pieces[at] == "\\$" else pieces[at]
            at += 1
            continue
        closing = _closing(pieces, at)
        if closing is None:
            words += "$"
            at += 1
            continue
        inside = "".join(pieces[at + 1 : closing])
        after = pieces[closing + 1][:1] if closing + 1 < len(pieces) else ""
        found += [WordsRun(math=False, content=words)] if words else []
        found.append(WordsRun(math=True, content=_formula(inside, after, notation)))
        at, words = closing + 1, ""
    return tuple([*found, WordsRun(math=False, content=words)] if words else found)


def as_typed(text: str) -> str:
    r"""The words for where no formula is set: the formulas as they are written, ``\$`` as a dollar."""
    return "".join("$" if piece == "\\$" else piece for piece in _PIECE.findall(text))


def _closing(pieces: list[str], opening: int) -> int | None:
    """Where the formula ends that a dollar opens; None where it opens none: the last one, before no letter (``$5``)."""
    closing = next((i for i in range(opening + 1, len(pieces)) if pieces[i] == "$"), None)
    following = pieces[opening + 1][:1] if opening + 1 < len(pieces) else ""
    if closing is None and (following.isalpha() or following == "\\"):
        begun = "".join(pieces[opening : opening + 2])
        raise WordsRefused(f"{_shown(begun)}: a formula is opened and not closed", f"add '$'; {DOLLAR}")
    return closing


def _formula(inside: str, after: str, notation: Notation) -> str:
    """The TeX of what stands between two dollars; prices that happen to stand in a pair of them are refused."""
    whole = _shown(f"${inside}$")
    if not inside.strip():
        hint = f"a formula has one dollar before and one after it; {DOLLAR}"
        raise WordsRefused(f"{whole}: nothing stands between the dollars", hint)
    if inside != inside.strip():
        raise WordsRefused(f"{whole}: a formula neither begins nor ends with a space", DOLLAR)
    if after.isdigit():
        raise WordsRefused(f"{whole}: a digit follows the formula", f"put a space there; {DOLLAR}")
    try:
        return " ".join(_sides(_RELATION.split(inside), notation))
    except TeXRefused as error:
        raise WordsRefused(f"{whole} is no formula: {error}", "; ".join(filter(None, (error.hint, DOLLAR)))) from None


def _sides(pieces: list[str], notation: Notation) -> Iterator[str]:
    """The sides of a relation and the signs between them."""
    for i, piece in enumerate(pieces):
        if i % 2:
            yield _SIGNS[piece]
            continue
        if not piece.strip() and len(pieces) > 1:
            where = f"before '{pieces[1]}'" if i == 0 else f"after '{pieces[i - 1]}'"
            raise TeXRefused(f"nothing stands {where}", "write both sides")
        yield _side(piece, notation)


def _side(side: str, notation: Notation) -> str:
    """One side of a relation: in our names, else TeX."""
    from derive.expressions.print_tex import tex

    names = notation.names
    try:
        return tex(parse(side, marks=True, names=names.taken), lambda name: notation.tex(names.canonical(name)))
    except ExpressionError:
        return checked_tex(side)
    except ValueError as error:
        if not str(error).startswith(_UNKNOWN):  # a quantity with an index that the network does not have
            raise TeXRefused(str(error)) from None
        return checked_tex(side)


def _shown(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
