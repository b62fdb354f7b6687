"""Claims in the code of a list of Markdown: ``* so `dnum = 0.937` and `dinvden = 1.619```; of prose none is read.

>>> text = "* so `dnum = 0.937` and `dinvden = 1.619`, as `f` says"
>>> [text[start:end] for start, end in code_spans(text, 0, len(text))]
['dnum = 0.937', 'dinvden = 1.619']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from derive.patterns import regex

MAX_SPANS = 20
"""At most this many pieces of code of one line are looked at."""
_ITEM = regex(r"[ \t>]{0,20}(?:[-*+•]|[0-9]{1,3}[.)])[ \t]")
_SPAN = regex(r"(?<!`)`([^`\n$]{3,300})`(?!`)")


def code_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the pieces of code stand in a line of a list that have a relation sign."""
    if _ITEM.match(text, start, end) is None:
        return
    for found in islice(_SPAN.finditer(text, start, end), MAX_SPANS):
        if re.search(r"[=≈]|:", found[1]):
            yield found.span(1)


__all__ = ["code_spans"]
