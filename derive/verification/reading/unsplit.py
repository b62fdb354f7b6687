"""From a text to chains in tokens: its formulas, its lines, and the lines beside its formulas that are claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from heapq import merge

from derive.patterns import regex
from derive.verification.reading.added_parts import AddedParts
from derive.verification.reading.added_to_itself import AddedToItself
from derive.verification.reading.arrows import Arrows, Raw
from derive.verification.reading.bias_columns import bias_column
from derive.verification.reading.bracketed_layers import has_bracketed_layers, with_layers_above
from derive.verification.reading.candidates import BesideLine, cells, gathered
from derive.verification.reading.code_spans import code_spans
from derive.verification.reading.dittos import MAX_REPEATED, repeated
from derive.verification.reading.drawn import drawn_fractions
from derive.verification.reading.each import with_each
from derive.verification.reading.glued_deltas import are_glued, in_scripts, joined
from derive.verification.reading.lexicon import Lexicon
from derive.verification.reading.lines import apart, goes_on, spoken, unbulleted, with_rows
from derive.verification.reading.lists import Lists
from derive.verification.reading.model import TextKind
from derive.verification.reading.name_marks import is_moment
from derive.verification.reading.new_and_old import BEFORE_A_NAME
from derive.verification.reading.open_chains import OpenChains, begun
from derive.verification.reading.part_labels import counts_samples_only, without_labels
from derive.verification.reading.phrases import (
    announced,
    claim_in_brackets,
    quantity_end,
    stated,
    with_gradients,
    without_place,
    without_remark,
    without_tail,
)
from derive.verification.reading.programs import ProgramStatement, programs
from derive.verification.reading.rows import MAX_OF_A_NAME, RawChain
from derive.verification.reading.said_throughout import said_throughout
from derive.verification.reading.sources import MAX_FORMULA, ClaimsText, FoundFormula
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.starred import with_primes
from derive.verification.reading.tables import TableCell, TableReader
from derive.verification.reading.through import through
from derive.verification.reading.token import Token
from derive.verification.reading.tokens import tokens
from derive.verification.reading.unit_records import records
from derive.verification.reading.unit_tables import UnitTables
from derive.verification.reading.unit_words import UnitWords
from derive.verification.reading.weight_tables import WeightTables

_LABEL = regex(r"\s*(?:[-*•]\s+|\(?[0-9a-zA-Z]{1,3}[.)]\s+(?=\S))*")
_MATLABS_REMARK = regex(r"\s*%+\s*(?=[A-Za-z])")
_SAID = regex(r"\s*[^=≈:]*[A-Za-z0-9)]\s*:(?!=)")
_SPOKEN_SIGN = regex(r"[=≈≅≃≐~≔←⟵⟶⇒:→]|<-|->|\b(?:is|equals|becomes|ist|was|wird|turns|works|evaluates)\b")
_SIGN = regex(r"[=≈]")
_GOES_THROUGH = regex(r"[→⇒⟹⟶➔:]|[-=]>")
"""What stands around an activation through which a number goes."""
_SAYS_A_VALUE = regex(
    r"(?:[wWb]|weight|bias|grad|gradient|slope)[(\[]\s*[-−+]?\.?[0-9]|\(for\b"
    r"|[0-9]\s*(?:becomes?\b|wird\b|devient\b|→|->)"
)
"""What a line has in which a parameter is called by its value."""
MAX_OF_A_LABEL = 12
"""At most this many tokens before a colon may say what a line is about."""
_NAMES_ONLY = regex(
    r"(?:[\w\s.,+*/^(){}'|∂−-]|\\(?:frac|partial|delta|eta|hat|bar|cdot|times|mathrm|text|left|right|sigma|,|;)(?![A-Za-z]))*"
)
"""A formula of names and numbers that states nothing; it is not looked at where no command is the author's own."""
_REMARK = regex(r"\s(?:←|<--?|//)\s+(?=[A-Za-z(])(?![^←\n]{0,300}[=≈])")
"""What begins a remark behind an arrow, to the end of the line."""


_INLINE_CODE = regex(r"(?:\$|\\\))?[ \t]*`[^`\n]{1,300}`[ \t]*(?:\$|\\\()?")


