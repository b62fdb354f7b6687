r"""The author's own commands: ``\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}``.

Short ones are put in place of their calls, those that call others with what these say; nothing else is.

>>> found = macros(r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} \newcommand{\dE}[1]{\pd{E}{#1}}")
>>> found["pd"].expanded(["E", "w"])
'\\frac{\\partial E}{\\partial w}'
>>> found["dE"].expanded(["b"])
'\\frac{\\partial E}{\\partial b}'
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from derive.patterns import regex
from derive.records import record
from derive.verification.reading.environments import past_group

MAX_LENGTH = 400
"""At most this many characters of a command's text, before and after its arguments are put in."""
MAX_NESTED = 3
"""So deep may commands of the author's call each other."""
_DEFINED = regex(
    r"\\(?:re|provide)?newcommand\*?\s*(?:\{\s*\\(?P<a>[A-Za-z]+)\s*\}|\\(?P<b>[A-Za-z]+))\s*(?:\[(?P<count>[0-9])\])?\s*"
    r"(?:\[(?P<default>[^\[\]\n]{0,60})\])?\s*\{"
    r"|\\(?:New|Renew|Provide|Declare)DocumentCommand\s*\{?\s*\\(?P<d>[A-Za-z]+)\s*\}?\s*"
    r"\{(?P<kinds>(?:O\{(?P<first>[^{}\n]{0,60})\})?[ m]*)\}\s*\{"
    r"|\\DeclareMathOperator\*?\s*(?:\{\s*\\(?P<operator>[A-Za-z]+)\s*\}|\\(?P<bare>[A-Za-z]+))\s*\{"
    r"|\\[gex]?def\s*\\(?P<c>[A-Za-z]+)(?P<marks>(?:#[1-9])*)\s*\{"
    r"|\\let\s*\\(?P<new>[A-Za-z]+)\s*=?\s*(?P<old>\\[A-Za-z]+|[A-Za-z])"
)
_CALLED = regex(r"\\([A-Za-z]+)")
_ENDS_IN_NAME = regex(r"\\[A-Za-z]+\Z")
_ONE = regex(r"\s*(\\[A-Za-z]+|[A-Za-z0-9])")
_BLANKS = regex(r"\s*")


@record
class Macro:
    """A command of the author's own: how many arguments it takes, and its text with ``#1`` for the first.

    ``default`` is the first argument where none stands in brackets; None where it takes none so.
    """

    arguments: int
    body: str
    default: str | None = None

    def expanded(self, arguments: Sequence[str]) -> str | None:
        """The text with these arguments; None where it becomes too long."""
        given = dict(zip("123456789", arguments, strict=False))
        text = re.sub(r"#([1-9])", lambda found: given.get(found[1], ""), self.body)
        return text if len(text) <= MAX_LENGTH else None

    def called(self, text: str, at: int, end: int) -> tuple[list[str], int] | None:
        """The arguments of a call that stand at a place of a text, and the place after them; None where they do not."""
        found: list[str] = []
        if self.default is not None:
            blanks = _BLANKS.match(text, at, end)
            start = blanks.end() if blanks is not None else at
            past = past_group(text, start, end, "[", "]")
            found.append(text[start + 1 : past - 1] if past >= 0 else self.default)
            at = max(past, at)
        while len(found) < self.arguments:
            argument = _argument(text, at, end)
            if argument is None:
                return None
            found.append(argument[0])
            at = argument[1]
        return found, at


def _argument(text: str, at: int, end: int) -> tuple[str, int] | None:
    """What stands in braces, or one letter, digit or command, and the place after it; None for anything else."""
    one = _ONE.match(text, at, end)
    if one is not None:
        return one[1], one.end()
    blanks = _BLANKS.match(text, at, end)
    start = blanks.end() if blanks is not None else at
    past = past_group(text, start, end)
    return (text[start + 1 : past - 1], past) if past >= 0 else None


def macros(text: str) -> Mapping[str, Macro]:
    """The commands that a text defines and that are simple enough to be put in."""
    found: dict[str, Macro] = {}
    for match in _DEFINED.finditer(text):
        name, macro = _defined(text, match)
        if macro is not None:
            found[name] = macro
    for _ in range(MAX_NESTED):
        nested = [name for name, macro in found.items() if _calls(macro, found)]
        if not nested:
            break
        plain = {name: macro for name, macro in found.items() if name not in nested}
        for name in nested:
            body = _put_in(found[name].body, plain)
            if body is None:
                del found[name]
            else:
                found[name] = Macro(found[name].arguments, body, found[name].default)
    return {name: macro for name, macro in found.items() if not _calls(macro, found)}


def _calls(macro: Macro, found: Mapping[str, Macro]) -> bool:
    return not found.keys().isdisjoint(_CALLED.findall(macro.body))


def _defined(text: str, match: re.Match[str]) -> tuple[str, Macro | None]:
    """A command by its name, as a definition has it; None where that is too long."""
    if match["new"]:
        name, old = match["new"], match["old"]
        return name, Macro(0, old) if old != f"\\{name}" else None
    body = _body(text, match.end())
    if operator := match["operator"] or match["bare"]:
        return operator, None if body is None else Macro(0, rf"\operatorname{{{body}}}")
    name = match["a"] or match["b"] or match["c"] or match["d"]
    if body is None:
        return name, None
    default = match["first"] if match["d"] else match["default"]
    kinds = re.sub(r"\{[^{}]*\}|\s", "", match["kinds"] or "")
    return name, Macro(int(match["count"] or 0) or len(match["marks"] or "") // 2 or len(kinds), body, default)


def _put_in(body: str, plain: Mapping[str, Macro]) -> str | None:
    """The text of a command with that of others in the place of their calls; None where it becomes too long."""
    parts: list[str] = []
    at = length = 0
    for call in _CALLED.finditer(body):
        macro = plain.get(call[1])
        if macro is None or call.start() < at:
            continue
        said = macro.called(body, call.end(), len(body))
        put = macro.expanded(said[0]) if said is not None else None
        if said is None or put is None:
            return None
        # a letter behind a command's name would be read as part of it
        parts += [body[at : call.start()], put, " " if _ENDS_IN_NAME.search(put) else ""]
        at = said[1]
        length += len(parts[-3]) + len(put)
        if length > MAX_LENGTH:
            return None
    whole = "".join(parts) + body[at:]
    return whole if len(whole) <= MAX_LENGTH else None


def _body(text: str, start: int) -> str | None:
    """What stands in the braces that are open at ``start``; None where it is too long."""
    depth = 1
    for at in range(start, min(len(text), start + MAX_LENGTH)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return text[start:at]
    return None
