r"""The environments of LaTeX that hold formulas, and the arguments that stand before what is in them.

Those of amsmath, mathtools, IEEEtrantools, eqnarray and breqn. A starred one is what it is without the star.

>>> past_arguments(r"\begin{alignat}{2} a &= b", 15, "alignat")
18
>>> past_arguments(r"\begin{aligned} [1, 2] &= v", 15, "aligned")
15
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from derive.patterns import regex

_POSITION = r"\[\s*[tbcTBC]?\s*\]"
_COLUMNS_OF_ENTRIES = r"\[[lcr|\s]*\]"
_ANYTHING = "[]"
_GROUP = "{}"


def _of(names: str, *arguments: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(names.split(), arguments)


DISPLAYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **_of("equation align flalign gather multline eqnarray displaymath math split"),
        **_of("dmath dgroup darray", _ANYTHING),
        **_of("alignat xalignat xxalignat", _GROUP),
        **_of("aligned gathered lgathered rgathered", _POSITION),
        **_of("alignedat", _POSITION, _GROUP),
        **_of("multlined", _POSITION, r"\[[^\[\]=]{0,40}\]"),
        **_of("IEEEeqnarray", _ANYTHING, _GROUP),
        **_of("empheq", _ANYTHING, _GROUP),
    }
)
"""Environments that set mathematics by themselves or only group it, with their arguments."""

BOXES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **_of("cases dcases rcases drcases"),
        **_of("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix", _COLUMNS_OF_ENTRIES),
        **_of("smallmatrix psmallmatrix bsmallmatrix Bsmallmatrix vsmallmatrix Vsmallmatrix", _COLUMNS_OF_ENTRIES),
        **_of("array", _POSITION, _GROUP),
        **_of("subarray tabular", _POSITION, _GROUP),
        **_of("IEEEeqnarraybox IEEEeqnarrayboxm IEEEeqnarrayboxt", _ANYTHING, _ANYTHING, _ANYTHING, _GROUP),
    }
)
"""Environments that stand in a formula as one thing: matrices, and what is written like them."""

MATRICES = frozenset(BOXES) - {"tabular", "subarray"}
"""Their rows and columns are entries."""

SYSTEMS = frozenset(
    "cases dcases rcases drcases array matrix IEEEeqnarraybox IEEEeqnarrayboxm IEEEeqnarrayboxt".split()
)
"""Where equations stand in one of these, it only groups them."""

MAX_SKIPPED = 1_000
"""At most this many characters of one argument."""
_BLANKS = regex(r"[ \t]*\n?[ \t]*")


def past_arguments(text: str, at: int, name: str, end: int | None = None) -> int:
    """The place after the arguments of an environment that begins before ``at``."""
    end = len(text) if end is None else end
    for argument in DISPLAYS.get(name, BOXES.get(name, ())):
        blanks = _BLANKS.match(text, at, end)
        start = blanks.end() if blanks is not None else at
        if argument in (_GROUP, _ANYTHING):
            found = past_group(text, start, end, *argument)
        else:
            match = re.compile(argument).match(text, start, end)
            found = match.end() if match is not None else -1
        at = found if found >= 0 else at
    return at


def past_group(text: str, at: int, end: int, opening: str = "{", closing: str = "}") -> int:
    """The place after a group in brackets; -1 where there is none."""
    if not text.startswith(opening, at, end):
        return -1
    depth = 0
    for place in range(at, min(end, at + MAX_SKIPPED)):
        depth += (text[place] in ("{", opening)) - (text[place] in ("}", closing))
        if depth == 0:
            return place + 1
    return -1
