"""Programs as students write them, with what they printed: from their statements to chains in tokens.

A statement that gives a quantity its value is a claim about it, and so is a printed value: behind the statement as a
comment, below it, or in a block of its own. What a program calls otherwise is put in where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from derive.verification.reading.arrows import Arrows, Raw
from derive.verification.reading.code_atoms import CALLED, METHODS
from derive.verification.reading.code_names import code_name
from derive.verification.reading.code_tokens import code_tokens, value_end, value_tokens, with_commas
from derive.verification.reading.joined import STEPS
from derive.verification.reading.model import TextKind
from derive.verification.reading.own_names import OwnFunction, OwnNames, TooLong, arguments
from derive.verification.reading.printed import PrintedPart, PrintedValue, Waiting, parts_of
from derive.verification.reading.program_lines import CodeLine, CodeRegion, code_lines, regions
from derive.verification.reading.rows import RawChain
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.token import Token

MAX_LINES = 500
"""A statement has at most so many lines."""
MAX_OF_A_STATEMENT = 8_000
"""A statement has at most so many names, numbers and signs."""
_SILENT = frozenset(
    """import from return assert pass break continue class del global raise yield nonlocal if elif else for while with
    try except finally end function clc clear close format fprintf figure plot hold""".split()
)
"""What begins a statement that gives nothing a value."""
_SHOWING = frozenset({"print", "disp", "display", "pprint"})
_ARROW = re.compile(r"[ \t]*(?:(?:-+|=+)?>|→|=>|=|≈|~|(?:out(?:put)?|prints?|result|ans|gives|is|returns)\b[ \t]*:?)?[ \t]*", re.I)
_CONSTANT = frozenset("None newaxis True False T pi e float int bool float32 float64 double int64".split())
_HEADING = re.compile(r"[-=*\s]*(?:(?:the|program|console|sample|expected)\s+)?(?:out(?:put)?s?|prints?|printed|results?)\b[-:=*\s]*", re.I)
"""What announces all that a program printed."""
_NUMBERS = re.compile(r"[ \t]*(?:[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*)+\Z")
_HEAD = re.compile(r"([A-Za-z]\w*)[ \t]*=[ \t]*\Z")
_PRODUCTS = re.compile(
    r"(?P<rows>\b(?:[xX]|[aAhH][0-9])(?:\.T)?[ \t]*@[ \t]*(?:[wW]|d|g)|\b[xX]\.(?:T\.)?dot\(|dot\(\s*(?:[xX]\b|[aAhH][0-9])"
    r"|axis[ \t]*=[ \t]*0)"
    r"|(?P<columns>\b[wW][0-9]?(?:\.T)?[ \t]*@|\b[wW][0-9]?(?:\.T)?\.dot\(|dot\(\s*[wW][0-9]?\b|@[ \t]*[xXaAhH][0-9]?\.T"
    r"|axis[ \t]*=[ \t]*1)"
)
_ACTIVATED = frozenset({"f", "g", "phi", "act", "activation", "maximum", "tanh", "exp", "where", "max"})


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
    found = [statement for part in parts for statement in reader.statements(part)]
    return sorted(found, key=lambda statement: statement.start), in_rows


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
        self.arrows = Arrows(spelling, text)
        self.own = OwnNames(spelling, in_rows)
        self.waiting = Waiting()
        self.code = "numpy"
        self.region = CodeRegion(0, 0, "")
        self.lines: list[CodeLine] = []
        self.prompts = False
        self.answer: tuple[Token, ...] = ()
        self.listing = False

    def statements(self, region: CodeRegion) -> Iterator[ProgramStatement]:
        """The statements of one region."""
        self.region, self.code = region, region.code
        self.lines = code_lines(self.text, region.start, region.end, region.code)
        prompts = sum(bool(line.prompt) for line in self.lines)
        self.prompts = any(line.prompt for line in self.lines[:2]) or 3 * prompts > len(self.lines)
        i, after = 0, False
        while i < len(self.lines):
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
                yield found

    # What is printed

    def _is_value(self, line: CodeLine) -> bool:
        """Whether a line of a script is what was printed, and no statement."""
        if value_end(self.text, line.start, self.region.end) == line.start:
            return self.code == "matlab" and _HEAD.match(self.text, line.start, line.end) is not None
        return self.text[line.start] in "[-+.0123456789" or self.text.startswith(("array(", "tensor("), line.start)

    def _output(self, i: int) -> tuple[ProgramStatement | None, int]:
        """What a program printed, from line ``i`` on; a line that no statement printed is read as any other."""
        line = self.lines[i]
        if self.code == "matlab" and (head := _HEAD.match(self.text, line.start, line.end)) is not None:
            return self._answer(i, head[1])
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
        found = re.compile(r"([A-Za-z]\w*)[ \t]*[=:][ \t]*").match(self.text, line.start, line.comment)
        at = found.end() if found is not None else line.start
        end = value_end(self.text, at, self.region.end)
        name = self.own.name(found[1]) if found is not None else ""
        value = self.own.values.get(found[1]) if found is not None else None
        if found is None or end == at or not (name or value):
            return None, i + 1
        left = (Token("word", found[1], found.start(1), found.end(1)),)
        return self._of_values([PrintedValue(left, at, end)], line.whole, line.comment), self._after(i, end)

    def _answer(self, i: int, word: str) -> tuple[ProgramStatement | None, int]:
        """A block of MATLAB: ``ans =`` and the numbers below it."""
        rows: list[CodeLine] = []
        for line in self.lines[i + 1 : i + 1 + MAX_LINES]:
            if not _NUMBERS.match(self.text[line.whole : line.comment]):
                break
            rows.append(line)
        left = self.answer if word == "ans" else (self._word_at(self.lines[i], word),)
        if not rows or not left:
            return None, i + 1
        start = rows[0].start
        tokens = [Token("op", "[", start, start)]
        for n, line in enumerate(rows):
            tokens += [Token("op", ";", line.start, line.start)] if n else []
            tokens += code_tokens(self.text, "numpy", line.start, line.comment)
        tokens.append(Token("op", "]", rows[-1].comment, rows[-1].comment))
        chain = self._chain(left, [with_commas(tokens, self.text, "numpy")])
        return ProgramStatement(self.lines[i].whole, rows[-1].comment, chain, True), i + 1 + len(rows)

    def _word_at(self, line: CodeLine, word: str) -> Token:
        return Token("word", word, line.start, line.start + len(word))

    def _of_values(self, values: Sequence[PrintedValue], start: int, end: int) -> ProgramStatement:
        chains: list[Raw] = []
        for value in values:
            chains += self._chain(value.tokens, [value_tokens(self.text, value.start, value.end, self.code)])
        return ProgramStatement(start, end, tuple(chains), True)

    def _chain(self, left: Sequence[Token], sides: Sequence[list[Token]]) -> tuple[Raw, ...]:
        """A chain about what is printed; none where it cannot be said what that is."""
        try:
            first = self.own.put_in(with_commas(list(left), self.text, self.code))
        except TooLong:
            return ()
        if self._is_foreign([first]):
            return ()
        signs = [Token("relation", "=", side[0].start, side[0].start) for side in sides]
        return (Raw(RawChain([first, *sides], signs), False, self.code),)

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
        if values is None:
            return self._said(i, at)
        return self._of_values(values, line.whole, values[-1].end), self._after(i, values[-1].end)

    def _remarks_end(self, i: int) -> int:
        """Where the comment that begins on line ``i`` ends."""
        last = i
        while last + 1 < len(self.lines) and self.lines[last + 1].start == self.lines[last + 1].end:
            last += 1
            if last - i > MAX_LINES:
                break
        return self.lines[last].comment

    def _value_start(self, at: int, end: int) -> int:
        arrow = _ARROW.match(self.text, at, end)
        return arrow.end() if arrow is not None else at

    def _said(self, i: int, at: int) -> tuple[ProgramStatement | None, int]:
        """A claim in a comment: ``# z1 = [0.1, 0.2]``."""
        line = self.lines[i]
        found = re.compile(r"([A-Za-z]\w*)[ \t]*[=:≈][ \t]*").match(self.text, at, line.comment)
        begins = found.end() if found is not None else at
        end = value_end(self.text, begins, self._remarks_end(i))
        if found is None or end == begins or not self.own.name(found[1]):
            return None, i + 1
        if not self._is_alone(end, max(end, line.comment)):
            return None, i + 1
        left = (Token("word", found[1], found.start(1), found.end(1)),)
        return self._of_values([PrintedValue(left, begins, end)], line.whole, line.comment), self._after(i, end)

    def _is_alone(self, at: int, end: int) -> bool:
        """Whether nothing but a remark stands behind a value."""
        newline = self.text.find("\n", at, end)
        rest = self.text[at : end if newline < 0 else newline].strip()
        return not rest or rest[0] in "(,;.!<-–—✓✔" and not re.match(r"[-.]?\d", rest)

    # Statements

    def _statement(self, i: int) -> tuple[ProgramStatement | None, int]:
        """The statement that begins on line ``i``."""
        line = self.lines[i]
        self.listing = bool(_HEADING.fullmatch(self.text[line.start : line.comment]))
        if self.listing:
            return None, i + 1
        tokens, following = self._joined(i)
        start, end = line.whole, self.lines[following - 1].comment
        silent = ProgramStatement(start, end, (), True)
        if not tokens or len(tokens) > MAX_OF_A_STATEMENT:
            return ProgramStatement(start, end, (), False), following
        if tokens[0].text == "def":
            return self._function(i, tokens, following)
        if tokens[0].text in _SILENT:
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
        return ProgramStatement(start, end, tuple(chains), covered), after

    def _one(self, tokens: list[Token], results: Sequence[list[Token]], after: int) -> tuple[tuple[Raw, ...], bool]:
        """The chains of one statement, and whether it says nothing besides."""
        signs = _signs(tokens)
        if signs:
            return self._assigned(tokens, signs, results)
        if not results:
            self._expression(tokens, after)
        return self._shown(tokens, results), tokens[0].text in _SHOWING or self._is_readable(tokens)

    def _joined(self, i: int) -> tuple[list[Token], int]:
        """The tokens of a statement, over all the lines on which its brackets are open."""
        tokens: list[Token] = []
        depth = 0
        for n in range(i, min(len(self.lines), i + MAX_LINES)):
            line = self.lines[n]
            if n > i and line.prompt not in ("", "...", "...:"):
                return tokens, n
            more = code_tokens(self.text, self.code, line.start, line.end)
            depth += sum((one.text in ("(", "[", "{")) - (one.text in (")", "]", "}")) for one in more)
            tokens += more
            if depth <= 0 or len(tokens) > MAX_OF_A_STATEMENT:
                return with_commas(tokens, self.text, self.code), n + 1
        return tokens, min(len(self.lines), i + 1)

    def _results(self, following: int) -> tuple[list[list[Token]], int]:
        """The value in the comment of the statement that ends before line ``following``, over the comments below."""
        line = self.lines[following - 1]
        if line.end == line.comment:
            return [], following
        at = self._value_start(line.end + 1, line.comment)
        end = value_end(self.text, at, self._remarks_end(following - 1))
        if end == at or not self._is_alone(end, max(end, line.comment)):
            return [], following
        after = self._after(following - 1, end)
        return [value_tokens(self.text, at, end, self.code)], after

    def _expression(self, tokens: list[Token], following: int) -> None:
        """A statement that shows something, before line ``following``: it waits for its output."""
        try:
            if tokens[0].text in _SHOWING and tokens[1:2] and tokens[1].text == "(":
                given, end = arguments(tokens, 1)
                self.waiting.add(parts_of(self.text, given, self.code) if end == len(tokens) else [])
                return
        except TooLong:
            return
        last = following >= len(self.lines) or self._is_value(self.lines[following])
        shows = self.prompts or self.code == "matlab" or last
        if shows and tokens[0].kind in ("word", "op", "number") and self._is_readable(tokens):
            self.waiting.add([PrintedPart("", tuple(tokens))])
            self.answer = tuple(tokens)

    def _shown(self, tokens: list[Token], results: Sequence[list[Token]]) -> tuple[Raw, ...]:
        """``print(z1)  # [0.1 0.2]``."""
        if not results:
            return ()
        if tokens[0].text in _SHOWING and tokens[1:2] and tokens[1].text == "(":
            try:
                given, _ = arguments(tokens, 1)
            except TooLong:
                return ()
            shown = [one for one in given if not any(token.kind in ("string", "relation") for token in one[:2])]
            tokens = shown[0] if len(shown) == 1 else []
        return self._chain(tokens, results) if tokens else ()

    def _assigned(
        self, tokens: list[Token], signs: Sequence[int], results: Sequence[list[Token]]
    ) -> tuple[tuple[Raw, ...], bool]:
        """The chains of ``z1 = W1 @ x + b1``; whether it says nothing besides."""
        parts = _parts(tokens, signs)
        left, right = parts[0], parts[-1]
        if tokens[signs[0]].text == "=" and len(parts) == 2 and any(token.text == "," for token in left):
            return self._several(left, right)
        name = left[0].text if left and left[0].kind == "word" else ""
        if not name or not right:
            return (), False
        self.answer = ()
        if len(left) == 1 and tokens[signs[0]].text == "=" and self._is_own(name, right):
            return self._defined(name, right, results)
        try:
            sides = [self.own.put_in(left), *(self.own.put_in(part) for part in parts[1:])]
        except TooLong:
            return (), False
        relations = [tokens[i] for i in signs]
        if relations[0].text in STEPS and not self.arrows.is_parameter(sides[0], False):
            self.own.values[name] = None
            return (), False
        if self._is_foreign(sides[1:]):
            return (), False
        relations += [Token("relation", "=", side[0].start, side[0].start) for side in results]
        return (Raw(RawChain([*sides, *results], relations), False, self.code),), True

    def _several(self, left: list[Token], right: list[Token]) -> tuple[tuple[Raw, ...], bool]:
        """``a, b = 1, 2``."""
        try:
            bracket = Token("op", "(", 0, 0)
            names = arguments([bracket, *left, bracket._replace(text=")")], 0)[0]
            values = arguments([bracket, *right, bracket._replace(text=")")], 0)[0]
        except TooLong:
            return (), False
        if len(names) != len(values):
            return (), False
        found: list[Raw] = []
        covered = True
        for name, value in zip(names, values, strict=True):
            if name and value:
                sign = Token("relation", "=", name[-1].end, value[0].start)
                chains, read = self._assigned([*name, sign, *value], [len(name)], [])
                found += chains
                covered = covered and read
        return tuple(found), covered

    def _is_own(self, name: str, right: Sequence[Token]) -> bool:
        """Whether a name is the program's own, or is from here on."""
        words = [token.text for token in right if token.kind == "word"]
        meant = self.own.name(name)
        if not meant:
            return True
        names = self.spelling.names
        literal = not any(self.own.name(word) or word in self.own.values for word in words)
        if meant in ("t", "t1") and not literal:
            self.own.meant[name] = "yhat" if len(names.outputs) > 1 else names.outputs[0] if names.sizes else ""
            return not self.own.meant[name]
        whole = self.spelling.knows(meant) and self.spelling.word(meant).shape == "matrix"
        plain = [token for token in right if token.text not in ("-", "+")]
        if whole and len(plain) == 1 and plain[0].kind == "number" and self.spelling.entries(self.spelling.word(meant)) > 1:
            return True
        products = any(token.text == "*" for token in right) or "dot" in words or "matmul" in words
        activated = any(self.spelling.function(word) or word in _ACTIVATED for word in words)
        return name[0] in "hH" and meant[:1] in "ay" and products and not activated and not literal

    def _defined(
        self, name: str, right: list[Token], results: Sequence[list[Token]]
    ) -> tuple[tuple[Raw, ...], bool]:
        """A variable of the program's own; what is printed of it is a claim about what it stands for."""
        if self._is_lambda(name, right):
            return (), True
        try:
            value = self.own.put_in(right)
        except TooLong:
            value = []
        readable = bool(value) and not self._is_foreign([value])
        self.own.values[name] = tuple(value) if readable else None
        if not readable:
            return (), False
        return (self._chain(right, results) if results and len(right) > 1 else ()), True

    def _is_readable(self, tokens: list[Token]) -> bool:
        try:
            return not self._is_foreign([self.own.put_in(tokens)])
        except TooLong:
            return False

    def _is_foreign(self, sides: Sequence[Sequence[Token]]) -> bool:
        """Whether a side has a word that nobody knows here, or a text."""
        for side in sides:
            for i, token in enumerate(side):
                called = side[i + 1].text == "(" if i + 1 < len(side) else False
                if token.kind in ("string", "unknown"):
                    return True
                if i and side[i - 1].text == "." and token.kind == "word" and token.text not in METHODS:
                    return True
                if token.kind != "word" or (i and side[i - 1].text == "."):
                    continue
                if called:
                    if not self._is_function(token.text):
                        return True
                    continue
                keyword = i + 1 < len(side) and side[i + 1].kind == "relation"
                plain = keyword or token.text in _CONSTANT
                if not plain and not self.spelling.knows(token.text) and not code_name(token.text, self.spelling):
                    return not any(side[j].kind == "relation" for j in range(max(i - 3, 0), i))
        return False

    def _is_function(self, word: str) -> bool:
        slope = any(self.spelling.function(part) for part in word.split("_"))
        matlab = self.code == "matlab" and bool(self.own.name(word) or self.spelling.knows(word))
        return word in CALLED or bool(self.spelling.function(word)) or slope or word in self.own.functions or matlab

    # Functions

    def _is_lambda(self, name: str, right: Sequence[Token]) -> bool:
        """Takes ``f = lambda x: …`` and ``f = @(x) …`` as a function of the program's own."""
        texts = [token.text for token in right]
        if texts[:1] == ["lambda"] and ":" in texts:
            colon = texts.index(":")
            self._take(name, [text for text in texts[1:colon] if text != ","], right[colon + 1 :])
            return True
        if self.code == "matlab" and texts[:2] == ["*", "("] and ")" in texts:
            closed = texts.index(")")
            self._take(name, [text for text in texts[2:closed] if text != ","], right[closed + 1 :])
            return True
        return False

    def _function(self, i: int, tokens: list[Token], following: int) -> tuple[ProgramStatement | None, int]:
        """``def f(x):`` and the lines set in below it."""
        line = self.lines[i]
        indent, last = line.start - line.whole, following
        while last < len(self.lines) and self._is_set_in(self.lines[last], indent):
            last += 1
        texts = [token.text for token in tokens]
        chains: tuple[Raw, ...] = ()
        if ":" in texts and len(tokens) > 3:
            name, closed = texts[1], texts.index(")") if ")" in texts else 3
            colon = texts.index(":", closed) if ":" in texts[closed:] else len(texts)
            formals = [token.text for token in tokens[3:closed] if token.kind == "word"]
            body = tokens[colon + 1 :] or self._body(following, last)
            chains = self._take(name, formals, body[1:] if body and body[0].text == "return" else [])
        judged = following if self._names_quantities(following, last) else last
        return ProgramStatement(line.whole, self.lines[judged - 1].comment, chains, True), judged

    def _names_quantities(self, first: int, last: int) -> bool:
        """Whether the lines of a function give quantities of the network their values, so that they are claims."""
        assigned = re.compile(r"(?:self\.)?([A-Za-z]\w*)\s*[-+]?=(?!=)")
        found = (assigned.match(self.text, line.start, line.end) for line in self.lines[first:last])
        return any(one is not None and self.own.name(one[1]) for one in found)

    def _is_set_in(self, line: CodeLine, indent: int) -> bool:
        if line.prompt in (">>>", ">>") or line.prompt.startswith(("In", "Out")):
            return False
        return bool(line.prompt) or line.start - line.whole > indent

    def _body(self, first: int, last: int) -> list[Token]:
        """What a function gives back, with what it worked out before; nothing where it has more than that."""
        inner = OwnNames(self.spelling, self.own.in_rows)
        i = first
        while i < last:
            tokens, following = self._joined(i)
            if tokens and tokens[0].kind == "string":
                i = following
                continue
            signs = _signs(tokens)
            try:
                if tokens and tokens[0].text == "return":
                    return [tokens[0], *_put_in(inner, tokens[1:])]
                if len(signs) != 1 or signs[0] != 1 or tokens[1].text != "=":
                    return []
                inner.values[tokens[0].text] = tuple(_put_in(inner, tokens[2:]))
            except TooLong:
                return []
            i = following
        return []

    def _take(self, name: str, formals: Sequence[str], body: Sequence[Token]) -> tuple[Raw, ...]:
        """Keeps a function; of an activation of the network its definition is a claim."""
        known = self.spelling.function(name)
        if known and known != "f":
            letter = formals[0] if formals else ""
            if known == "softmax" or len(formals) != 1 or not body:
                return ()
            plain = [token._replace(text="z") if token.text == letter else token for token in body]
            plain = [_PLAIN.get(one.text, one.text) and one._replace(text=_PLAIN.get(one.text, one.text)) for one in plain]
            if any(token.kind not in ("number", "word", "op") or token.text == "." for token in plain):
                return ()
            at = body[0].start
            head = [Token("word", name, at, at), *(Token("op", sign, at, at) for sign in "()")]
            head.insert(2, Token("word", "z", at, at))
            return (Raw(RawChain([head, plain], [Token("relation", "=", at, at)]), False),)
        self.own.functions[name] = OwnFunction(tuple(formals), tuple(body)) if body else None
        return ()


