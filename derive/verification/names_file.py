"""A file of names: lines ``let o_1 = yhat`` that hold for every file of claims beside it."""

from __future__ import annotations

import re

from derive.errors import DeriveError, SeveralErrors
from derive.verification.reading.lets import names_file
from derive.verification.reading.own_names import OwnNames
from derive.verification.reading.spelling import Spelling

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
            DeriveError(f"{shown}: line {sum(end <= bad.at for end in ends) + 1}", bad.problem, bad.hint)
            for bad in read.bad[:MAX_ERRORS]
        ]
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)
    if not read.own:
        raise DeriveError(shown, "it gives no name a meaning", EXAMPLE)
    return OwnNames(read.own)


MAX_ERRORS = 20
"""At most this many lines are said to be wrong."""

__all__ = ["own_names"]
