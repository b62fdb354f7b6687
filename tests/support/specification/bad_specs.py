"""Specs with a mistake that a person would make, and attacks; each with what the message has to say.

The table is used twice: for the reader itself, and for the command line (exit status 2, one message, no traceback,
nothing written, quickly and in little memory).
"""

from __future__ import annotations

from tests.support.specification.attacks import ATTACKS, FILES, NUMBERS, TEX
from tests.support.specification.mistakes import GRAPHS, KEYS, SHAPES
from tests.support.specification.spoilt import Bad

BAD_SPECS: tuple[Bad, ...] = (*KEYS, *SHAPES, *GRAPHS, *NUMBERS, *FILES, *TEX, *ATTACKS)