_PLAIN = {"o": "*", "maximum": "max", "minimum": "min"}


def _put_in(own: OwnNames, tokens: Sequence[Token]) -> list[Token]:
    """The tokens with the variables of a function; its arguments keep their names."""
    found: list[Token] = []
    for i, token in enumerate(tokens):
        value = own.values.get(token.text) if token.kind == "word" and not (i and tokens[i - 1].text == ".") else None
        if value is None:
            found.append(token)
        else:
            found += [token._replace(kind="op", text="("), *value, token._replace(kind="op", text=")")]
        if len(found) > MAX_OF_A_STATEMENT:
            raise TooLong
    return found


def _is_labelled(tokens: Sequence[Token]) -> bool:
    """Whether a colon stands behind the first words of a line: it is no statement."""
    first = [token.text for token in tokens[:6]]
    colon = first.index(":") if ":" in first else 0
    return bool(colon) and tokens[0].kind == "word" and not {"=", "[", "lambda"} & set(first[:colon])


def _signs(tokens: Sequence[Token]) -> list[int]:
    """The places of the signs of a statement that stand in no brackets."""
    found: list[int] = []
    depth = 0
    for i, token in enumerate(tokens):
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.text == "lambda":
            break
        if token.kind == "relation" and depth == 0:
            found.append(i)
    return found


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
    return [part[:-1] if part[-1].text == "," else part for part in found if part and part[0].text != ","]


def _parts(tokens: Sequence[Token], signs: Sequence[int]) -> list[list[Token]]:
    edges = [-1, *signs, len(tokens)]
    return [list(tokens[a + 1 : b]) for a, b in zip(edges, edges[1:], strict=False)]


__all__ = ["ProgramStatement", "programs"]
