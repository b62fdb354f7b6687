"""Programs as students write them, with what they printed: from their statements to chains in tokens.

A statement that gives a quantity its value is a claim about it, and so is a printed value: behind the statement as a
comment, below it, or in a block of its own. What a program calls otherwise is put in where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from derive.patterns import regex
from derive.verification.reading.arrows import Raw
from derive.verification.reading.assignments import Assigned, Assignments, signs_of
from derive.verification.reading.brackets import partners
from derive.verification.reading.code_tokens import code_tokens, value_end, value_tokens, with_commas
from derive.verification.reading.comprehensions import unrolled, with_lists
from derive.verification.reading.list_members import NO_LOOP, counting_loop
from derive.verification.reading.model import TextKind
from derive.verification.reading.printed import PrintedValue, Waiting, is_of_an_array, parts_of, tuple_parts
from derive.verification.reading.program_functions import given_back, taken
from derive.verification.reading.program_lines import CONTINUED, CodeLine, CodeRegion, code_lines, regions
from derive.verification.reading.program_names import ProgramNames, TooLong, arguments
from derive.verification.reading.program_remarks import worked_sides
from derive.verification.reading.program_units import units_of
from derive.verification.reading.sample_loops import SampleLoop, sample_loop
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.token import Token

MAX_LINES = 500
"""A statement has at most so many lines."""
MAX_OF_A_STATEMENT = 8_000
"""A statement has at most so many names, numbers and signs."""
MAX_OF_A_LINE = 20
"""So many named values stand on one line."""
MAX_OF_A_LOOP = 60
"""The head of a loop stands at most so many lines above what it does."""
MAX_TOKENS = 100_000
"""The statements of one text are read up to so many names, numbers and signs; what follows is read as other text is."""
MAX_RELATIONS = 12_000
"""Programs are read until they have so many relations: more than are judged of one text."""
_OPENING = regex(r"[(\[{]")
_SILENT = frozenset(
    """import from return assert pass break continue class del global raise yield nonlocal if elif else for while with
    try except finally end function clc clear close format fprintf figure plot hold""".split()
)
"""What begins a statement that gives nothing a value."""
_SHOWING = frozenset({"print", "disp", "display", "pprint"})
_ARROW = regex(
    r"[ \t]*(?:(?:-+|=+)?>|→|=>|=|≈|~|(?:out(?:put)?|prints?|result|ans|gives|is|returns)\b[ \t]*:?)?[ \t]*",
    re.IGNORECASE,
)
_HEADING = regex(
    r"[-=*\s]*(?:(?:the|program|console|sample|expected)\s+)?(?:out(?:put)?s?|prints?|printed|results?)\b[-:=*\s]*",
    re.IGNORECASE,
)
"""What announces all that a program printed."""
_CALCULATING = frozenset("+ - * / ^ o".split())
_NUMBERS = regex(r"[ \t]*(?:[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*)+\Z")
_NAMED_VALUE = regex(r"([A-Za-z]\w*)((?:\.T\b|\.?')?)[ \t]*[=:≈][ \t]*(?!=)")
_BETWEEN_VALUES = regex(r"[ \t]*[,;|]?[ \t]+(?=[A-Za-z]\w*(?:\.T\b|\.?')?[ \t]*[=:≈])")
_HEAD = regex(r"([A-Za-z]\w*)[ \t]*=[ \t]*\Z")
_PRODUCTS = regex(
    r"(?P<rows>\b(?:[xX]|[aAhH][0-9])(?:\.T)?[ \t]*@[ \t]*(?:[wW]|d|g)|\b[xX]\.(?:T\.)?dot\("
    r"|\bfor[ \t]+\w+[ \t]+in[ \t]+[xX]\b|\bzip\([ \t]*[xX][ \t]*,|\b[xX]\[[ikn]\]\["
    r"|dot\(\s*(?:[xX]\b|[aAhH][0-9]|inputs?\b|hidden)|\binputs?(?:\.T)?(?:[ \t]*@|\.dot\()|axis[ \t]*=[ \t]*0)"
    r"|(?P<columns>\b[wW][0-9]?(?:\.T)?[ \t]*@|\b[wW][0-9]?(?:\.T)?\.dot\(|dot\(\s*[wW](?:[0-9]?|eight\w*|_\w+)\b"
    r"|@[ \t]*[xXaAhH][0-9]?\.T|axis[ \t]*=[ \t]*1)"
)


class ProgramStatement(NamedTuple):
    """A part of a program: where it stands, its chains, and whether it says nothing else that has to be read."""

    start: int
    end: int
    chains: tuple[Raw, ...]
    covered: bool


def programs(text: str, kind: TextKind, spelling: Spelling) -> tuple[list[ProgramStatement], bool]:
    """The statements of the programs of a text, and whether their arrays have a row for each sample."""
    parts = regions(text, kind)
    if not parts:
        return [], False
    in_rows = _in_rows(text, parts)
    reader = _Program(text, spelling, in_rows=in_rows)
    reader.own.take_units(units_of(_statements(text, parts), spelling))
    found = [statement for part in parts for statement in reader.statements(part)]
    return sorted(found, key=lambda statement: statement.start), in_rows


def _statements(text: str, parts: Sequence[CodeRegion]) -> Iterator[str]:
    """The lines of programs without their comments."""
    for part in parts:
        if not part.printed:
            lines = code_lines(text, part.start, part.end, part.code)
            yield from (text[line.start : line.end] for line in lines)


def _in_rows(text: str, parts: Sequence[CodeRegion]) -> bool:
    """Whether arrays have a row for each sample: ``X @ W``, and not ``W @ X``."""
    rows = columns = 0
    for part in parts:
        for found in _PRODUCTS.finditer(text, part.start, part.end):
            rows += found["rows"] is not None
            columns += found["columns"] is not None
    return rows > columns


class _Program:
    """The programs of one text, read from the first line to the last."""

    def __init__(self, text: str, spelling: Spelling, *, in_rows: bool) -> None:
        self.text = text
        self.spelling = spelling
        self.own = ProgramNames(spelling, in_rows)
        self.assignments = Assignments(text, spelling, self.own)
        self.waiting = Waiting()
        self.code = "numpy"
        self.region = CodeRegion(0, 0, "")
        self.lines: list[CodeLine] = []
        self.remarks: list[int] = []
        self.count = self.claims = 0
        self.prompts = False
        self.answer: tuple[Token, ...] = ()
        self.listing = False
        self.loop: SampleLoop | None = None

    def statements(self, region: CodeRegion) -> Iterator[ProgramStatement]:
        """The statements of one region."""
        self.region, self.code = region, region.code
        self.assignments.code = region.code
        self.lines = code_lines(self.text, region.start, region.end, region.code)
        self.assignments.built.look_through(self.lines)
        prompts = sum(bool(line.prompt) for line in self.lines)
        self.prompts = any(line.prompt for line in self.lines[:2]) or 3 * prompts > len(self.lines)
        self.remarks = [line.comment for line in self.lines]
        for n in range(len(self.lines) - 2, -1, -1):
            if self.lines[n + 1].start == self.lines[n + 1].end:
                self.remarks[n] = self.remarks[n + 1]
        self.waiting.closed_by = partners(self.text, region.start, region.end, strings=self.code != "matlab")
        i, after = 0, False
        while i < len(self.lines) and self.count < MAX_TOKENS and self.claims < MAX_RELATIONS:
            line = self.lines[i]
            printed = region.printed or line.prompt.startswith("Out") or (self.prompts and not line.prompt)
            if line.start == line.end < line.comment or line.start >= line.comment:
                found, i = self._remark(i, after=after)
            elif printed or self._is_value(line) or self.waiting.begins(self.text, line.start, line.comment):
                found, i = self._output(i)
            else:
                found, i = self._statement(i)
                after = True
            if found is not None:
                self.claims += sum(len(raw.chain.relations) for raw in found.chains)
                yield found

    # What is printed

    def _is_value(self, line: CodeLine) -> bool:
        """Whether a line of a script is what was printed, and no statement."""
        if self._value_end(line.start, self.region.end) == line.start:
            return self.code == "matlab" and _HEAD.match(self.text, line.start, line.end) is not None
        return self.text[line.start] in "[-+.0123456789" or self.text.startswith(("array(", "tensor("), line.start)

    def _output(self, i: int) -> tuple[ProgramStatement | None, int]:
        """What a program printed, from line ``i`` on; a line that no statement printed is read as any other."""
        line = self.lines[i]
        if self.code == "matlab" and (head := _HEAD.match(self.text, line.start, line.end)) is not None:
            return self._answer(i, head[1], head.end())
        values = self.waiting.matched(self.text, line.start, self.region.end, last=False)
        if values is None:
            return self._labelled(i)
        after = values[-1].end
        following = self._after(i, after)
        return self._of_values(values, line.whole, self.lines[following - 1].comment), following

    def _after(self, i: int, offset: int) -> int:
        """The first line from ``i`` + 1 on that begins behind a place."""
        i += 1
        while i < len(self.lines) and self.lines[i].start < offset:
            i += 1
        return i

    def _labelled(self, i: int) -> tuple[ProgramStatement | None, int]:
        """A printed line that says itself what it is: ``z1 = [0.1 0.2]``, ``z1: [0.1 0.2]``."""
        line = self.lines[i]
        values = self._named(line.start, line.comment, self.region.end)
        if not values or not self._is_alone(values[-1].end, max(values[-1].end, line.comment)):
            return None, i + 1
        return self._of_values(values, line.whole, line.comment), self._after(i, values[-1].end)

    def _named(self, at: int, line_end: int, limit: int) -> list[PrintedValue]:
        """The values from a place on that have names: ``Z1.T = [[0.1 0.2]]  loss = 0.3``; none where one is missing."""
        found: list[PrintedValue] = []
        while len(found) <= MAX_OF_A_LINE and (head := _NAMED_VALUE.match(self.text, at, line_end)) is not None:
            begins = head.end()
            end = self._value_end(begins, limit)
            if end == begins or not (self.own.name(head[1]) or self.own.values.get(head[1])):
                return []
            left = tuple(code_tokens(self.text, self.code, head.start(1), head.end(2)))
            found.append(PrintedValue(left, begins, end))
            gap = _BETWEEN_VALUES.match(self.text, end, line_end)
            if gap is None:
                break
            at = gap.end()
        return found

    def _answer(self, i: int, word: str, at: int) -> tuple[ProgramStatement | None, int]:
        """A block of MATLAB: ``ans =``, up to ``at``, and the numbers below: one claim, on its first line."""
        rows: list[CodeLine] = []
        for line in self.lines[i + 1 : i + 1 + MAX_LINES]:
            if not _NUMBERS.match(self.text[line.whole : line.comment]):
                break
            rows.append(line)
        left = self.answer if word == "ans" else (self._word_at(self.lines[i], word),)
        if not rows or not left:
            return None, i + 1
        tokens = [Token("op", "[", at - 1, at - 1)]
        for n, line in enumerate(rows):
            tokens += [Token("op", ";", line.start, line.start)] if n else []
            tokens += code_tokens(self.text, "numpy", line.start, line.comment)
        tokens.append(Token("op", "]", rows[-1].comment, rows[-1].comment))
        chain = self.assignments.chain(left, [with_commas(tokens, self.text, "numpy")])
        return ProgramStatement(self.lines[i].whole, rows[-1].comment, chain, True), i + 1 + len(rows)

    def _word_at(self, line: CodeLine, word: str) -> Token:
        return Token("word", word, line.start, line.start + len(word))

    def _of_values(self, values: Sequence[PrintedValue], start: int, end: int) -> ProgramStatement:
        chains: list[Raw] = []
        for value in values:
            if is_of_an_array(value.tokens):
                continue
            chains += self.assignments.chain(value.tokens, [value_tokens(self.text, value.start, value.end, self.code)])
        return ProgramStatement(start, end, tuple(chains), True)

    def _remark(self, i: int, *, after: bool) -> tuple[ProgramStatement | None, int]:
        """A line that is a comment: what the statement above printed, or a claim."""
        line = self.lines[i]
        at = line.start
        while at < line.comment and self.text[at] in "#% \t":
            at += 1
        if _HEADING.fullmatch(self.text[at : line.comment]):
            self.listing = True
            return None, i + 1
        begins = self._value_start(at, line.comment)
        values = None
        if after or self.listing:
            values = self.waiting.matched(self.text, begins, self._remarks_end(i), last=not self.listing)
        if values is None and self.waiting.begins(self.text, begins, line.comment):
            values = self.waiting.matched(self.text, begins, self._remarks_end(i), last=False)
        if values is None:
            return self._worked(i, at) or self._said(i, at)
        return self._of_values(values, line.whole, values[-1].end), self._after(i, values[-1].end)

    def _remarks_end(self, i: int) -> int:
        """Where the comment that begins on line ``i`` ends, with those on the lines below it."""
        return self.remarks[i]

    def _value_end(self, at: int, end: int) -> int:
        return value_end(self.text, at, end, self.waiting.closed_by)

    def _value_start(self, at: int, end: int) -> int:
        arrow = _ARROW.match(self.text, at, end)
        return arrow.end() if arrow is not None else at

    def _worked(self, i: int, at: int) -> tuple[ProgramStatement | None, int] | None:
        """A calculation in a comment: ``# dw = 2/3*(-1.5) = -1``; None for any other comment."""
        line = self.lines[i]
        left, *sides = worked_sides(self.text, at, line.comment, self.code, self.own) or ([],)
        if not sides or not any(token.text in _CALCULATING for side in sides for token in side[1:]):
            return None
        if not self.own.name(left[0].text) or any(side[0].text == "[" for side in sides):
            return None
        if not all(map(self.assignments.is_readable, sides)):
            return None
        chain = self.assignments.chain(left, sides)
        return ProgramStatement(line.whole, line.comment, chain, True), i + 1

    def _said(self, i: int, at: int) -> tuple[ProgramStatement | None, int]:
        """A claim in a comment: ``# z1 = [0.1, 0.2]``."""
        line = self.lines[i]
        values = self._named(at, line.comment, self._remarks_end(i))
        if not values or not self._is_alone(values[-1].end, max(values[-1].end, line.comment)):
            return None, i + 1
        return self._of_values(values, line.whole, line.comment), self._after(i, values[-1].end)

    def _is_alone(self, at: int, end: int) -> bool:
        """Whether nothing but a remark stands behind a value."""
        newline = self.text.find("\n", at, end)
        rest = self.text[at : end if newline < 0 else newline].strip()
        works = re.match(r"[-.(]?\s*[-(]?\s*[\d.]", rest) is not None and "=" in rest
        return not rest or (rest[0] in "(,;.!<-–—✓✔" and not works and not re.match(r"[-.]?\d", rest))

    # Statements

    def _statement(self, i: int) -> tuple[ProgramStatement | None, int]:
        """The statement that begins on line ``i``."""
        line = self.lines[i]
        self.listing = bool(_HEADING.fullmatch(self.text[line.start : line.comment]))
        if self.listing:
            return None, i + 1
        tokens, following = self._joined(i)
        tokens = self._in_a_loop(i, tokens, following)
        start, end = line.whole, self.lines[following - 1].comment
        silent = ProgramStatement(start, end, (), True)
        if not tokens or len(tokens) > MAX_OF_A_STATEMENT:
            return ProgramStatement(start, end, (), False), following
        if tokens[0].text == "def":
            return self._function(i, tokens, following)
        if tokens[0].text in _SILENT or (self.loop is not None and tokens[0].text in _SHOWING):
            return silent, following
        if _is_labelled(tokens):
            return None, i + 1
        results, after = self._results(following)
        end = self.lines[after - 1].comment
        parts = _apart(tokens)
        chains: list[Raw] = []
        covered = True
        for n, part in enumerate(parts):
            more, read = self._one(part, results if n == len(parts) - 1 else [], after)
            chains += more
            covered = covered and read
        if tokens[0].text in _SHOWING and not results:
            chains += self._printed_beside(self.lines[following - 1])
        elif not results:
            chains += self._named_beside(following - 1)
        return ProgramStatement(start, end, tuple(chains), covered), after

    def _printed_beside(self, line: CodeLine) -> tuple[Raw, ...]:
        """The values that a statement prints, in the comment behind it: ``print(a, b)  # 0.1 0.2``."""
        if line.end == line.comment:
            return ()
        at = self._value_start(line.end + 1, line.comment)
        values = self.waiting.matched(self.text, at, line.comment, last=True)
        return self._of_values(values, at, values[-1].end).chains if values else ()

    def _named_beside(self, i: int) -> tuple[Raw, ...]:
        """The claims in the comment behind a statement: ``W2 -= lr * dW2  # W2 = [[0.7], [-0.5]]``."""
        line = self.lines[i]
        if line.end == line.comment:
            return ()
        at = line.end + 1
        while at < line.comment and self.text[at] in "#% \t":
            at += 1
        values = self._named(at, line.comment, self._remarks_end(i))
        if not values or not self._is_alone(values[-1].end, max(values[-1].end, line.comment)):
            return ()
        return self._of_values(values, at, line.comment).chains

    def _in_a_loop(self, i: int, tokens: list[Token], following: int) -> list[Token]:
        """The tokens of the statement on line ``i``, as it is said of all samples where a loop goes over them."""
        indent = self.lines[i].start - self.lines[i].whole
        if self.loop is not None and indent <= self.loop.indent:
            self.loop = None
        if self.loop is None and tokens and tokens[0].text == "for" and self.code == "numpy":
            last = following
            while last < len(self.lines) and self._is_set_in(self.lines[last], indent):
                last += 1
            body = [self.text[line.start : line.end] for line in self.lines[following:last]]
            self.loop = sample_loop(tokens, indent, body, self.own, self.assignments.is_updated)
        self.assignments.over_samples = self.loop is not None
        self._count(i, tokens, following)
        return tokens if self.loop is None else self.loop.plain(tokens)

    def _count(self, i: int, tokens: Sequence[Token], following: int) -> None:
        """Takes down whether the statement on line ``i`` is, or stands in, a loop that counts."""
        line, loop = self.lines[i], self.assignments.counting
        indent = line.start - line.whole
        if tokens and tokens[0].text == "for":
            inner = following < len(self.lines) and not self._is_in_a_loop(tokens[0].start)
            body = self.lines[following].start - self.lines[following].whole if inner else 0
            self.assignments.counting = counting_loop(tokens, body, self.own) if inner else NO_LOOP
        elif indent == 0:
            self.assignments.counting = None
        elif loop is None or loop.body != indent:
            self.assignments.counting = NO_LOOP

    def _one(self, tokens: list[Token], results: Sequence[list[Token]], after: int) -> Assigned:
        """The chains of one statement, and whether it says nothing besides."""
        signs = signs_of(tokens)
        if signs:
            return self.assignments.assigned(tokens, signs, results)
        if not results:
            self._expression(tokens, after)
        return self._shown(tokens, results), tokens[0].text in _SHOWING or self.assignments.is_readable(tokens)

    def _joined(self, i: int) -> tuple[list[Token], int]:
        """The tokens of a statement, over all the lines on which its brackets are open."""
        tokens: list[Token] = []
        closed, n = -1, i
        while n < min(len(self.lines), i + MAX_LINES):
            line = self.lines[n]
            if n > i and (line.start > closed or line.prompt not in ("", "...", CONTINUED)):
                break
            tokens += code_tokens(self.text, self.code, line.start, line.end)
            for bracket in _OPENING.finditer(self.text, line.start, line.end):
                closed = max(closed, self.waiting.closed_by.get(bracket.start(), -1))
            n += 1
            if len(tokens) > MAX_OF_A_STATEMENT:
                break
        self.count += len(tokens)
        tokens = unrolled(with_lists(tokens)) if self.code == "numpy" else tokens
        return with_commas(tokens, self.text, self.code), n

    def _results(self, following: int) -> tuple[list[list[Token]], int]:
        """The value in the comment of the statement that ends before line ``following``, over the comments below."""
        line = self.lines[following - 1]
        if line.end == line.comment:
            return [], following
        at, end = self._shown_from(line.end + 1, following - 1)
        if end == at and (last := self.text.rfind("#", line.end + 1, line.comment)) > 0:
            at, end = self._shown_from(last + 1, following - 1)
        if end == at or not self._is_alone(end, max(end, line.comment)):
            return [], following
        after = self._after(following - 1, end)
        return [value_tokens(self.text, at, end, self.code)], after

    def _shown_from(self, at: int, i: int) -> tuple[int, int]:
        """Where the value in a comment on line ``i`` begins and ends, which a place is before."""
        begins = self._value_start(at, self.lines[i].comment)
        return begins, self._value_end(begins, self._remarks_end(i))

    def _expression(self, tokens: list[Token], following: int) -> None:
        """A statement that shows something, before line ``following``: it waits for its output."""
        try:
            if tokens[0].text in _SHOWING and tokens[1:2] and tokens[1].text == "(":
                given, end = arguments(tokens, 1)
                parts = parts_of(self.text, given, self.code) if end == len(tokens) else []
                self.waiting.add(parts, again=self._is_in_a_loop(tokens[0].start))
                return
        except TooLong:
            return
        last = following >= len(self.lines) or self._is_value(self.lines[following])
        shows = self.prompts or self.code == "matlab" or last
        if shows and tokens[0].kind in ("word", "op", "number") and self.assignments.is_readable(tokens):
            self.waiting.add(tuple_parts(tokens))
            self.answer = tuple(tokens)

    def _is_in_a_loop(self, at: int) -> bool:
        """Whether a statement of Python is set in below a ``for`` or a ``while``."""
        line = next((i for i, line in enumerate(self.lines) if line.start == at), 0)
        depth = self.lines[line].start - self.lines[line].whole
        for above in reversed(self.lines[max(line - MAX_OF_A_LOOP, 0) : line]):
            indent = above.start - above.whole
            if above.start < above.end and indent < depth:
                if re.match(r"(?:for|while)\b", self.text[above.start : above.end]):
                    return True
                depth = indent
        return False

    def _shown(self, tokens: list[Token], results: Sequence[list[Token]]) -> tuple[Raw, ...]:
        """``print(z1)  # [0.1 0.2]``."""
        if not results:
            return ()
        if tokens[0].text in _SHOWING and tokens[1:2] and tokens[1].text == "(":
            try:
                given, _ = arguments(tokens, 1)
            except TooLong:
                return ()
            shown = [list(part.tokens) for part in parts_of(self.text, given, self.code) if part.tokens]
            tokens = shown[0] if len(shown) == 1 else []
        return self.assignments.chain(tokens, results) if tokens else ()

    def _function(self, i: int, tokens: list[Token], following: int) -> tuple[ProgramStatement | None, int]:
        """``def f(x):`` and the lines set in below it, which are claims where they are about the network."""
        line = self.lines[i]
        last = following
        while last < len(self.lines) and self._is_set_in(self.lines[last], line.start - line.whole):
            last += 1
        texts = [token.text for token in tokens]
        closed = texts.index(")") if ")" in texts else 0
        colon = texts.index(":", closed) if ":" in texts[closed:] else 0
        chains: tuple[Raw, ...] = ()
        if closed and colon:
            formals = [token.text for token in tokens[3:closed] if token.kind == "word" and token.text != "self"]
            one = tokens[colon + 1 :]
            try:
                body = given_back([one] if one else list(self._bodies(following, last)))
            except TooLong:
                body = []
            chains = taken(self.own, texts[1], formals, body)
        judged = following if self._names_quantities(following, last) else last
        return ProgramStatement(line.whole, self.lines[judged - 1].comment, chains, True), judged

    def _bodies(self, first: int, last: int) -> Iterator[list[Token]]:
        """The statements of a function."""
        while first < last:
            tokens, first = self._joined(first)
            yield tokens

    def _names_quantities(self, first: int, last: int) -> bool:
        """Whether the lines of a function give quantities of the network their values, so that they are claims."""
        assigned = re.compile(r"(?:self\.)?([A-Za-z]\w*)\s*[-+]?=(?!=)")
        found = (assigned.match(self.text, line.start, line.end) for line in self.lines[first:last])
        return any(one is not None and self.own.name(one[1]) for one in found)

    def _is_set_in(self, line: CodeLine, indent: int) -> bool:
        if line.prompt in (">>>", ">>") or line.prompt.startswith(("In", "Out")):
            return False
        return line.start - line.whole > indent


def _is_labelled(tokens: Sequence[Token]) -> bool:
    """Whether a colon stands behind the first words of a line: it is no statement."""
    first = [token.text for token in tokens[:6]]
    colon = first.index(":") if ":" in first else 0
    return bool(colon) and tokens[0].kind == "word" and not {"=", "[", "lambda"} & set(first[:colon])


def _apart(tokens: Sequence[Token]) -> list[list[Token]]:
    """The statements of one line, which semicolons part."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.text == ";" and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    found = [one for part in found for one in _listed(part)]
    return [part[:-1] if part[-1].text == "," else part for part in found if part and part[0].text != ","]


def _listed(tokens: list[Token]) -> list[list[Token]]:
    """What a line states of several names, ``a.grad = 0.5, b.grad = 2``; the line itself where it is a statement."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.text == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return found if all(len(signs_of(one)) == 1 for one in found) else [tokens]


__all__ = ["ProgramStatement", "programs"]
