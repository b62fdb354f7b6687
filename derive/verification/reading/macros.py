r"""The author's own commands: ``\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}``.

Short ones that call no other own command are put in place of their calls; nothing else is.

>>> found = macros(r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}")
>>> found["pd"].expanded(["E", "w"])
'\\frac{\\partial E}{\\partial w}'
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from derive.records import record

MAX_LENGTH = 400
"""At most this many characters of a command's text, before and after its arguments are put in."""
_DEFINED = re.compile(
    r"\\(?:re|provide)?newcommand\*?\s*(?:\{\s*\\(?P<a>[A-Za-z]+)\s*\}|\\(?P<b>[A-Za-z]+))\s*(?:\[(?P<count>[1-9])\])?\s*\{"
    r"|\\DeclareMathOperator\*?\s*\{\s*\\(?P<operator>[A-Za-z]+)\s*\}\s*\{"
    r"|\\def\s*\\(?P<c>[A-Za-z]+)(?P<marks>(?:#[1-9])*)\s*\{"
)
_CALLED = re.compile(r"\\([A-Za-z]+)")


@record
class Macro:
    """A command of the author's own: how many arguments it takes, and its text with ``#1`` for the first."""

    arguments: int
    body: str

    def expanded(self, arguments: Sequence[str]) -> str | None:
        """The text with these arguments; None where it becomes too long."""
        given = dict(zip("123456789", arguments, strict=False))
        text = re.sub(r"#([1-9])", lambda found: given.get(found[1], ""), self.body)
        return text if len(text) <= MAX_LENGTH else None


def macros(text: str) -> Mapping[str, Macro]:
    """The commands that a text defines and that are simple enough to be put in."""
    found: dict[str, Macro] = {}
    for match in _DEFINED.finditer(text):
        body = _body(text, match.end())
        if body is None:
            continue
        if match["operator"]:
            found[match["operator"]] = Macro(0, rf"\operatorname{{{body}}}")
        else:
            count = int(match["count"] or 0) or len(match["marks"] or "") // 2
            found[match["a"] or match["b"] or match["c"]] = Macro(count, body)
    return {name: macro for name, macro in found.items() if found.keys().isdisjoint(_CALLED.findall(macro.body))}


def _body(text: str, start: int) -> str | None:
    """What stands in the braces that are open at ``start``; None where it is too long."""
    depth = 1
    for at in range(start, min(len(text), start + MAX_LENGTH)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return text[start:at]
    return None
