r"""Formulas of a figure as parts: characters with their style, and what stands above and below them.

It reads the TeX of names, numbers and operations, as :mod:`derive.naming` and :mod:`derive.expressions` write it.
What it does not know becomes letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from derive.expressions.tex_words import words
from derive.figures.signs import (
    ACCENTS,
    BINARY,
    CLOSING,
    FUNCTIONS,
    GREEK,
    MINUS,
    OPENING,
    OVER_ALL,
    PRIME,
    SYMBOLS,
)

_UPRIGHT = frozenset(("mathrm", "text", "textrm", "operatorname", "mathsf", "mathtt", "mbox", "mathop"))
_BOLD = frozenset(("mathbf", "textbf"))
_ITALIC = frozenset(("mathit", "textit", "mathcal"))
_WORDS = frozenset(("text", "textrm", "textbf", "textit", "mbox"))
_FRACTIONS = frozenset(("frac", "dfrac", "tfrac"))
_SIZES = frozenset("left right bigl bigr Bigl Bigr biggl biggr big Big displaystyle textstyle limits mathpunct".split())
_SPACES = {",": 0.17, ":": 0.22, ";": 0.28, "!": 0.0, " ": 0.25, "quad": 1.0, "qquad": 2.0}
MAX_DEPTH = 150
"""At most this deep nest groups; the rest is read as if its braces were not there."""


@dataclass(slots=True)
class LabelPart:
    """Characters of one style, or (with ``inner``) a group; ``above`` and ``below`` are its scripts.

    ``gap`` is the space before it, in ems; ``kind`` is one of ``sign``, ``open``, ``close``, ``comma``, ``function``,
    ``space``, ``number`` and ``operand``.
    """

    text: str = ""
    italic: bool = False
    bold: bool = False
    kind: str = "operand"
    inner: tuple[LabelPart, ...] | None = None
    above: tuple[LabelPart, ...] = ()
    below: tuple[LabelPart, ...] = ()
    gap: float = 0.0
    quotient: bool = False

    @property
    def plain(self) -> str:
        """Its characters, without scripts."""
        return self.text if self.inner is None else "".join(part.plain for part in self.inner)


def parts(tex: str) -> tuple[LabelPart, ...]:
    r"""A formula as parts.

    >>> [part.text for part in parts(r"\hat{y} \approx -0.5")]
    ['ŷ', '≈', '−', '0', '.', '5']
    """
    return _LabelReader(words(tex)).row(_Style())


@dataclass(frozen=True, slots=True)
class _Style:
    """How letters are set: as variables, or (``upright``) as words."""

    upright: bool = False
    bold: bool = False
    words: bool = False
    accent: str = ""


@dataclass(slots=True)
class _LabelReader:
    """Reads the words of TeX once."""

    words: Sequence[str]
    at: int = 0
    depth: int = 0
    _found: list[LabelPart] = field(default_factory=list)

    def row(self, style: _Style) -> tuple[LabelPart, ...]:
        """Parts up to the closing brace, which is taken too."""
        found: list[LabelPart] = []
        while self.at < len(self.words):
            word = self._next()
            if word == "}" and self.depth:
                break
            if word in ("^", "_") and not style.words:
                self._script(found, word)
            elif word == "'" and not style.words:
                self._onto(found).above += (LabelPart(PRIME),)
            else:
                found += self._word(word, style)
        return tuple(_bracketed_quotients(found))

    def _next(self) -> str:
        self.at += 1
        return self.words[self.at - 1]

    def _script(self, found: list[LabelPart], sign: str) -> None:
        script = self._argument(_Style())
        part = self._onto(found)
        if sign == "_":
            part.below += script
        else:
            part.above += script

    def _onto(self, found: list[LabelPart]) -> LabelPart:
        """What a script stands at: the last part, or an empty one."""
        if not found or found[-1].kind in ("sign", "space"):
            found.append(LabelPart())
        return found[-1]

    def _argument(self, style: _Style) -> tuple[LabelPart, ...]:
        """What follows a command or script: a group in braces, or one word."""
        while self.at < len(self.words) and self.words[self.at].isspace():
            self.at += 1
        if self.at == len(self.words) or self.words[self.at] == "}":
            return ()
        return tuple(self._word(self._next(), style))

    def _word(self, word: str, style: _Style) -> Iterator[LabelPart]:
        if word == "{":
            yield from self._group(style)
        elif word.isspace() or word == "~":
            if style.words or word == "~":
                yield LabelPart(" ", kind="space")
        elif word.startswith("\x0e"):
            yield LabelPart(word, kind="number")
        elif word.startswith("\\"):
            yield from self._command(word[1:], style)
        elif word not in ("}", "&"):
            yield _character(word, style)

    def _group(self, style: _Style) -> Iterator[LabelPart]:
        if self.depth == MAX_DEPTH:
            return
        self.depth += 1
        inner = self.row(style)
        self.depth -= 1
        if len(inner) == 1 and not (inner[0].above or inner[0].below):
            yield replace(inner[0], kind="operand") if inner[0].kind == "comma" else inner[0]  # {,} is a decimal mark
        elif inner:
            yield LabelPart(inner=inner)

    def _command(self, name: str, style: _Style) -> Iterator[LabelPart]:
        if name in ACCENTS:
            yield from _accented(self._argument(replace(style, accent="")), name)
        elif name in _UPRIGHT | _BOLD | _ITALIC | _WORDS:
            bold = style.bold or name in _BOLD
            yield from self._argument(_Style(name not in _ITALIC, bold, name in _WORDS))
        elif name == "boldsymbol":
            yield from self._argument(replace(style, bold=True))
        elif name in _FRACTIONS:
            yield _quotient(self._argument(style), self._argument(style))
        elif name == "sqrt":
            yield from _rooted(self._argument(style))
        elif name in _SPACES:
            yield LabelPart("", kind="space", gap=_SPACES[name])
        elif name in ("left", "right") and self.at < len(self.words) and self.words[self.at] == ".":
            self.at += 1
        elif name not in _SIZES:
            yield _named(name, style)


def _character(sign: str, style: _Style) -> LabelPart:
    if style.words:
        return LabelPart(sign, bold=style.bold, italic=not style.upright)
    if sign == "-":
        sign = MINUS
    if sign == "*":
        sign = SYMBOLS["ast"]
    return LabelPart(sign, italic=sign.isalpha() and not style.upright, bold=style.bold, kind=_kind(sign))


def _kind(sign: str) -> str:
    if sign == ",":
        return "comma"
    return "sign" if sign in BINARY else "open" if sign in OPENING else "close" if sign in CLOSING else "operand"


def _named(name: str, style: _Style) -> LabelPart:
    """A command that prints something; one that is not known prints its own letters."""
    if name in GREEK:
        return LabelPart(GREEK[name], italic=name[0].islower() and not style.upright, bold=style.bold)
    if name in SYMBOLS:
        sign = SYMBOLS[name]
        return LabelPart(sign, bold=style.bold, kind=_kind(sign))
    if name == "prime":
        return LabelPart(PRIME, bold=style.bold)
    return LabelPart(name, bold=style.bold, kind="function" if name in FUNCTIONS else "operand")


def _accented(under: tuple[LabelPart, ...], name: str) -> Iterator[LabelPart]:
    """The parts with an accent: a bar over all of them, a hat over the one in the middle."""
    sign = ACCENTS[name]
    for k, part in enumerate(under):
        if part.inner is not None:
            yield replace(part, inner=tuple(_accented(part.inner, name)))
        elif name in OVER_ALL or k == (len(under) - 1) // 2:
            yield replace(part, text=unicodedata.normalize("NFC", part.text[:1] + sign + part.text[1:]))
        else:
            yield part


def _rooted(under: tuple[LabelPart, ...]) -> Iterator[LabelPart]:
    yield LabelPart("√")
    yield LabelPart(inner=_in_brackets(under)) if _is_compound(_flat(under)) else LabelPart(inner=under)


def _quotient(above: tuple[LabelPart, ...], below: tuple[LabelPart, ...]) -> LabelPart:
    """A fraction on one line."""
    top, bottom = _flat(above), _flat(below)
    over = _in_brackets(above) if _has_sign(top) else above
    under = _in_brackets(below) if _is_compound(bottom) else below
    return LabelPart(inner=(*over, LabelPart("/"), *under), quotient=True)


def _flat(found: Sequence[LabelPart]) -> tuple[LabelPart, ...]:
    """The parts on the line, groups opened."""
    if len(found) == 1 and found[0].inner is not None and not (found[0].above or found[0].below):
        return _flat(found[0].inner)
    return tuple(part for part in found if part.kind != "space")


def _has_sign(found: Sequence[LabelPart]) -> bool:
    """Whether a sign stands between two parts, or a fraction among them."""
    return any(part.kind == "sign" for part in found[1:]) or any(part.text == "/" for part in found)


def _is_compound(found: Sequence[LabelPart]) -> bool:
    """Whether brackets are needed below a slash or a root: around all but one symbol, a number or a differential."""
    if _has_sign(found):
        return True
    if found and found[0].plain in ("∂", "d"):
        return len(found) > 2
    number = all(part.text.isdigit() or part.text in ".," for part in found)
    return len(found) > 1 and not number and not all(_is_of_word(part) for part in found)


def _is_of_word(part: LabelPart) -> bool:
    """Whether it is a letter of an upright word."""
    return part.text.isalpha() and not part.italic and not part.above


def _in_brackets(found: tuple[LabelPart, ...]) -> tuple[LabelPart, ...]:
    return (LabelPart("(", kind="open"), *found, LabelPart(")", kind="close"))


def _bracketed_quotients(found: Sequence[LabelPart]) -> Iterator[LabelPart]:
    """The parts, fractions that stand beside a factor in brackets."""
    for k, part in enumerate(found):
        beside = (found[k - 1] if k else None, found[k + 1] if k + 1 < len(found) else None)
        if part.quotient and part.inner and (part.above or part.below or any(map(_is_factor, beside, (False, True)))):
            yield replace(part, inner=_in_brackets(part.inner), quotient=False)
        else:
            yield part


def _is_factor(part: LabelPart | None, after: bool) -> bool:
    """Whether a part beside a fraction multiplies it."""
    if part is None or part.kind in ("sign", "space") or part.plain[-1:].isspace():
        return False
    return part.kind != ("close" if after else "open") and part.text not in ("|", ",", ".", ";", "/")
