r"""TeX as Markdown needs it, so that every reader gets the formula as it was written.

GitHub, Gitea, mdBook and plain CommonMark read Markdown first and look for formulas in what is left. There a backslash
before a sign is lost, ``_`` and ``*`` may begin or end emphasis, ``](`` is a link, ``<`` begins a tag, ``|`` ends
the cell of a table; GitHub also refuses ``\operatorname``. Each of them has another spelling that prints the same
and that KaTeX, MathJax and pandoc know:

>>> print(spelled(r"w^{1}_{43}\,\{x\}"), spelled(r"\hat{y}_{1} = [a](b)"))
w_{43}^{1}\mathpunct{}\lbrace x\rbrace \hat{y} _ {1} = [a] (b)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from derive.expressions.tex_words import joined, joined_all, words
from derive.patterns import regex

_DANGER = regex(r"\\(?:[^A-Za-z]|operatorname)|[_*|~<&`@\n]|\][(\x0e]|:/|w\.", re.IGNORECASE)
_SPELLINGS: Mapping[str, str] = MappingProxyType(
    {
        r"\,": r"\mathpunct{}",  # TeX sets a thin space after punctuation, here after none
        r"\:": r"\mathpunct{}",
        r"\;": r"\ ",
        r"\>": r"\mathpunct{}",
        r"\/": "{}",
        r"\-": "{}",
        r"\{": r"\lbrace",
        r"\}": r"\rbrace",
        r"\|": r"\Vert",
        r"\_": r"\underline{\ }",
        "|": r"\vert",
        "*": r"\ast",
        "~": r"\ ",
    }
)
_TEXTS = frozenset((r"\text", r"\textrm", r"\textbf", r"\textit", r"\textsf", r"\texttt", r"\mbox"))
"""Commands with words in their braces, where a space is a space."""
_IN_TEXT = frozenset("_*<&|`")
_OPENING = ("(", "[", r"\left", r"\lbrace", r"\lvert")
_STARTS_BLOCK = regex(r"[-+](?=\s|$)|[>#=]|[0-9]{1,9}[.)](?=\s|$)|:\s|`{3}|~{3}")
"""What begins a list, a quote, a heading, or (as ``=`` alone) underlines one."""
_TAKES = frozenset(
    (r"\sqrt", r"\vec", r"\hat", r"\bar", r"\dot", r"\tilde", r"\ddot", r"\check", r"\breve", r"\acute", r"\grave",
     r"\mathring", r"\widehat", r"\widetilde", r"\overline", r"\underline", r"\mathrm", r"\mathbf", r"\mathit",
     r"\mathsf", r"\mathtt", r"\mathcal", r"\boldsymbol", *_TEXTS)
)  # fmt: skip
"""Commands that take the group after them along where they are a script."""
_WORD = r"[A-Za-z0-9]+(?:[-'’][A-Za-z0-9]+)*"
_BEFORE, _AFTER = regex(rf"(?<!\w){_WORD}-?$"), regex(rf"{_WORD}(?!\w)")

MAX_GAP = 12
"""At most this many words of ``[6pt]``."""
ROW_END = "\\\\\n"
"""A row ends at the end of a source line, where readers of Markdown leave both backslashes to the formula."""


@lru_cache(maxsize=4096)
def spelled(tex: str, row_end: str = ROW_END) -> str:
    r"""The formula so that nothing in it is Markdown; ``row_end`` is what ends a row of a matrix or of branches.

    Tokens of numbers (see :mod:`derive.lesson.slots`) may stand in it.

    Raises:
        ValueError: a sign that can be written in one way only (``\%``, ``\#``, ``\$``, a backtick).
    """
    if not _DANGER.search(tex):
        return tex.strip()
    stack = [_Group()]
    for word in words(tex):
        if word == "{":
            stack.append(_Group(command=stack[-1].words_follow()))
        elif word == "}" and len(stack) > 1:
            inner = stack.pop()
            inner.close(stack[-1], row_end)
        else:
            stack[-1].items.append(word)
    while len(stack) > 1:  # a brace that is never closed
        inner = stack.pop()
        stack[-1].items += ["{", *inner.items]
    first, *others = _formula(stack[0].items, row_end).split("\n")
    return "\n".join((_whole(first), *(line_of(_whole(line)) for line in others if line.strip()))).strip()


def touching(before: str, tex: str, after: str) -> tuple[str, str, str]:
    r"""A formula between two runs of text, with the letters that touch it taken in: readers want none at a dollar.

    >>> touching("the ", "w", "s of a non-"), touching("a non-", "z", ", and")
    (('the ', 'w\\text{s}', ' of a non-'), ('a ', '\\text{non-}z', ', and'))
    """
    left, right = _BEFORE.search(before), _AFTER.match(after)
    if left:
        before, tex = before[: left.start()], rf"\text{{{left[0]}}}{tex}"
    if right:
        after, tex = after[right.end() :], rf"{tex}\text{{{right[0]}}}"
    return before, tex, after


def line_of(tex: str) -> str:
    """A formula at the start of a source line, where it could be taken for a list, a quote or a heading.

    >>> line_of("- x"), line_of("1) a"), line_of("-1")
    ('-x', '{}1) a', '-1')
    """
    if not _STARTS_BLOCK.match(tex):
        return tex
    rest = tex[1:].lstrip()
    return tex[0] + rest if tex[0] in "+-" and rest else f"{{}}{tex}"


def _whole(line: str) -> str:
    """A line without spaces at its ends; a backslash keeps the space that it stands before."""
    line = line.strip()
    return f"{line} {{}}" if line.endswith("\\") and not line.endswith("\\\\") else line


@dataclass(slots=True)
class _Group:
    """What stands in a pair of braces: words, and groups that are spelled already; ``command`` takes words in it."""

    items: list[str] = field(default_factory=list)
    command: str = ""

    def words_follow(self) -> str:
        """The command with words in its braces that stands at the end; else nothing."""
        found = next((item for item in reversed(self.items) if item.strip()), "")
        return found if found in _TEXTS else ""

    def close(self, outer: _Group, row_end: str) -> None:
        """Put the group into the one around it."""
        if not self.command:
            outer.items.append(f"{{{_formula(self.items, row_end)}}}")
            return
        runs = _runs_of_text(self.items)
        if len(runs) == 1 and not runs[0][1]:
            outer.items.append(f"{{{runs[0][0]}}}")
            return
        while outer.items.pop() != self.command:
            pass
        parts = (_formula([text], row_end) if math else f"{self.command}{{{text}}}" for text, math in runs)
        outer.items.append(f"{{{joined_all(parts)}}}")


def _runs_of_text(items: Sequence[str]) -> list[tuple[str, bool]]:
    """Words in braces as runs of text, and the signs that must be set as formulas between them (True)."""
    runs: list[tuple[str, bool]] = [("", False)]
    for item in items:
        text, math = runs[-1]
        plain = " " if item == "~" or (item[0] == "\\" and item[1:].isspace()) else item
        if plain in _IN_TEXT or (plain[0] == "\\" and not plain[1:].isalpha()):
            runs.append((r"\_" if plain == "_" else plain, True))
        elif math or (plain == "(" and text.endswith("]")):
            runs.append((plain, False))
        else:
            runs[-1] = (joined(text, plain), False)
    return [run for run in runs if run[0]] or [("", False)]


def _formula(items: Sequence[str], row_end: str) -> str:
    """Words and finished groups of mathematics, spelled and joined."""
    out: list[str] = []
    place = 0
    while place < len(items):
        item = items[place]
        place += 1
        if item == r"\operatorname":
            text, place = _operator(items, place)
        elif item in ("^", "_", "'"):
            text, place = _scripts(items, place - 1, _last(out))
            _without_spaces(out)
        elif item == "\\\\":
            ended, place = _row_end(items, place, row_end)
            _without_spaces(out)
            text = f" {ended}" if out else ended
        elif item == r"\!":
            text = r"\mathopen{}" if _following(items, place).startswith(_OPENING) else r"\negthinspace"
        else:
            text = _word(item, _following(items, place) if place < len(items) else "")
        before = out[-1] if out else ""
        if before.endswith("]") and text[:1] in ("(", "\x0e"):
            out.append(" ")
        if text != " " or not before.endswith((" ", "\n")):
            out.append(text)
    return joined_all(out)


def _without_spaces(out: list[str]) -> None:
    """Take away the spaces at the end."""
    while out and out[-1] == " ":
        out.pop()


def _row_end(items: Sequence[str], place: int, row_end: str) -> tuple[str, int]:
    r"""The end of a row, and the place after it.

    What asks for a gap, ``\\\\[6pt]``, would part the backslashes from the end of the source line: an empty row stands
    for it. A bracket that begins the next row would ask for one.
    """
    if place < len(items) and items[place] == "[" and "]" in items[place : place + MAX_GAP]:
        row_end, place = row_end + row_end, items.index("]", place) + 1
    return row_end + "{}" * (_following(items, place)[:1] == "["), place


def _word(item: str, following: str) -> str:
    """One word as it is spelled before what follows."""
    if item.isspace():
        return " "
    if item in _SPELLINGS:
        return _SPELLINGS[item]
    if item == "<" or (item == "&" and (following[:1].isalpha() or following[:1] == "#")):
        return f"{item} "
    if item == "@" or (item == ":" and following == "/") or (item in "wW" and following == "."):
        return f"{item} " if item != "@" else " @ "
    if item == "`" or (item[0] == "\\" and len(item) == 2 and not item[1].isalpha() and not item[1].isspace()):
        raise ValueError(f"{item} cannot be written in a formula of Markdown")
    return "\\ " if item[0] == "\\" and item[1:].isspace() else item


def _last(out: Sequence[str]) -> str:
    """The last word that is no space."""
    return next((text for text in reversed(out) if text.strip()), "")


def _following(items: Sequence[str], place: int) -> str:
    """The next word that is no space."""
    return next((items[i] for i in range(place, len(items)) if items[i].strip()), "")


def _operator(items: Sequence[str], place: int) -> tuple[str, int]:
    """The name of a function, with its prime or power inside, so that this stands at its side and not above it."""
    name, place = _argument(items, place + (_following(items, place) == "*"))
    text = r"\mathrm" + (name if name.startswith("{") else f"{{{name}}}")
    if place < len(items) and items[place] in ("^", "_", "'"):
        scripts, place = _scripts(items, place, text)
        text += scripts
    return rf"\mathop{{{text}}}", place


def _argument(items: Sequence[str], place: int) -> tuple[str, int]:
    """The word or group that a command or script takes, and the place after it."""
    while place < len(items) and items[place].isspace():
        place += 1
    if place == len(items):
        return "", place
    item, after = items[place], place + 1
    if item == r"\operatorname":
        name, after = _operator(items, after)
        return f"{{{name}}}", after
    if item in _TAKES and after < len(items) and items[after].startswith("{"):
        return f"{{{item}{items[after]}}}", after + 1
    return (item if item.startswith("{") else _word(item, "")), after


def _scripts(items: Sequence[str], place: int, base: str) -> tuple[str, int]:
    """The scripts of a base, the lower one first where it can touch its base; else between spaces.

    An upper one in brackets that was written first stays there: it is the layer, as courses write it. A ``_`` after a
    letter or digit can end emphasis and not begin it, and so can one before a space: no emphasis ever begins.
    """
    lower, upper, layer = "", "", False
    while place < len(items):
        item = items[place]
        if item == "'":
            upper, place = f"{upper}'", place + 1
        elif item == "^" and "^" not in upper:
            argument, place = _argument(items, place + 1)
            layer = not lower and argument.startswith(_LAYER)
            upper = joined(f"{upper}^", argument)
        elif item == "_" and not lower:
            argument, place = _argument(items, place + 1)
            lower = argument
        else:
            break
    if not lower:
        return upper, place
    return f"{upper}_ {lower}" if layer else _below(base, lower) + upper, place


_LAYER = ("{[", "{(")


def _below(base: str, script: str) -> str:
    """A lower script at its base."""
    close = base[-1:].isascii() and base[-1:].isalnum()
    return f"_{script}" if close else f" _ {script}"
