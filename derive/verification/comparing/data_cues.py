r"""Rows of the data that a text says by what is in them: ``Dosage = 0.5:`` above what is worked for it.

>>> from flint import fmpq
>>> rows = [{"x": fmpq(0), "t": fmpq(1)}, {"x": fmpq(1, 2), "t": fmpq(1)}]
>>> [(cue.offset, cue.row, cue.sure) for cue in data_cues("x = 0:\nz = 1\n\nFor $x = 0.5$, t = 1\nt = 1:", rows)]
[(0, 1, True), (14, 2, False)]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from flint import fmpq

from derive.expressions.grammar import exact
from derive.patterns import regex
from derive.verification.comparing.sample_cues import SampleCue

MAX_ROWS = 1_000
"""More rows are not looked through."""
MAX_LINES = 2_000
"""At most this many lines that give numbers are looked at."""
_PAIR = r"\\?[A-Za-z][\w{}^]{0,30}[ \t]{0,3}=[ \t]{0,3}[-−+]?[0-9]{0,12}(?:\.[0-9]{1,12})?"
_LINE = regex(
    r"(?m)^[ \t]*[-#*>•\d.)]{0,6}[ \t]*[*_$]{0,3}"
    r"(?:(?:for|when|if|with|at|bei|für|mit|wenn|pour|si|para|con)[ \t]{1,3})?[*_$(]{0,3}"
    rf"(?P<pairs>{_PAIR}(?:[$ \t]*(?:,|;|and|und|et|y)?[$ \t]*{_PAIR}){{0,5}})"
    r"[*_$)]{0,4}[ \t]*(?P<ends>[:,.]?)[*_$ \t]{0,4}$",
    re.IGNORECASE,
)
_SAID = regex(r"\\?(?P<name>[A-Za-z][\w{}^]*)[ \t]*=[ \t]*(?P<number>[-−+]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))")
_SIGNS = regex(r"[{}_\\]")


def data_cues(text: str, rows: Sequence[Mapping[str, fmpq]]) -> Iterator[SampleCue]:
    """Where lines give what stands in one row only; sure where a colon follows."""
    if not 1 < len(rows) <= MAX_ROWS:
        return
    known = [{_SIGNS.sub("", name): value for name, value in row.items()} for row in rows]
    for count, line in enumerate(_LINE.finditer(text)):
        if count == MAX_LINES:
            return
        said = {_SIGNS.sub("", pair["name"]): _value(pair["number"]) for pair in _SAID.finditer(line["pairs"])}
        alike = [i for i, row in enumerate(known, 1) if said and said.items() <= row.items()]
        if len(alike) == 1:
            yield SampleCue(line.start(), alike[0], len(text), line["ends"] == ":", by_data=True)


def _value(written: str) -> fmpq:
    return exact(written.replace("−", "-").lstrip("+"))


__all__ = ["data_cues"]
