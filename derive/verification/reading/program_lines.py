r"""Which parts of a text are programs, and the lines of them: prompts, comments, what a program printed.

>>> text = ">>> z1 = W1 @ x  # two\n>>> z1\narray([0.1, 0.2])\n"
>>> [(line.prompt, text[line.start : line.end].strip()) for line in code_lines(text, 0, len(text))]
[('>>>', 'z1 = W1 @ x'), ('>>>', 'z1'), ('', 'array([0.1, 0.2])')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from derive.patterns import regex
from derive.verification.reading.model import TextKind

_NUMPY = regex(
    r"\b(?:np|torch|jnp|numpy)\.\w|\bmath\.(?:exp|tanh|log|sqrt|pow)\b"
    r"|=\s*Value\s*\(|\.backward\s*\(|\b\w+\.grad\s*[-+]?=(?!=)"
    r"|^\s*(?:import|from)\s+(?:numpy|torch|math|jax)\b|^\s*>>> |^\s*In \[\d*\]:"
    r"|\bprint\s*\(|^\s*def \w+\(|\.dot\(|\b(?:array|tensor)\(\[|\blambda \w+\s*:",
    re.MULTILINE,
)
_OF_NUMPY = (
    *("np.", "torch", "numpy", "math", "jax", ">>> ", "In [", "print", "def ", ".dot(", "([", "lambda "),
    *("Value", ".backward", ".grad"),
)
"""One of these stands in every program of Python's: to look for them takes no time."""
_MATLAB = regex(r"\.[*/^]|^\s*>> |^\s*ans\s*=|^\s*disp\(|=\s*@\(\w+\)|\w'\s*\*", re.MULTILINE)
_OF_MATLAB = (".*", "./", ".^", ">> ", "ans", "disp(", "@(", "'")
_MATLAB_TOO = regex(r";[ \t]*(?:%.*)?$|^\s*%|^\s*>> |^\s*ans\s*=|\[[^\]=]*;[^\]]*\]", re.MULTILINE)
_OPEN_LIST = regex(r"=\s*(?:np\.array\(|\w+\()?\[[^\]\n]*\n|=\s*\[\[[^\]\n]*\][ \t,;]*\n")
_FENCE = regex(r"[ \t>]*(`{3,}|~{3,})[ \t]*\{?\.?([\w+-]*)")
_VERBATIM = regex(r"\\(begin|end)\s*\{(?:verbatim|lstlisting|minted|Verbatim)\*?\}")
_LANGUAGES = {
    **dict.fromkeys(("python", "py", "python3", "pycon", "ipython", "ipython3", "numpy", "pytorch"), "numpy"),
    **dict.fromkeys(("matlab", "octave"), "matlab"),
}
_OUTPUTS = frozenset({"", "text", "txt", "output", "console", "out", "plaintext", "stdout", "bash", "shell"})
_PROMPT = regex(
    r"[ \t]*(?P<prompt>>>>|\.\.\.(?=[ \t]|$)|In[ \t]?\[[ \d*]{0,5}\]:|Out[ \t]?\[[ \d*]{0,5}\]:"
    r"|\.{3,6}:|>>(?=[ \t]))[ \t]?"
)
_LINE = regex(r"[^\n\r]*")


CONTINUED = "...:"
"""The prompt of the lines below the first of a cell; those that are set in as far as that one have it too."""


class CodeRegion(NamedTuple):
    """A part of a text that is a program, in which language, or (``printed``) what one printed."""

    start: int
    end: int
    code: str
    printed: bool = False


class CodeLine(NamedTuple):
    """A line of a program: its prompt, where its code begins and ends, and where its comment ends.

    ``whole`` is where the line itself begins; a comment stands between ``end`` and ``comment``.
    """

    whole: int
    start: int
    end: int
    comment: int
    prompt: str


_DERIVES = regex(r"=[^\n=]{0,200}[0-9)](?:\s*[+*/·×]\s*|[-−]\s*|\s+[-−]\s+)[0-9(][^\n=]{0,200}[=≈]\s*[-−]?[0-9.]")
"""A calculation between two signs: a block with one is worked by hand, and nothing that was printed.

The minus of ``[0.5 -0.4]`` is no sign of one."""


def regions(text: str, kind: TextKind) -> list[CodeRegion]:
    """The programs of a text, and what they printed, in their order."""
    if kind == "text":
        code = _language(text)
        return [CodeRegion(0, len(text), code)] if code else []
    found: list[CodeRegion] = []
    for start, end, info in _blocks(text, kind):
        code = _LANGUAGES.get(info, "") or _language(text[start:end])
        if code and info not in ("text", "output"):
            found.append(CodeRegion(start, end, code))
        elif found and info in _OUTPUTS and _DERIVES.search(text, start, end) is None:
            found.append(CodeRegion(start, end, found[-1].code, printed=True))
        elif _OPEN_LIST.search(text, start, end):
            found.append(CodeRegion(start, end, "numpy"))
    return found


def _language(text: str) -> str:
    """The language of a text, if it is a program."""
    if any(sign in text for sign in _OF_NUMPY) and _NUMPY.search(text):
        return "numpy"
    if not any(sign in text for sign in _OF_MATLAB):
        return ""
    return "matlab" if _MATLAB.search(text) and _MATLAB_TOO.search(text) else ""


def _blocks(text: str, kind: TextKind) -> Iterator[tuple[int, int, str]]:
    """The blocks of code of Markdown and LaTeX, with the language that is said."""
    if kind != "latex" and "```" not in text and "~~~" not in text:
        return
    opened, fence, info = -1, "", ""
    for found in _LINE.finditer(text):
        start, end = found.span()
        if kind == "latex":
            mark = _VERBATIM.search(found.group())
            if mark is not None and mark[1] == "begin":
                opened = end
            elif mark is not None and opened >= 0:
                yield opened, start, ""
                opened = -1
            continue
        mark = _FENCE.match(found.group())
        if mark is None:
            continue
        if not fence:
            fence, info, opened = mark[1], mark[2].lower(), end
        elif mark[1].startswith(fence):
            if info != "math":
                yield opened, start, info
            fence = ""


def code_lines(text: str, start: int, end: int, code: str = "numpy") -> list[CodeLine]:
    """The lines of a program that are not empty."""
    found: list[CodeLine] = []
    column = -1
    for match in _LINE.finditer(text, start, end):
        first, last = match.span()
        if not match.group().strip():
            continue
        prompt = _PROMPT.match(text, first, last)
        begins = prompt.end() if prompt is not None else first
        while begins < last and text[begins] in " \t":
            begins += 1
        comment = _comment(text, begins, last, code)
        said = prompt["prompt"] if prompt is not None else ""
        if said.startswith("In"):
            column = begins - first
        elif said.endswith("...:") or (not said and 0 <= column <= begins - first):
            said = CONTINUED
        else:
            column = -1
        found.append(CodeLine(first, begins, comment, last, said))
    return found


def _comment(text: str, start: int, end: int, code: str) -> int:
    """Where the comment of a line begins; its end where there is none."""
    if code == "matlab":
        found = text.find("%", start, end)
        return end if found < 0 else found
    if text.find("#", start, end) < 0:
        return end
    quote = ""
    for place in range(start, end):
        sign = text[place]
        if quote:
            quote = "" if sign == quote and text[place - 1] != "\\" else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "#":
            return place
    return end


__all__ = ["CONTINUED", "CodeLine", "CodeRegion", "code_lines", "regions"]
