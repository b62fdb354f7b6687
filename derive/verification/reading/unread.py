r"""Lines that say a number of a quantity and have no relation that could be read: they are counted, not passed over.

``we get 55 for the slope`` is such a line, ``layer 2`` and ``Figure 3`` are none: what only numbers, counts or dates
something is no value.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from derive.naming.canonical_names import LEARNING_RATE, LOSS
from derive.patterns import regex
from derive.records import record
from derive.verification.reading.lists import is_of_a_unit
from derive.verification.reading.model import TextKind
from derive.verification.reading.silent import is_labelled, leads_on
from derive.verification.reading.sources import ClaimsText, FoundFormula
from derive.verification.reading.spelling import Spelling

MAX_OF_A_LINE = 2_000
"""At most this many characters of a line are looked at."""
MAX_OF_A_TAIL = 80
"""So many characters behind the last claim of a line are looked at."""
_DIGIT = regex(r"[0-9]")
_RULE = regex(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")

# What is no value

_LABELS = """
    layer unit neuron node figure fig table tab equation eq eqn section sec chapter page pp line step iteration epoch
    sample row column col exercise problem question homework part example version task week lecture sheet no nr number
    case class item batch round attempt input output weight bias point theorem note route path term factor level stage
    day lesson index rule method approach network model assignment quiz test tap filter position kernel iterations
""".split()
"""What is numbered: layer 2, Figure 3."""
_COUNTED = """
    hidden layers? units? neurons? nodes inputs outputs weights bias(?:es)? parameters? samples? rows? columns? steps?
    iterations? updates? epochs? decimals? digits? places? points? marks? paths? routes? terms? factors? numbers? times
    features? class(?:es)? examples? values entries gradients derivatives equations minutes hours days pages lines
    connections? significant pass(?:es)? multiplications? evaluations? taps? positions? filters? gates? cases? articles?
