"""Sentences of the wording that need no Jinja: words, facts, formulas, lists, marks around them, one and several.

To compile a sentence costs far more than to say it, and of those of a document two in five are so simple.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from derive.patterns import regex
from derive.records import record

Fence: TypeAlias = Callable[[object], str]
ShowFact: TypeAlias = Callable[[Any], object]
SaySeries: TypeAlias = Callable[[Any, str], str]
_PIECE = regex(
    r"{{ (?:(?P<name>[a-z_]\w*)(?:\|series\(\"(?P<last>[^\"\\]*)\"\)|\|(?P<fence>code))?|\"(?P<formula>[^\"]*)\"\|math"
    r"|\"(?P<one>[^\"\\]*)\" if (?P<count>[a-z_]\w*) == 1 else \"(?P<several>[^\"\\]*)\") }}"
    r"|{% filter (?P<mark>\w+) %}|{% (?P<end>endfilter) %}"
)
_ESCAPED = regex(r"\\(.)", re.DOTALL)


@record
class NamedFact:
    """A fact by its name; of a list, the words before the last one; of code, what is put around it."""

    name: str
    last: str | None = None
    fence: Fence | None = None


@record
class OneOrSeveral:
    """The words for one, and those for any other number."""

    name: str
    one: str
    several: str


@record
class FencedFormula:
    """A formula of the wording, fenced."""

    formula: str


SentencePiece: TypeAlias = str | NamedFact | OneOrSeveral | FencedFormula


@record
class ShortSentence:
    """The pieces of a sentence, one after the other."""

    pieces: tuple[SentencePiece, ...]

    def say(self, facts: Mapping[str, Any], shown: ShowFact, series: SaySeries) -> str | None:
        """The sentence with its facts; None where one is missing, which Jinja reports."""
        found: list[str] = []
        for piece in self.pieces:
            if isinstance(piece, str):
                found.append(piece)
            elif isinstance(piece, FencedFormula):
                found.append(str(shown(piece.formula)))
            elif piece.name not in facts:
                return None
            elif isinstance(piece, OneOrSeveral):
                found.append(str(shown(piece.one if facts[piece.name] == 1 else piece.several)))
            else:
                fact = facts[piece.name] if piece.fence is None else piece.fence(facts[piece.name])
                found.append(str(shown(fact if piece.last is None else series(fact, piece.last))))
        return "".join(found)


def short_sentence(text: str, fences: Mapping[str, Fence]) -> ShortSentence | None:
    """A sentence as its pieces; None where it has anything else in it.

    ``fences``: what is put around a formula (``math``), and around what is marked otherwise.
    """
    if "{" in _PIECE.sub("", text):
        return None
    try:
        return ShortSentence(tuple(_pieces(text, fences)))
    except LookupError:  # marks that do not match, or are not known
        return None


def _pieces(text: str, fences: Mapping[str, Fence]) -> Iterator[SentencePiece]:
    marks: list[str] = []
    end = 0
    for found in _PIECE.finditer(text):
        yield text[end : found.start()]
        end = found.end()
        if found["name"] is not None:
            yield NamedFact(found["name"], found["last"], fences["code"] if found["fence"] else None)
        elif found["count"] is not None:
            yield OneOrSeveral(found["count"], found["one"], found["several"])
        elif found["formula"] is not None:
            yield FencedFormula(fences["math"](_plain(found["formula"])))
        elif found["end"] is not None:
            yield marks.pop()[1]
        else:
            marks.append(fences[found["mark"]](""))
            yield marks[-1][0]
    if marks:
        raise LookupError
    yield text[end:]


def _plain(literal: str) -> str:
    """What a literal of Jinja stands for whose only escapes are backslashes."""
    if {*_ESCAPED.findall(literal)} - {"\\"}:
        raise LookupError
    return literal.replace("\\\\", "\\")
