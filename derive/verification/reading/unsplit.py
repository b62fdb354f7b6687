"""From a text to chains in tokens: its formulas, its lines, and the lines beside its formulas that are claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from heapq import merge

from derive.expressions.functions import CONSTANTS
from derive.verification.reading.arrows import Arrows, Raw
from derive.verification.reading.candidates import BesideLine, cells, gathered
from derive.verification.reading.lines import apart, goes_on, spoken, unbulleted, with_rows
from derive.verification.reading.model import TextKind
from derive.verification.reading.phrases import announced, quantity_end, stated, without_remark
from derive.verification.reading.programs import ProgramStatement, programs
from derive.verification.reading.rows import MAX_OF_A_NAME, RawChain, chains
from derive.verification.reading.sources import MAX_FORMULA, ClaimsText, FoundFormula
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.tables import TableCell, TableReader
from derive.verification.reading.token import Token
from derive.verification.reading.tokens import tokens

_LABEL = re.compile(r"\s*(?:[-*•]\s+|\(?[0-9a-zA-Z]{1,3}[.)]\s+(?=\S))*")
_SAID = re.compile(r"\s*[^=≈:]*[A-Za-z0-9)]\s*:(?!=)")
_SPOKEN_SIGN = re.compile(r"[=≈≔←:→]|<-|->|\b(?:is|equals|becomes|ist)\b")
_SAID_OF_THE_FILE = {
    "zero": (re.compile(r"\w\[\s*(?:0\s*[\],]|[0-9]+\s*,\s*0\s*\]|[0-9]+\]\[0\])"),),
    "times": (re.compile(r"[\^_({\[,]\s*[({\[]?[ktni]\s*\+\s*1\s*[)\]}]"),),
    "two_rates": (re.compile(r"\\alpha\b|\balpha\b|α"), re.compile(r"\\eta\b|\beta\b|η")),
}
"""What the whole of a file says: indices of a program that are counted from 0; updates that are counted by a letter; α
and η, which are then not the same."""
_SIGN = re.compile(r"[=≈]")
_REMARK = re.compile(r"\s(?:←|<--?|//)\s+(?=[A-Za-z(])(?![^←\n]{0,300}[=≈])")
"""What begins a remark behind an arrow, to the end of the line."""


class Unsplit:
    """The chains of one text in tokens, in its order."""

    def __init__(self, source: ClaimsText, kind: TextKind, spelling: Spelling, arrows: Arrows) -> None:
        self.source = source
        self.arrows = arrows
        self.spelling = spelling
        self.tokens = 0
        self.programs, in_rows = programs(source.prose, kind, spelling)
        self.said = frozenset(
            name for name, said in _SAID_OF_THE_FILE.items() if all(p.search(source.text) for p in said)
        ) | ({"in_rows"} if in_rows else frozenset())

    def raw(self) -> Iterator[Raw]:
        """All chains: a formula that begins with a relation sign goes on with the one before.

        A chain is handed out when the next one begins, because until then it may go on.
        """
        waiting: Raw | None = None
        past = 0
        tables = self._tables()
        for one in self._pieces():
            if one.start < past:
                continue
            if isinstance(one, ProgramStatement):
                past = max(past, one.end)
                self.tokens += sum(len(side) for raw in one.chains for side in raw.chain.sides)
                yield from one.chains
                continue
            if isinstance(one, BesideLine) and one.start in tables:
                past = one.end
                self.tokens += sum(len(side) for raw in tables[one.start] for side in raw.chain.sides)
                yield from tables[one.start]
                continue
            if isinstance(one, BesideLine) and one.table:
                continue
            if isinstance(one, BesideLine):
                count = self.tokens
                found = self._claim(one)
                if found is None:
                    self.tokens = count  # prose is no part of what is read
                    continue
                past = one.end
                above = waiting.chain if waiting is not None else None
                begun = [Raw(chain, False) for chain in chains(found, above)]
                display = True
            elif one.end - one.start > MAX_FORMULA:
                yield Raw(self._too_long(one), one.tex)
                continue
            else:
                display = one.display
                above = waiting.chain if waiting is not None and display else None
                begun = [Raw(chain, one.tex) for chain in chains(self._tokens(one, above), above)]
            if not display:
                yield from begun
            elif begun:
                if waiting is not None:
                    yield waiting
                waiting = _goes_on(begun)
                yield from (raw for raw in begun if raw is not waiting)
        if waiting is not None:
            yield waiting

    def _pieces(self) -> Iterator[FoundFormula | BesideLine | ProgramStatement]:
        """The formulas, lines and statements of programs, each where it begins."""
        return merge(self.programs, self.source.pieces, key=lambda piece: piece.start)

    def _tokens(self, formula: FoundFormula, above: RawChain | None) -> list[Token]:
        if not formula.tex:
            return self._line(formula, above)
        found = self.scanned(formula.start, formula.end, tex=True)
        if any(token.text == ":" for token in found[:MAX_OF_A_NAME]):
            found = stated(found, self.knows)
        found = self._headed(found)
        return with_rows(found, self.source.text) if formula.display else found

    def _line(self, formula: FoundFormula, above: RawChain | None) -> list[Token]:
        """The tokens of a line of plain text, without what only numbers or announces it."""
        text, start, end = self.source.text, formula.start, formula.end
        remark = _REMARK.search(text, start, end)
        if remark is not None and _SIGN.search(text, start, remark.start()):
            end = remark.start()
        if above is not None and above.relations and goes_on(text, start, end, above.sides):
            found = spoken(self.scanned(start, end, tex=False), self.spelling.names.taken)
            if all(token.kind != "word" or self.is_mathematics(token.text) for token in found):
                return found
        start = unbulleted(text, start, end)
        label = _LABEL.match(text, start, end)
        start = label.end() if label is not None else start
        whole = self._whole_line(start, end)
        if whole is not None:
            return whole
        label = _SAID.match(text, start, end)
        start = label.end() if label is not None else start
        found = spoken(self.scanned(start, end, tex=False), self.spelling.names.taken)
        found = apart(self._numbered(stated(announced(found, self.knows), self.knows)), self._is_given)
        return self._headed(self._said_by_blank(found))

    def _is_given(self, side: Sequence[Token]) -> bool:
        """Whether a side is the name of a parameter, an input, a target or a rate."""
        return self.arrows.is_given(side)

    def _said_by_blank(self, found: list[Token]) -> list[Token]:
        """The tokens of a list of givens with a sign where there is none: ``b=0.2 eta 0.2``."""
        if len(found) < 6 or [token.kind for token in found[-3:]] != ["number", "word", "number"]:
            return found
        number, name, _ = found[-3:]
        if found[-4].kind != "relation" and (found[-4].text != "-" or found[-5].kind != "relation"):
            return found
        if name.start == number.end or not self._is_given([name]):
            return found
        at = name.start
        return [*found[:-2], Token("gap", "", at, at), name, Token("relation", "=", name.end, name.end), found[-1]]

    def _headed(self, found: list[Token]) -> list[Token]:
        """The tokens without the arguments at the head of a function, ``f(x, y) =``; ``σ(x) =`` is a rule about z."""
        sign = next((i for i, token in enumerate(found[: MAX_OF_A_NAME + 1]) if token.kind == "relation"), 0)
        if sign < 4 or found[0].kind != "word" or found[sign - 1].text != ")":
            return found
        opened = next((i for i in range(1, sign) if found[i].text == "("), sign)
        names = found[opened + 1 : sign - 1]
        words, commas = names[::2], names[1::2]
        if not words or any(token.kind != "word" for token in words) or any(token.text != "," for token in commas):
            return found
        if len(words) == len(commas):
            return found
        function = "" if found[0].text in self.spelling.names.taken else self.spelling.function(found[0].text)
        unknown = not any(self.spelling.knows(token.text) for token in words)
        primes = all(token.text == "'" for token in found[1:opened])
        if function and len(words) == 1 and unknown and primes and len(words[0].text) == 1:
            letter = words[0].text
            return [
                token._replace(text="z") if token.text == letter and token.kind == "word" else token for token in found
            ]
        computed = self.arrows.is_name(found[:opened], False) and not self.arrows.is_parameter(found[:opened], False)
        if computed and not function and (len(words) > 1 or found[0].text == self.spelling.names.loss):
            return [*found[:opened], *found[sign:]]
        return found

    def _numbered(self, found: list[Token]) -> list[Token]:
        """The tokens of a line with ``input 1``, which begins it, as one name."""
        if [token.kind for token in found[:3]] != ["word", "number", "relation"] or not found[1].text.isdigit():
            return found
        word = found[0].text + found[1].text
        if self.spelling.shorthands.word(word) is None:
            return found
        return [found[0]._replace(text=word, end=found[1].end), *found[2:]]

    def _whole_line(self, start: int, end: int) -> list[Token] | None:
        """A line in which a colon stands between a quantity and its value; None for any other."""
        if ":" not in self.source.text[start:end]:
            return None
        found = announced(spoken(self.scanned(start, end, tex=False), self.spelling.names.taken), self.knows)
        said = stated(found, self.knows)
        return said if said != found else None

    def _tables(self) -> dict[int, list[Raw]]:
        """The chains of the rows of tables, by the places of these rows."""
        found: dict[int, list[Raw]] = {}
        count = self.tokens
        reader = TableReader(self.arrows.is_name, self.arrows.is_parameter, self.spelling.rows)
        for table in gathered(self.source.pieces, self.source.prose):
            rows = [self._cells(line) for line in table.rows]
            head = self._cells(table.head) if table.head is not None else None
            for line, claims in zip(table.rows, reader.claims(rows, head), strict=True):
                if claims:
                    found[line.start] = [Raw(chain, tex) for chain, tex in claims]
        self.tokens = count  # they count when their rows are read
        return found

    def _cells(self, line: BesideLine) -> list[TableCell]:
        """The cells of a row."""
        found: list[TableCell] = []
        for cell in cells(line, self.source.beside):
            tokens_, tex = list[Token](), False
            for part in cell:
                tokens_ += self._scan(
                    self.source.text if part.tex else self.source.beside, part.start, part.end, tex=part.tex
                )
                tex = tex or part.tex
            text = "".join(self.source.beside[part.start : part.end] for part in cell if not part.tex)
            found.append(TableCell(spoken(tokens_, self.spelling.names.taken), text.strip(), tex))
        return found

    def _claim(self, line: BesideLine) -> list[Token] | None:
        """The tokens of a line beside formulas, where it is a claim."""
        beside = self.source.beside
        plain = "".join(beside[part.start : part.end] for part in line.parts if not part.tex)
        if not plain.strip() or not _SPOKEN_SIGN.search(plain):
            return None
        found: list[Token] = []
        for part in line.parts:
            if part.tex:
                found += self.scanned(part.start, part.end, tex=True)
            else:
                found += self._scan(beside, part.start, part.end, tex=False)
        found = spoken(found, self.spelling.names.taken)
        said = stated(announced(found, self.knows), self.knows)
        signs = [i for i, token in enumerate(said) if token.kind == "relation"]
        if not signs or not any(self._is_plain(said[i], line) for i in signs):
            return None
        first = self._trimmed(said[: signs[0]])
        if first and quantity_end(first, 0, self.knows) != len(first):
            return None
        if not first and not line.code:
            return None
        rest = self._trimmed(said[signs[0] + 1 :])
        return said if rest and all(map(self._is_read, rest)) else None

    def _trimmed(self, side: Sequence[Token]) -> list[Token]:
        found = list(side)
        while found and (found[-1].text in (".", ",", ";") or found[-1].kind == "gap"):
            found.pop()
        return without_remark(found, self.is_mathematics)

    def _is_read(self, token: Token) -> bool:
        return token.kind not in ("word", "text", "unknown") or self.is_mathematics(token.text)

    def _is_plain(self, sign: Token, line: BesideLine) -> bool:
        return any(part.start <= sign.start < part.end and not part.tex for part in line.parts)

    def knows(self, word: str) -> bool:
        """Whether a word is a quantity or a function."""
        own = (word, "", "") in self.spelling.own
        own = own or self.spelling.own_names.has(word)
        return own or self.spelling.knows(word) or bool(self.spelling.function(word))

    def is_mathematics(self, word: str) -> bool:
        """Whether a word may stand in a calculation."""
        if self.knows(word) or word in CONSTANTS or len(word) == 1 or not word.isalpha():
            return True
        return len(word) < 7 and all(letter in self.spelling.names.taken for letter in word)

    def scanned(self, start: int, end: int, *, tex: bool) -> list[Token]:
        """The tokens of a piece of the text."""
        return self._scan(self.source.text, start, end, tex=tex)

    def _scan(self, text: str, start: int, end: int, *, tex: bool) -> list[Token]:
        found = tokens(text, tex=tex, start=start, end=end, known=self.spelling, macros=self.source.macros)
        self.tokens += len(found)
        return self.spelling.letters.in_plain_letters(found, tex=tex, knows=self.spelling.knows)

    def _too_long(self, formula: FoundFormula) -> RawChain:
        sign = self.source.text.find("=", formula.start, formula.end)
        if sign < 0:
            return RawChain([[]])
        token = Token("relation", "=", sign, sign + 1)
        sides = [[Token("long", "…", *ends)] for ends in ((formula.start, sign), (sign + 1, formula.end))]
        return RawChain(sides, [token])


def _goes_on(begun: Sequence[Raw]) -> Raw:
    """The chain of a display that the next display may go on with: the last one, but for words beside it."""
    return next((raw for raw in reversed(begun) if raw.chain.relations or raw.chain.arrow is not None), begun[-1])


__all__ = ["Unsplit"]