""".split()
"""What is counted: 4 hidden units, 2 paths."""
_NO_VALUES = regex(
    rf"\b(?:{'|'.join(_LABELS)})s?\.?[\s~]*(?:no\.?\s*|nr\.?\s*|\#\s*)?\d+(?![.,]?\d)"
    r"(?:\s*(?:,|and|or|to|through|/|&|-|–)\s*\d+(?![.,]?\d))*"
    rf"|(?<![\d.,])\d+[\s-]+(?:[a-z]+[\s-]+)?(?:{'|'.join(_COUNTED)})\b"
    r"|(?<![\d.,])\d+\s*(?:×|x|by|\\times)\s*\d+(?![.,]?\d)"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}:\d\d\b|(?<![\d.])\d+\.\d+\.\d+[\d.]*"
    r"|(?<![\d.,])(?:19|20)\d\d(?![.,]?\d)|\(\d{1,3}\)|\#\d+|^\s*(?:[#>*+-]+\s+)*\(?\d{1,3}[.):](?=\s)",
    re.IGNORECASE,
)
_NUMBER = regex(r"(?<![\w.@'^\[])-?(?:\d+(?:[.,]\d+)?|\.\d+)(?:e[+-]?\d+)?(?![\w])", re.IGNORECASE)
_DECIMAL = regex(r"\d[.,]\d|(?<!\d)\.\d|\d[eE]-\d|(?<![\w)\s])-\d")
_ADDRESS = regex(r"<?\bhttps?://\S+|\]\([^)\n]{0,300}\)|!\[[^\]\n]{0,200}\]")
_SCRIPT = regex(r"[_^]\s*(?:\{[^{}]*\}|\\[A-Za-z]+|.)|\{\}")
_SYMBOL = regex(r"(?:(?<![A-Za-z])|\\)([^\W\d_][\w']*)")
_SHAPE = regex(r"(?<![\d.,])\d+\s*(?:×|\\times)\s*\d+(?![.,]?\d)")
_SET = regex(r"\\(?:not)?in\b|∈|\\mathbb|\\subset")
"""A formula that says only what kind of numbers they are."""
_COMMAND = regex(
    r"\\texorpdfstring\{(?:[^{}\n]|\{[^{}\n]{0,60}\}){0,300}\}\{[^{}\n]{0,300}\}"
    r"|\\(?:label|ref|eqref|pageref|cite[a-z]*|includegraphics|input|include|[vh]space|setlength|addtolength|setcounter"
    r"|begin|end|usepackage|documentclass|bibliography[a-z]*|url|href|color|definecolor|rule|cline|cmidrule|multicolumn)"
    r"\*?(?:\([^)\n]{0,200}\)|\[[^\]\n]{0,200}\]|\{[^{}\n]{0,200}\})*|\\[A-Za-z]+\*?"
)

_SENTENCE = regex(r"[.;!?](?=\s+[^\W\d_]|\s*\*\*)")
_RELATES = regex(
    r"[=≈≔←→⇒<>≤≥≃]|:(?=\s*[^\s])|\b(?:is|are|was|were|be|becomes?|became|equals?|gets?|got|gives?|gave|yields?|find|found|ha(?:s|ve|d)"
    r"|comes?|came|make|makes|made|obtain(?:s|ed)?|goes|went|drops?|takes?|return(?:s|ed)?|value|ist|sind|wird|ergibt|beträgt)\b",
    re.IGNORECASE,
)
"""What joins a quantity and its value."""
_FUNCTION = regex(r"\b(?i:the|a) (?i:identity|relu|sigmoid|tanh|softmax|logistic function)\b|\bkink\b")
"""What speaks of a function, and of no quantity."""
_BARE_NUMBER = regex(r"\s*[-+]?\d+(?:[.,]\d+)?\s*")
_NUMBER_IN_A_CELL = regex(r"[|&]\s*\$?\s*-?\d+[.,]\d+\s*\$?\s*(?:[|&\\]|$)")
_INTRODUCES = regex(r":\s*(?:\\nopagebreak)?\s*$")
MAX_BESIDE = 2
"""At most so many words stand beside a quantity and its value where nothing joins them."""
_LONG_WORD = regex(r"[^\W\d_]{4,}")

# Names

_SINGULAR = frozenset(
    """loss cost error gradient slope derivative output prediction activation delta weight bias preactivation
    pre-activation logit probability target rate""".split()
)
_PLURAL = frozenset(
    """losses errors gradients slopes derivatives outputs predictions activations deltas weights biases
    pre-activations preactivations logits probabilities targets inputs""".split()
)
_WORD = regex(r"(?:[^\W\d_]|∂)[\w'@∂\u0302-]*")
_FAMILY = regex(r"d?(?:[wWbzahoxytδ]|delta|net|out|yhat)_?[a-z]{0,2}\d{1,9}(?:_\d{1,9}){0,2}")
_LETTERS = frozenset("w W b B z Z a A x y t E L J C delta yhat yhat1 eta net out o h sigma".split())
"""Letters of families, in a formula or at the head of a table."""
_FIXED = frozenset((*LOSS, *LEARNING_RATE, "η", "ŷ", "δ"))
_ENGLISH = frozenset({"a", "A", "I", "do"})


class Covered(NamedTuple):
    """The lines of a text that were read, and where the last claim of each ends."""

    lines: Collection[int]
    ends: Mapping[int, int]


@record(slots=False)
class Unread:
    """Finds the lines of one text that were not read."""

    source: ClaimsText
    kind: TextKind
    spelling: Spelling

    def lines(self, starts: Sequence[int], covered: Covered, last: int) -> tuple[int, ...]:
        """The numbers of the lines up to ``last`` that say a number of a quantity and are not ``covered`` (to the end).

        ``starts`` are the offsets at which the lines begin.
        """
        found: list[int] = []
        text = self.source.prose
        heads = _Heads()
        head, headed = "", False
        tables = any(sign in text for sign in ("|", "tabular", "{array}"))
        for number, start in enumerate(starts[:last], 1):
            end = starts[number] if number < len(starts) else len(text)
            if number in covered.ends and leads_on(
                text[covered.ends[number] : min(end, covered.ends[number] + MAX_OF_A_TAIL)]
            ):
                found.append(number)
                continue
            if not tables and (number in covered.lines or _DIGIT.search(text, start, end) is None):
                continue
            line = text[start : min(end, start + MAX_OF_A_LINE)].rstrip("\r\n")
            if self.kind == "text":
                line = line.partition("#")[0]
            heads.take(line)
            if number in covered.lines or not _DIGIT.search(line):
                continue
            if self.kind != "text" and _INTRODUCES.search(line):
                continue  # what it announces stands below it
            if heads.head != head:
                head, headed = heads.head, self._is_headed(heads.head)
            in_a_row = headed and _NUMBER_IN_A_CELL.search(line) is not None
            if (
                in_a_row
                or is_labelled(line)
                or is_of_a_unit(line)
                or any(self._is_unread(one, headed) for one in self._sentences(start, line))
            ):
                found.append(number)
        return tuple(found)

    @staticmethod
    def _is_unread(said: _Said, headed: bool) -> bool:
        """Whether a sentence, or a row of a table, says a number of a quantity."""
        one = (said.names or headed) and said.number(of_many=False)
        return (one or (said.plural and said.number(of_many=True))) and (headed or said.relates)

    def _sentences(self, start: int, line: str) -> Iterator[_Said]:
        """What each sentence of a line says; formulas stay whole."""
        shown = line
        for formula in self._formulas_on(start, start + len(line)):
            first, last = max(formula.start - start, 0), min(formula.end - start, len(line))
            shown = shown[:first] + "x" * (last - first) + shown[last:]
        at = 0
        for end in (*(found.start() + 1 for found in _SENTENCE.finditer(shown)), len(line)):
            yield self._said(start + at, line[at:end])
            at = end

    def _is_headed(self, head: str) -> bool:
        """Whether a row of a table stands under the name of a quantity."""
        if not head:
            return False
        cells = (cell.strip(" $*`\\") for cell in re.split(r"[|&]", head))
        words = [word for cell in cells for word in re.findall(r"[^\W\d_]\w*", cell)]
        return any(word in _LETTERS or word.lower() in _SINGULAR | _PLURAL or self._is_name(word) for word in words)

    def _said(self, start: int, line: str) -> _Said:
        """The names and numbers of a line, in its formulas and beside them."""
        prose, math = line, list[str]()
        for formula in self._formulas_on(start, start + len(line)):
            first, last = max(formula.start - start, 0), min(formula.end - start, len(line))
            if _BARE_NUMBER.fullmatch(line, first, last):
                continue  # $44$ derivatives are counted as 44 are
            if not _SET.search(line, first, last):
                math.append(_SCRIPT.sub(" ", _SCRIPT.sub(" ", line[first:last])))
            prose = prose[:first] + " " * (last - first) + prose[last:]
        prose = prose.replace("$", " ") if self.kind != "text" else prose
        if self.kind != "text":
            prose = _ADDRESS.sub(" ", prose)
            prose = _COMMAND.sub(" ", prose) if self.kind == "latex" else prose
        words = _WORD.findall(prose)
        of_a_function = _FUNCTION.search(prose) is not None
        named = any(map(self._is_name, words)) or (
            not of_a_function and any(word.lower() in _SINGULAR for word in words)
        )
        return _Said(
            prose,
            " ".join(math),
            names=named or any(self._is_symbol(found[1]) for part in math for found in _SYMBOL.finditer(part)),
            plural=any(word.lower() in _PLURAL for word in words),
            relates=_RELATES.search(prose) is not None or len(_LONG_WORD.findall(prose)) <= MAX_BESIDE,
        )

    def _formulas_on(self, start: int, end: int) -> Iterator[FoundFormula]:
        """The formulas of TeX that reach into a part of the text."""
        if self.kind == "text":
            return
        formulas = self.source.formulas
        for i in range(bisect_right(self._ends, start), len(formulas)):
            if formulas[i].start >= end:
                return
            yield formulas[i]

    @cached_property
    def _ends(self) -> list[int]:
        return [formula.end for formula in self.source.formulas]

    def _is_name(self, word: str) -> bool:
        """Whether a word of prose is a quantity's name."""
        word = word.rstrip("'-").partition("@")[0]
        if word in _ENGLISH:
            return False
        if word in self.spelling.names.taken or word in self._own:
            return True
        if self.spelling.names.sizes and (_FAMILY.fullmatch(word) or word in ("sigma", "σ")):
            return True
        if word[:1] in ("d", "∂") and len(word) > 1 and self._is_name(word[1:]):
            return True
        return word in _FIXED or (word.isascii() and self.spelling.names.describe(word) is not None)

    @cached_property
    def _own(self) -> frozenset[str]:
        """The names of the spec's own notation, as far as they could be written in prose."""
        return frozenset(f"{base}_{below}" if below else base for base, below, above in self.spelling.own if not above)

    def _is_symbol(self, word: str) -> bool:
        """Whether letters of a formula are a quantity's."""
        return word in _LETTERS or word.lower() in _SINGULAR or self._is_name(word)


@record(slots=False)
class _Said:
    """What a sentence says beside its formulas and in them; whether it names a quantity, or several in words.

    ``relates``: it has a word or sign that joins a quantity and its value, or little besides the two.
    """

    prose: str
    math: str
    names: bool
    plural: bool
    relates: bool

    def number(self, *, of_many: bool) -> bool:
        """Whether it has a number that is a value; ``of_many``: one that counts nothing, as a decimal."""
        pattern = _DECIMAL if of_many else _NUMBER
        return bool(pattern.search(_NO_VALUES.sub(" ", self.prose)) or pattern.search(_SHAPE.sub(" ", self.math)))


class _Heads:
    """The head of the table in which a line stands, line by line."""

    def __init__(self) -> None:
        self.head = ""
        self._before = ""
        self._tabular = False

    def take(self, line: str) -> None:
        """The next line."""
        if "tabular" in line or "{array}" in line:
            self._tabular, self.head = "\\begin" in line, ""
        elif self._tabular:
            self.head = self.head or (line if "&" in line else "")
        elif "|" in line and _RULE.fullmatch(line):
            self.head = self._before
        elif "|" not in line:
            self.head = ""
        self._before = line


__all__ = ["Unread"]
