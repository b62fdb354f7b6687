r"""Where a text says which row of the data the lines below are about: ``Sample 2``, ``-- S2``, ``2. Beispiel``.

"Sample" says it anywhere, until another row is said. Other words and short labels do where they begin a line or a part
of it, and a colon or nothing follows; a word that also numbers exercises ("Example 1"), and a label, only where a text
counts on with it. Beside a claim they are said of their paragraph.

>>> text = "-- S1\nz = 0.3\n-- S2\nz = 0.4\n"
>>> [(cue.offset, cue.row) for cue in sample_cues(text, 2, lambda word: False)]
[(3, 1), (17, 2)]
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from derive.patterns import regex

MAX_COUNTED = 200_000
"""In a text of more characters only the word "sample" says one."""
_SAID = regex(r"\b[Ss]ample(?:~|\s|\\,|\$)*([1-9][0-9]{0,6})\b")
_BEGINS = (
    r"(?:^[ \t#>*_\-=+\u2013\u2014\u2022.(\[~|%]{0,12}"
    r"(?:\d{1,2}[.)][ \t]+)?(?:\\(?:sub){0,2}section\*?\{|\\(?:textbf|emph|paragraph|underline)[ \t]?\{|\\item[ \t])?"
    r"|(?<=[.;:|}][ \t])|(?<=[ \t][ \t]))"
)
_ENDS = (
    r"(?:[)\]*_}$=\-\u2013\u2014 \t]{0,8}:(?![=:])"
    r"|[)\]*_}$=\-\u2013\u2014. \t]{0,12}(?:\([^\n]{0,100}\)[ \t*:}]{0,4})?$)"
)
_LEADS = r"(?:(?:the|for(?: example)?|e\.g\.|f\u00fcr|das|die|der|z\.\s?B\.|now|and|jetzt|nun)[ \t,]{1,4}){0,3}"
_COUNTED = (
    r"samples?|rows?|records?|observations?|instances?|data[ \t-]?points?|training (?:example|sample|pair|point)"
    r"|datapunkt|datenpunkt|stichprobe|datensatz|zeile|fila|muestra|\u00e9chantillon|ligne|campione"
)
_AMBIGUOUS = (
    r"examples?|ex\.|point|pattern|case|pair|pt\.?|obs\.?|beispiel|bsp\.?|punkt|muster|probe|fall"
    r"|ejemplo|caso|punto|exemple"
)
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "1.": 1, "2.": 2, "3.": 3,
    "4.": 4, "erst": 1, "zweit": 2, "dritt": 3, "viert": 4,
}  # fmt: skip
_WORD = regex(
    rf"(?im){_BEGINS}{_LEADS}(?P<word>(?P<sure>{_COUNTED})|{_AMBIGUOUS})"
    rf"[ \t]{{0,4}}(?:no\.?|nr\.?|number|\#|\$)?[ \t]{{0,4}}(?P<row>[1-9][0-9]{{0,5}}){_ENDS}"
)
_ORDINAL = regex(
    rf"(?im){_BEGINS}{_LEADS}(?P<row>first|second|third|fourth|1st|2nd|3rd|4th|[1-4]\.|(?:erst|zweit|dritt|viert)e[rsn]?)"
    rf"[ \t]{{1,4}}(?P<word>(?P<sure>{_COUNTED})|{_AMBIGUOUS}){_ENDS}"
)
_LABEL = regex(rf"(?m){_BEGINS}(?P<word>[SPDRB#])(?P<row>[1-9][0-9]{{0,3}}){_ENDS}")
_INDEX = regex(rf"(?m){_BEGINS}(?:\\?[$(])?(?P<word>[inkms])[ \t]?=[ \t]?(?P<row>[1-9][0-9]{{0,3}}){_ENDS}")
_PATTERNS = (_WORD, _ORDINAL, _LABEL, _INDEX)


_CLAIM = regex(r"[=≈|\d]")


class SampleCue(NamedTuple):
    """A place at which a row of the data is said, of what stands before ``until``.

    ``sure`` where the words leave no other meaning; ``by_data`` where what stands in the row says it.
    """

    offset: int
    row: int
    until: int
    sure: bool = True
    by_data: bool = False


class _Found(NamedTuple):
    offset: int
    row: int
    word: str
    sure: bool
    counts: bool
    ends: int


def sample_cues(text: str, rows: int, knows: Callable[[str], bool]) -> list[SampleCue]:
    """The rows that a text says, in its order; ``knows`` says whether a word is a name of the network's."""
    said = [SampleCue(offset, row, len(text)) for offset, row in _said(text) if row <= rows]
    found = list(_counted(text, rows, knows)) if len(text) <= MAX_COUNTED else []
    if said and found:
        begins = [0, *(match.end() for match in re.finditer("\n", text))]
        lines = {bisect_right(begins, cue.offset) for cue in said}
        found = [one for one in found if bisect_right(begins, one.offset) not in lines]
    return sorted([*said, *found])