class Unsplit:
    """The chains of one text in tokens, in its order."""

    def __init__(self, source: ClaimsText, kind: TextKind, spelling: Spelling, arrows: Arrows) -> None:
        self.source = source
        self.arrows = arrows
        self.spelling = spelling
        self.tokens = 0
        self.lists = Lists(spelling.names, lambda side: arrows.is_name(side, tex=False))
        lexicon = Lexicon(spelling)
        self.knows, self.is_called, self.is_mathematics = lexicon.knows, lexicon.is_called, lexicon.is_mathematics
        self.above: list[Token] = []
        self.bracketed = bool(spelling.names.sizes) and has_bracketed_layers(source.text)
        self.glued = not spelling.names.sizes and are_glued(source.text, spelling.names.own)
        self.units = UnitWords(spelling, self.knows)
        self.programs, in_rows = programs(source.prose, kind, spelling)
        printed = records(source.prose, spelling.names) if spelling.rows == 1 else ()
        self.programs = sorted((*self.programs, *printed), key=lambda one: one.start)
        self.said = said_throughout(source.text, spelling.names.sizes, spelling.rows)
        self.said |= {place} if (place := bias_column(source.text, spelling)) else set()
        self.said |= {"in_rows"} if in_rows else frozenset()

    def raw(self) -> Iterator[Raw]:
        """All chains, with what those are that give parts of a sum."""
        programs = [(one.start, one.end) for one in self.programs]
        parts = AddedParts(self.source.prose, programs, self.arrows.is_derivative)
        sums = AddedToItself.of(self.source.prose, self.arrows.is_derivative)
        return map(sums.marked, map(parts.marked, self._raw()))

    def _raw(self) -> Iterator[Raw]:
        """All chains: a formula that begins with a relation sign goes on with the one before.

        A chain is handed out when the next one begins, because until then it may go on.
        """
        open_ = OpenChains()
        past = ended = 0
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
                    for said in self._in_code(one):
                        yield from open_.take_inline(begun(said, None, tex=False))
                    continue
                past = ended = one.end
                before = open_.latest if found[0].kind == "relation" else open_.display
                yield from open_.take_display(begun(found, before, tex=False))
            elif one.end - one.start > MAX_FORMULA:
                yield Raw(self._too_long(one), one.tex)
                continue
            elif not one.display and self._states_nothing(one):
                continue
            else:
                before = open_.display if one.display else None
                found = self._tokens(one, before.chain if before is not None else None)
                between, ended = (ended, one.start), one.end
                if before is None:
                    before = next((raw for raw in open_.all() if self._is_led_on(found, raw, between)), None)
                if before is None and found and found[0].kind == "relation" and self._is_code(between):
                    before = open_.past_code()
                take = open_.take_display if one.display else open_.take_inline
                yield from take(begun(found, before, tex=one.tex))
        yield from open_.rest()

    def _is_led_on(self, found: Sequence[Token], before: Raw, between: tuple[int, int]) -> bool:
        """Whether a formula that begins with a relation sign goes on with the formula before it.

        It does right behind it, or where it begins a line below a whole claim.
        """
        if len(found) < 2 or found[0].kind != "relation":
            return False
        text = self.source.text[slice(*between)].strip("$`()[]\\ \t")
        if not text.strip("\n$-*>., "):
            return bool(before.chain.relations) or "\n\n" not in text
        return bool(before.chain.relations) and "\n" in text and not text.rpartition("\n")[2].strip("$-*> ")

    def _is_code(self, between: tuple[int, int]) -> bool:
        """Whether inline code stands between two formulas of a line, and nothing else."""
        return _INLINE_CODE.fullmatch(self.source.text, *between) is not None

    def _pieces(self) -> Iterator[FoundFormula | BesideLine | ProgramStatement]:
        """The formulas, lines and statements of programs, each where it begins."""
        return merge(self.programs, self.source.pieces, key=lambda piece: piece.start)

    def _states_nothing(self, formula: FoundFormula) -> bool:
        """Whether a formula is a name or a number only, as those in tables and in prose are."""
        return not self.source.macros and bool(_NAMES_ONLY.fullmatch(self.source.text, formula.start, formula.end))

    def _tokens(self, formula: FoundFormula, above: RawChain | None) -> list[Token]:
        if not formula.tex:
            return self._line(formula, above)
        found = self.scanned(formula.start, formula.end, tex=True)
        found = with_primes(found, partial(self.arrows.is_parameter, tex=True))
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
        if self.spelling.rows > 1 and counts_samples_only(text, start, end, self.knows):
            return []
        begins, start = start, unbulleted(text, start, end)
        starred = start > begins and text[start - 1] == "*" and text[start].isalpha()
        remark = _MATLABS_REMARK.match(text, start, end)
        start = remark.end() if remark is not None else start
        label = _LABEL.match(text, start, end)
        start = label.end() if label is not None else start
        count = self.tokens
        for pattern, hasty in ((_GOES_THROUGH, self._through), (_SAYS_A_VALUE, self._by_value)):
            said = hasty(self.scanned(start, end, tex=False)) if pattern.search(text, start, end) else None
            if said is not None:
                return said
            self.tokens = count  # a line counts once, however often it is looked at
        listed = self._listed(start, end)
        if listed:
            return listed
        self.tokens = count
        whole = self._whole_line(start, end)
        if whole is not None:
            return self._kept(whole)
        label = _SAID.match(text, start, end)
        start = label.end() if label is not None else start
        found = spoken(self.scanned(start, end, tex=False), self.spelling.names.taken)
        star = [Token("op", "*", found[0].start, found[0].start)] if starred and found else []
        primed = with_primes([*star, *found], partial(self.arrows.is_parameter, tex=False))
        found = primed if primed[:1] != star else found
        found = apart(self._numbered(without_labels(self._said(self._repeated(found)), self.is_called)), self._is_given)
        return self._kept(self._headed(self._said_by_blank(found)))

    def _repeated(self, found: list[Token]) -> list[Token]:
        """The tokens of a line with what its ditto mark stands for."""
        return repeated(found, self.above)

    def _kept(self, found: list[Token]) -> list[Token]:
        """The tokens of a line, kept for the ditto marks below it."""
        self.above = found if len(found) <= MAX_REPEATED else []
        return found

    def _said(self, found: list[Token]) -> list[Token]:
        """The tokens of a line without what announces its claim and without the prose behind it."""
        found = announced(with_gradients(found), self.knows)
        said = stated(without_place(found, self.is_called), self.is_called)
        return without_tail(said, self.is_mathematics)

    def _listed(self, start: int, end: int) -> list[Token]:
        """The tokens of a list of a layer's or a unit's parameters, as claims; nothing for any other line."""
        head = self.lists.head(self.source.text, start, end)
        own = self.spelling.own_names
        if head is None or own.has(self.source.text[start : head.named].strip()):
            return []
        found = self.scanned(head.end, end, tex=False)
        return self.lists.claims(head, without_tail(found, self.is_mathematics), start)

    def _by_value(self, found: list[Token]) -> list[Token] | None:
        """The tokens of a line in which a parameter is called by its value; None for any other."""
        found = spoken(found, self.spelling.names.taken)
        said = self.spelling.by_value.named(found, self.knows)
        return None if said == found else apart(self._said(said), self._is_given)

    def _through(self, found: list[Token]) -> list[Token] | None:
        """The tokens of a line in which a number goes through an activation; None for any other."""
        if not self.spelling.names.sizes:
            return None
        unit = partial(self.arrows.unit_of, hidden="single_h" in self.said)
        said = through(found, unit, lambda word: bool(self.spelling.function(word)))
        return None if said is None else without_tail(said, self.is_mathematics)

    def _is_given(self, side: Sequence[Token]) -> bool:
        """Whether a side is the name of a parameter, an input, a target or a rate."""
        return self.arrows.is_given(side)

    def _said_by_blank(self, found: list[Token]) -> list[Token]:
        """The tokens of a list of givens with a sign where there is none: ``b=0.2 eta 0.2``."""
        if len(found) >= 6 and [token.kind for token in found[-3:-1]] == ["gap", "word"]:
            found = [*found[:-3], *found[-2:]]
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
        if sign < 4 or found[0].kind not in ("word", "accent", "op") or found[sign - 1].text != ")":
            return found
        opened = next((i for i in range(1, sign) if found[i].text == "("), sign)
        words = found[opened + 1 : sign - 1]
        if not _are_names(words):
            return found
        function = "" if found[0].text in self.spelling.names.taken else self.spelling.function(found[0].text)
        letter = words[0].text
        of_a_letter = len(words) == 1 and len(letter) == 1 and not self.spelling.knows(letter)
        if function and of_a_letter and all(token.text == "'" for token in found[1:opened]):
            return [
                token._replace(text="z") if token.text == letter and token.kind == "word" else token for token in found
            ]
        tex = found[0].kind == "accent" or any(token.text == "{" for token in found[:opened])
        computed = self.arrows.is_name(found[:opened], tex) and not self.arrows.is_parameter(found[:opened], tex)
        return [*found[:opened], *found[sign:]] if computed and not function else found

    def _numbered(self, found: list[Token]) -> list[Token]:
        """The tokens of a line with ``input 1``, which begins it, as one name."""
        if [token.text for token in found[:3:2]] == ["^", "^"] and found[1].kind == "word":
            found = [found[1], *found[3:]]  # **z** = 0.5
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
        said = stated(self._repeated(found), self.is_called)
        return without_tail(said, self.is_mathematics) if said != found else None

    def _tables(self) -> dict[int, list[Raw]]:
        """The chains of the rows of tables, by the places of these rows."""
        found: dict[int, list[Raw]] = {}
        count = self.tokens
        arrows, names = self.arrows, self.spelling.names
        output = names.loss or names.graph_output or ""
        weights = WeightTables(arrows.base_of, names.inputs, names.shared, output)
        units = UnitTables(arrows.base_of, lambda word: bool(self.spelling.function(word)), self.knows, names)
        asked = arrows.is_name, arrows.is_parameter, arrows.is_derivative, self.knows
        state = next(iter(self.spelling.states), "")
        reader = TableReader(*asked, self.spelling.rows, output, weights, units, state)
        for table in gathered(self.source.pieces, self.source.prose):
            rows = [self._cells(line) for line in table.rows]
            head = self._cells(table.head) if table.head is not None else None
            claimed = reader.claims(rows, head)
            for line, claims in zip(table.rows, claimed, strict=True):
                if claims:
                    found[line.start] = [Raw(chain, tex) for chain, tex in claims]
            if table.head is not None and any(claimed) and reader.is_of_units(head):
                found[table.head.start] = []  # what it says of any unit is said of each below it
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
        found = with_primes(spoken(found, self.spelling.names.taken), partial(self.arrows.is_parameter, tex=False))
        said = self._said(found)
        if not self._is_a_claim(said, line):
            inside = claim_in_brackets(found)
            if inside and self._is_a_claim(said := self._said(inside), line):
                return said
            label = next((i for i, token in enumerate(found[:MAX_OF_A_LABEL]) if token.text == ":"), -1)
            if not 0 < label < len(found) - 1:
                return None
            said = self._said(found[label + 1 :])
            if not self._is_a_claim(said, line):
                return None
        return said

    def _in_code(self, line: BesideLine) -> Iterator[list[Token]]:
        """The tokens of the claims in the code of a line of a list."""
        prose = self.source.prose
        for start, end in () if line.code else code_spans(prose, line.start, line.end):
            count = self.tokens
            said = self._said(spoken(self._scan(prose, start, end, tex=False), self.spelling.names.taken))
            if any(token.kind == "relation" for token in said[1:-1]) and all(map(self._is_read, said)):
                yield said
            else:
                self.tokens = count

    def _is_a_claim(self, said: list[Token], line: BesideLine) -> bool:
        """Whether the tokens of a line beside formulas are a quantity, a sign of the text's own, and mathematics."""
        signs = [i for i, token in enumerate(said) if token.kind == "relation"]
        if not signs:
            return False
        rest = self._trimmed(said[signs[0] + 1 :])
        kept = [said[signs[0]], *(token for token in rest if token.kind == "relation")]
        if not any(self._is_plain(sign, line) for sign in kept):
            return False  # a sign in a remark behind a formula
        first = self._trimmed(said[: signs[0]])
        if first and quantity_end(first, 0, self.is_called) != len(first) and not self.arrows.is_name(first, False):
            return False
        if not first and not line.code and not self._begins_a_line(said[0], line):
            return False
        return bool(rest) and all(self._is_read(one) or self._joins(rest, i) for i, one in enumerate(rest))

    def _joins(self, rest: Sequence[Token], i: int) -> bool:
        """Whether a word stands between two claims, ``w1 = 0.5 and w2 = 0.25``, or in brackets: ``w1 (old)``."""
        if 0 < i < len(rest) - 1 and (rest[i - 1].text, rest[i + 1].text) == ("(", ")"):
            return is_moment(rest[i].text.strip())
        following = rest[i + 1 : i + 3]
        claims = len(following) == 2 and following[0].kind == "word" and following[1].kind == "relation"
        return rest[i].text.strip().lower() == "and" and i > 0 and rest[i - 1].kind == "number" and claims

    def _begins_a_line(self, sign: Token, line: BesideLine) -> bool:
        """Whether a line begins with a sign and is set in, below a line that has one."""
        above = self.source.beside.rfind("\n", 0, line.start - 1) + 1
        before = self.source.beside[above : line.start]
        return bool(_SIGN.search(before)) and not self.source.beside[line.start : sign.start].strip()

    def _trimmed(self, side: Sequence[Token]) -> list[Token]:
        found = list(side)
        while found and (found[-1].text in (".", ",", ";") or found[-1].kind == "gap"):
            found.pop()
        return without_remark(found, self.is_mathematics)

    def _is_read(self, token: Token) -> bool:
        if token.kind == "word" and token.text[:1] == "d" and self.is_called(token.text[1:]):
            return True
        is_said = token.text in BEFORE_A_NAME
        return token.kind not in ("word", "text", "unknown") or self.is_mathematics(token.text) or is_said

    def _is_plain(self, sign: Token, line: BesideLine) -> bool:
        return any(part.start <= sign.start < part.end and not part.tex for part in line.parts)

    def scanned(self, start: int, end: int, *, tex: bool) -> list[Token]:
        """The tokens of a piece of the text."""
        return self._scan(self.source.text, start, end, tex=tex)

    def _scan(self, text: str, start: int, end: int, *, tex: bool) -> list[Token]:
        found = list[Token]()
        for drawn in () if tex else drawn_fractions(text, start, end):
            rule = drawn.rule
            found += self._plain(text, start, rule[0])
            for span, between in ((drawn.above, "/"), (drawn.below, "")):
                inside = self._plain(text, *span)
                found += [Token("op", "(", *rule), *(one._replace(start=rule[0], end=rule[1]) for one in inside)]
                found += [Token("op", sign, *rule) for sign in (")", between) if sign]
            start = rule[1]
        found += tokens(text, tex=tex, start=start, end=end, known=self.spelling, macros=self.source.macros)
        self.tokens += len(found)
        found = self.spelling.letters.in_plain_letters(found, tex=tex, knows=self.spelling.knows)
        if not tex and self.bracketed:
            found = with_layers_above(found)
        found = with_each(found)
        if self.glued:
            found = (in_scripts if tex else joined)(found, self.is_called)
        return found if tex else self.units.joined(found)

    def _plain(self, text: str, start: int, end: int) -> list[Token]:
        return tokens(text, tex=False, start=start, end=end, known=self.spelling)

    def _too_long(self, formula: FoundFormula) -> RawChain:
        sign = self.source.text.find("=", formula.start, formula.end)
        if sign < 0:
            return RawChain([[]])
        token = Token("relation", "=", sign, sign + 1)
        sides = [[Token("long", "…", *ends)] for ends in ((formula.start, sign), (sign + 1, formula.end))]
        return RawChain(sides, [token])


def _are_names(inside: Sequence[Token]) -> bool:
    """Whether names with commas between them stand in brackets."""
    opened, parted = list[bool](), True
    for i, token in enumerate(inside):
        raised = i > 0 and inside[i - 1].text in ("_", "^")
        if token.text == "{":
            opened.append(raised)  # around a name, as in \vec{w}, braces say nothing
        elif token.text == "}" and opened:
            opened.pop()
        script = raised or any(opened)
        if token.kind == "number" and not script:
            return False
        if token.kind == "op" and token.text not in ("{", "}", "_", "^", "'", ",", ";"):
            return False
        if token.kind not in ("word", "accent", "number", "op"):
            return False
        following = inside[i + 1] if i + 1 < len(inside) else None
        over = token.kind == "accent" and following is not None and (following.kind == "word" or following.text == "{")
        if token.kind in ("word", "accent") and not script and not over:  # an accent over a letter is part of its name
            if not parted:
                return False
            parted = False
        parted = parted or (token.text in (",", ";") and not script)
    return bool(inside) and not parted


__all__ = ["Unsplit"]
