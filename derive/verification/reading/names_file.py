"""A file of names: lines ``let o_1 = yhat`` that hold for every file of claims beside it."""

from __future__ import annotations

import re
from bisect import bisect_right

from derive.errors import DeriveError, SeveralErrors
from derive.verification.reading.lets import BadLet, names_file
from derive.verification.reading.own_names import OwnNames
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.unknown import UNKNOWN, hint_for

EXAMPLE = "write one name a line: let o_1 = yhat"


def own_names(text: str, shown: str, spelling: Spelling) -> OwnNames:
    """The names that a file gives a meaning; ``shown`` is what the file is called in messages.

    Raises:
        DeriveError: where a line gives no name a meaning, or none does.
    """
    read = names_file(text, spelling)
    if read.bad:
        ends = [found.end() for found in re.finditer(r"\r\n|\r|\n", text)]
        errors = [
            DeriveError(f"{shown}: line {bisect_right(ends, bad.at) + 1}", bad.problem, _hint(spelling, bad))
            for bad in read.bad[:MAX_ERRORS]
        ]
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)
    if not read.own:
        raise DeriveError(shown, "it gives no name a meaning", EXAMPLE)
    return OwnNames(read.own)


def _hint(spelling: Spelling, bad: BadLet) -> str:
    return hint_for(spelling, bad.problem, bad.hint) if bad.problem.startswith(UNKNOWN) else bad.hint


MAX_ERRORS = 20
"""At most this many lines are said to be wrong."""

__all__ = ["own_names"]