def _counted(text: str, rows: int, knows: Callable[[str], bool]) -> Iterator[SampleCue]:
    """What other words and labels say, where all that a text counts with one of them are rows."""
    by_word: dict[str, list[_Found]] = {}
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            word = match["word"]
            short = pattern in (_LABEL, _INDEX)
            if short and (knows(word) or knows(f"{word}{match['row']}")):
                continue
            sure = not short and bool(match["sure"])
            found = _Found(match.start("word"), _row(match["row"]), word.lower(), sure, sure, match.end())
            by_word.setdefault(found.word, []).append(found)
    blanks = [match.start() for match in _BLANK_LINE.finditer(text)] if by_word else []
    for several in by_word.values():
        numbers = {one.row for one in several}
        if max(numbers) <= rows and (several[0].counts or len(numbers) > 1):
            yield from (SampleCue(one.offset, one.row, _until(text, one, blanks), one.sure) for one in several)


def _until(text: str, found: _Found, blanks: Sequence[int]) -> int:
    """Where what is said of a row ends: in a sentence, and in a list of all rows, with the paragraph."""
    line = text.find("\n", found.ends)
    if _CLAIM.search(text, found.ends, line if line >= 0 else len(text)) is None:
        return len(text)
    begins = text.rfind("\n", 0, found.offset) + 1
    following = _LINE.match(text, line + 1) if line >= 0 else None
    alone = not _WORDS_BEFORE.search(text, begins, found.offset) and following is not None
    if alone and following is not None and not any(pattern.match(following[0]) for pattern in _PATTERNS):
        return len(text)
    blank = bisect_left(blanks, found.ends)
    return blanks[blank] if blank < len(blanks) else len(text)


_LINE = regex(r"[^\n]*")
_WORDS_BEFORE = regex(r"[^\W\d_]{2}")
_BLANK_LINE = regex(r"\n[ \t>]{0,40}(?=\n)")


def _row(said: str) -> int:
    word = said.lower()
    if word.isdigit():
        return int(word)
    return _ORDINALS.get(word) or next(number for stem, number in _ORDINALS.items() if word.startswith(stem))


def _said(text: str) -> Iterator[tuple[int, int]]:
    """The rows that lines say by "sample"; a line with several says none, but where each has a colon behind it."""
    lines: list[list[tuple[int, int, bool]]] = []
    end = 0
    for match in _SAID.finditer(text):
        if not lines or max(text.rfind(sign, end, match.start()) for sign in "\r\n") >= 0:
            lines.append([])
        colon = text[match.end() : match.end() + 4].lstrip("*$_ ").startswith(":")
        lines[-1].append((match.start(), int(match[1]), colon))
        end = match.end()
    for line in lines:
        yield from _of_a_line(line)


def _of_a_line(line: Sequence[tuple[int, int, bool]]) -> Iterator[tuple[int, int]]:
    if len({row for _, row, _ in line}) == 1:
        yield line[0][:2]
    elif all(colon for _, _, colon in line):
        yield from ((offset, row) for offset, row, _ in line)


__all__ = ["SampleCue", "sample_cues"]
