r"""Where the formulas of a text are: every line of plain text, the mathematics of Markdown and LaTeX.

Prose, code and comments are passed over. Every search goes forward only, so that a megabyte of half-open brackets
costs no more than a megabyte of text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from itertools import islice
from typing import Literal

from derive.patterns import regex
from derive.records import record
from derive.verification.reading import candidates
from derive.verification.reading.at_all_times import at_all_times
from derive.verification.reading.candidates import BesideLine
from derive.verification.reading.commas import Decimal, with_points
from derive.verification.reading.counted import with_moments
from derive.verification.reading.environments import DISPLAYS, past_arguments
from derive.verification.reading.leaders import without_leaders
from derive.verification.reading.lost_backslashes import LostFormula, lost
from derive.verification.reading.macros import Macro, macros
from derive.verification.reading.model import PART_END, TextKind
from derive.verification.reading.new_and_old import SAYS_NEW
from derive.verification.reading.rulers import without_rulers

MAX_FORMULA = 200_000
"""At most this many characters of one formula are read."""

_BEGIN = rf"\\begin\s*\{{(?P<env>(?:{'|'.join(sorted(DISPLAYS, reverse=True))})\*?)\}}|(?P<ensured>\\ensuremath\s*\{{)"
_MARKDOWN = regex(
    r"(?m:^)[ \t]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)\n"
    r"|(?P<comment><!--)|(?P<ticked>\$`)|(?P<tick>`+)|(?P<escaped>\\[^\[(A-Za-z])"
    rf"|(?P<display>\$\$)|(?P<inline>\$)|(?P<bracket>\\\[)|(?P<paren>\\\()|{_BEGIN}"
)
_LATEX = regex(
    r"(?P<escaped>\\[^\[(A-Za-z])"
    rf"|(?P<display>\$\$)|(?P<inline>\$)|(?P<bracket>\\\[)|(?P<paren>\\\()|{_BEGIN}"
)
_IS_A_BEGIN = regex(rf"\s*(?:\\begin\s*\{{(?:{'|'.join(sorted(DISPLAYS, reverse=True))})\*?\}}|\\\[)\s*")
_IS_AN_END = regex(rf"\s*(?:\\end\s*\{{(?:{'|'.join(sorted(DISPLAYS, reverse=True))})\*?\}}|\\\])\s*")
MAX_BEGINS = 20
"""So many commands of the author's own may begin a formula."""
_CLOSED_BY = {"display": "$$", "bracket": r"\]", "paren": r"\)", "comment": "-->", "ticked": "`$"}
_DOLLAR = regex(r"(?<!\\)\$|\n[ \t]*\n")
_PARAGRAPH_END = regex(r"\n[ \t]*\n|\Z")
_LATEX_COMMENT = regex(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_HTML_COMMENT = regex(r"<!--[^\f]*?(?:-->|\f|\Z)")
_COMMENT = regex(r"\\begin\s*\{comment\}.*?\\end\s*\{comment\}", re.DOTALL)
_DRAWING = (r"\begin{tikzpicture}", r"\end{tikzpicture}")
_PLACES = regex(r"\\(?:draw|path|node)\b|\[[^\[\]\n]{0,400}\]|\(-?[\d.]+ *, *-?[\d.]+\)")
"""In a drawing, commands with their options, and places."""
_VERBATIM = regex(r"\\begin\s*\{(verbatim|lstlisting|minted)\*?\}.*?\\end\s*\{\1\*?\}", re.DOTALL)
_VERB = regex(r"\\verb\*?([^A-Za-z0-9\s*])[^\n]*?\1")
_CODE = regex(r"(?ms)^[ \t]*(`{3,}+|~{3,}+).*?^[ \t]*\1|`[^`\n]+`")
_QUOTE = regex(r"[ \t]*(?:>(?!>>)[ \t]?)+")
"""The marks of a quotation; ``>>>`` is the prompt of a program."""
_PROMPT = regex(r"[ \t]*>>(?!>)")
_QUOTED = regex(r"^[ \t]*>(?!>)", re.MULTILINE)
_OPENS_A_LIST = regex(r"[^\n\[#]*[=:≈←][ \t]*\[[^\n#=]*")
_OF_A_LIST = regex(r"[-+0-9.eE,;/ \t\[\]]*")
"""What stands on a line on which a list of numbers goes on."""
MAX_OF_A_LIST = 400
"""A list of numbers has at most so many lines."""
_PLAIN_LINE = regex(r"[^\n\r]+")


@record
class FoundFormula:
    """A formula by its place in the text; ``tex`` says how its letters are read."""

    start: int
    end: int
    tex: bool
    display: bool = True


@record
class ClaimsText:
    """A text whose comments are blanked out (every offset stays), its formulas in order, and the author's commands.

    ``prose`` is what a reader sees: without comments, and without the preamble of LaTeX, but with verbatim text.
    ``pieces`` are the formulas and the lines beside them, each line before the formulas in it; ``beside`` is the text
    of these lines.
    """

    text: str
    formulas: tuple[FoundFormula, ...]
    prose: str
    macros: Mapping[str, Macro] = field(default_factory=dict)
    pieces: tuple[FoundFormula | BesideLine, ...] = ()
    beside: str = ""

    @classmethod
    def of(
        cls, text: str, formulas: Iterable[FoundFormula], prose: str, kind: TextKind, own: Mapping[str, Macro]
    ) -> ClaimsText:
        """The text with the lines beside its formulas, which stand before the formulas in them."""
        found = tuple(formulas)
        if kind == "text":
            rows = {row.start: row for row in candidates.rows_of_text(text, [(one.start, one.end) for one in found])}
            return cls(text, found, prose, own, tuple(rows.get(one.start, one) for one in found), text)
        spans = [(one.start, one.end, one.display) for one in found]
        shown = list(prose)
        lines = tuple(candidates.lines(prose, spans, kind))
        for line in lines:
            shown[line.start : line.end] = candidates.plain(prose, line, kind)
        pieces: list[FoundFormula | BesideLine] = [*lines, *found]
        pieces.sort(key=lambda piece: (piece.start, isinstance(piece, FoundFormula)))
        return cls(text, found, prose, own, tuple(pieces), "".join(shown))


def source(text: str, kind: TextKind, decimal: Decimal = "auto") -> ClaimsText:
    """The formulas of a text of this kind."""
    text = at_all_times(with_points(text, decimal))
    if kind == "text":
        shown = with_signs(with_moments(without_leaders(without_rulers(_unquoted(text)))))
        return ClaimsText.of(shown, _merged(list(_lines(shown)), lost(shown, whole_lines=True)), shown, kind, {})
    if kind == "markdown":
        shown = with_moments(without_leaders(without_rulers(_unquoted(text), markdown=True)))
        prose = _HTML_COMMENT.sub(lambda found: _blank(found.group()), shown) if "<!--" in shown else shown
        found = list(_in_parts(shown))
        coded = _CODE.sub(lambda code: _blank(code.group()), shown)
        found = _merged(found, lost(coded, [(one.start, one.end) for one in found]))
        return ClaimsText.of(shown, found, prose, kind, macros(shown))
    shown = _without_places(_without_comments(text))
    commented = _without_verbatim(shown)
    masked = _body(commented)
    own = macros(commented)
    return ClaimsText.of(masked, _mathematics(masked, *_with_own(own)), _body(shown), kind, own)


def _with_own(own: Mapping[str, Macro]) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    r"""What begins a formula in LaTeX, and what ends those that begin with the author's own: ``\be``, ``\ee``."""
    begins = [name for name, macro in own.items() if _IS_A_BEGIN.fullmatch(macro.body) and not macro.arguments]
    ends = [name for name, macro in own.items() if _IS_AN_END.fullmatch(macro.body) and not macro.arguments]
    if not begins or not ends:
        return _LATEX, None
    opener = rf"{_LATEX.pattern}|\\(?P<own>{'|'.join(begins[:MAX_BEGINS])})(?![A-Za-z])"
    return re.compile(opener), re.compile(rf"\\(?:{'|'.join(ends[:MAX_BEGINS])})(?![A-Za-z])|\\end\s*\{{|\\\]")


def _merged(found: list[FoundFormula], without: list[LostFormula]) -> list[FoundFormula]:
    """The formulas with those of lost backslashes in place of what stands in the same lines."""
    if not without:
        return found
    ends = [one.end for one in without]
    apart = [one for one in found if (i := bisect_right(ends, one.start)) == len(ends) or without[i].start >= one.end]
    return sorted((*apart, *(FoundFormula(*one) for one in without)), key=lambda one: one.start)


def _unquoted(text: str) -> str:
    """Markdown with blanks in place of the marks of its quotations."""
    if ">" not in text:
        return text
    prompts = _QUOTED.search(text) is None
    shown: list[str] = []
    quoted = blank = True
    for line in text.splitlines(keepends=True):
        mark = None if prompts and _PROMPT.match(line) else _QUOTE.match(line)
        starts = mark is not None and (quoted or blank)
        shown.append(" " * mark.end() + line[mark.end() :] if mark is not None and starts else line)
        quoted, blank = starts, not line.strip()
    return "".join(shown)


_NEXT_SENTENCE = regex(
    r"(?:(?<=[A-Za-z]{2})|(?<=[0-9)%²]))[.!?][ \t]+"
    r"(?=[A-Z][A-Za-z]*,?[ \t]+[a-z(]|[A-Za-z][^\s=≈]{0,11}[ \t]*[=≈])"
)
"""What ends a sentence before another one, or before a claim: ``eta = 0.1. All results …``."""


_NEXT_CLAIM = regex(
    r"(?<![ \t])(?:[ \t]*;[ \t]*|[ \t]+(?:\||//?)[ \t]+|[ \t]{2,})"
    rf"(?=(?:(?:grad|delta|{SAYS_NEW})[ \t]+)?(?:∂|∇)?[^\W\d][^\s=≈:;|,()]{{0,11}}(?:[ \t]+(?:{SAYS_NEW}))?[ \t]*"
    r"(?::=?|→|->|<-|←)[ \t]*[-−+]?\.?[0-9])"
)
"""What parts two claims on a line, where the second has an arrow or a colon for its sign: ``v -> 0.5; c -> 0.2``."""
_NAME = r"(?:[^\W\d_]{1,5}_?[0-9]{0,3}(?:[,_][0-9]{1,2})?)"
_NUMBER = r"[-−]?[0-9]{0,9}[.,]?[0-9]{1,9}"
_LISTED = regex(rf"[ \t]*{_NAME}[ \t]+=[ \t]+{_NUMBER}(?:[ \t]+{_NAME}[ \t]+=[ \t]+{_NUMBER}){{1,20}}[ \t]*")
"""A line of nothing but names and their numbers: ``dw1 = -0.149 dw2 = 0.05 db = 0.1``."""
_BETWEEN = regex(rf"(?<=[0-9])[ \t]+(?={_NAME}[ \t]+=)")
LEAST_LISTED = 3
"""So many of them are no product: ``z = 2 w = 3`` may be one; derivatives are none either."""
_PAIR = rf"{_NAME}(?<=[0-9])[ \t]{{1,9}}{_NUMBER}"
_UNSIGNED = regex(
    rf"(?m)^[ \t]{{0,40}}{_PAIR}(?:[ \t]{{0,9}}(?:[;|/]{{1,2}}|,?[ \t])[ \t]{{0,9}}{_PAIR}){{2,20}}[ \t]*$"
)
"""A line of names and their numbers without signs: ``w1 1.4  b1 -0.3 // w2 0.9``."""
MAX_UNSIGNED = 200
"""At most this many such lines of a text are read."""
_SIGN_LEFT_OUT = regex(rf"(?<![\w.,])({_NAME}(?<=[0-9]))[ \t](?=[ \t]*{_NUMBER})")
MAX_PARTED = 2_000
"""A line of more characters is not parted into claims before it is read."""
_STATES = regex(r"[=≈:]|→|->|<-|←")


def _listed(text: str, start: int, end: int) -> list[re.Match[str]]:
    """What parts the claims of a line of names and their numbers."""
    if _LISTED.fullmatch(text, start, end) is None:
        return []
    found = list(_BETWEEN.finditer(text, start, end))
    slopes = all(text[one].isalpha() and text[one] in "d∂δ∇" for one in (start, *(one.end() for one in found)))
    return found if slopes or len(found) + 1 >= LEAST_LISTED else []


def with_signs(text: str) -> str:
    """The text with the signs left out of lists of names and their numbers; every offset stays.

    >>> with_signs("w1 1.4  b1 -0.3 // w2 0.9")
    'w1=1.4  b1=-0.3 ;; w2=0.9'
    """
    return _UNSIGNED.sub(lambda line: _SIGN_LEFT_OUT.sub(r"\1=", re.sub("[|/]", ";", line.group())), text, MAX_UNSIGNED)


def _is_closed(text: str, start: int, end: int) -> bool:
    """Whether a claim stands there, and no bracket is open at its end."""
    opened = sum(text.count(sign, start, end) for sign in "([{")
    closed = sum(text.count(sign, start, end) for sign in ")]}")
    return opened == closed and (_STATES.search(text, start, end) is not None or text[end : end + 1] in ".!?")


def _lines(text: str) -> Iterator[FoundFormula]:
    past = 0
    for found in _PLAIN_LINE.finditer(text):
        if found.start() < past:
            continue
        end = found.end()
        comment = text.find("#", found.start(), end)
        end = comment if comment >= 0 else end
        if comment < 0 and _OPENS_A_LIST.fullmatch(text, found.start(), end) is not None:
            end = past = _end_of_a_list(text, found.start(), end)
        start = found.start()
        stops = (_NEXT_SENTENCE, _NEXT_CLAIM) if end - start <= MAX_PARTED else ()
        ends = [one for pattern in stops for one in pattern.finditer(text, start, end)]
        ends += _listed(text, start, end) if stops else []
        for stop in sorted(ends, key=lambda one: one.start()):
            if stop.start() > start and _is_closed(text, start, stop.start()):
                yield FoundFormula(start, stop.start(), tex=False)
                start = stop.end()
        if text[start:end].strip():
            yield FoundFormula(start, end, tex=False)


def _end_of_a_list(text: str, start: int, end: int) -> int:
    """Where the list ends that is open at the end of a line; the end of the line where none is."""
    depth = text.count("[", start, end) - text.count("]", start, end)
    at = end
    for line in islice(_PLAIN_LINE.finditer(text, end), MAX_OF_A_LIST):
        if depth <= 0:
            break
        if _OF_A_LIST.fullmatch(line.group()) is None or text.count("\n", at, line.start()) > 1:
            return end
        depth += line.group().count("[") - line.group().count("]")
        at = line.end()
    return at if depth == 0 else end


def _without_comments(text: str) -> str:
    """LaTeX without comments: blanks stand in their place."""
    text = _LATEX_COMMENT.sub(lambda found: found[1] + " " * (len(found.group()) - len(found[1])), text)
    return _COMMENT.sub(lambda found: _blank(found.group()), text) if "{comment}" in text else text


def _without_places(text: str) -> str:
    """LaTeX with its drawings, but without where things stand in them and how they look: their labels stay."""
    parts, at = [], 0
    while (start := text.find(_DRAWING[0], at)) >= 0 and (end := text.find(_DRAWING[1], start)) >= 0:
        parts += [text[at:start], _PLACES.sub(lambda place: _blank(place.group()), text[start:end])]
        at = end
    return "".join([*parts, text[at:]])


def _without_verbatim(text: str) -> str:
    """LaTeX without verbatim text."""
    if "\\begin" in text:
        text = _VERBATIM.sub(lambda found: _blank(found.group()), text)
    return _VERB.sub(lambda found: _blank(found.group()), text) if "\\verb" in text else text


def _body(text: str) -> str:
    """LaTeX without its preamble, and without what comes after its end."""
    begin, end = text.find(r"\begin{document}"), text.find(r"\end{document}")
    if begin >= 0:
        text = _blank(text[:begin]) + text[begin:]
    return text if end < 0 else text[:end]


def _blank(text: str) -> str:
    return re.sub(r"[^\n\f]", " ", text)


def _in_parts(text: str) -> Iterator[FoundFormula]:
    """The formulas of Markdown; none goes on beyond the part that it begins in."""
    start = 0
    for part in text.split(PART_END):
        for one in _mathematics(part, _MARKDOWN):
            yield FoundFormula(one.start + start, one.end + start, one.tex, one.display)
        start += len(part) + len(PART_END)


def _mathematics(text: str, opener: re.Pattern[str], own_end: re.Pattern[str] | None = None) -> Iterator[FoundFormula]:
    at = 0
    missing: set[str] = set()
    while found := opener.search(text, at):
        kind = str(found.lastgroup)
        kind = "fence" if kind == "info" else kind
        if kind == "escaped":
            at = found.end()
            continue
        if kind == "own" and own_end is not None:
            closing = None if "own" in missing else own_end.search(text, found.end())
            start, end = found.end(), closing.start() if closing is not None else found.end()
            at = closing.end() if closing is not None else start
            missing |= set() if closing is not None else {"own"}
        else:
            start, end, at = _extent(text, found, kind, missing)
        math = kind not in ("fence", "comment", "tick") or (kind == "fence" and found["info"].strip() == "math")
        if math and text[start:end].strip():
            yield FoundFormula(start, end, tex=True, display=kind not in ("inline", "paren", "ensured", "ticked"))


def _extent(text: str, found: re.Match[str], kind: str, missing: set[str]) -> tuple[int, int, int]:
    """Where a formula (or code) starts and ends, and where the search goes on."""
    start = found.end()
    if kind == "inline":
        closing = _DOLLAR.search(text, start)
        if closing is None:
            return start, len(text), len(text)
        return start, closing.start(), closing.end()
    if kind == "ensured":
        end = _past_braces(text, start)
        return start, end, end
    if kind == "env":
        start = past_arguments(text, start, found["env"].rstrip("*"))
    closer = _closer(found, kind)
    place = -1 if closer in missing else text.find(closer, start)
    if place >= 0:
        return start, place, place + len(closer)
    missing.add(closer)
    if kind in ("tick", "comment"):
        return start, start, start
    paragraph = _PARAGRAPH_END.search(text, start)
    assert paragraph is not None
    return start, paragraph.start(), paragraph.end()


def _past_braces(text: str, start: int) -> int:
    """The place of the brace that closes what is open at ``start``, or the end of the line."""
    depth = 1
    for place in range(start, min(len(text), start + MAX_FORMULA)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0 or text[place] == "\n":
            return place
    return min(len(text), start + MAX_FORMULA)


def _closer(found: re.Match[str], kind: str) -> str:
    if kind == "fence":
        return "\n" + found["fence"]
    if kind == "tick":
        return found["tick"]
    if kind == "env":
        return rf"\end{{{found['env']}}}"
    return _CLOSED_BY[kind]


def kind_of(path: str) -> TextKind:
    """The kind of a claims file by its ending.

    >>> kind_of("answer.TEX"), kind_of("notes.md"), kind_of("answer")
    ('latex', 'markdown', 'text')
    """
    ending = path.lower().rpartition(".")[2] if "." in path else ""
    kinds: dict[str, Literal["markdown", "latex"]] = {"md": "markdown", "markdown": "markdown", "tex": "latex"}
    return kinds.get(ending, "text")
