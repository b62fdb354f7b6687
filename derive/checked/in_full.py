"""What a document works in full, and what is therefore checked by itself."""

from __future__ import annotations

from typing import NamedTuple


class InFull(NamedTuple):
    """Parameters by their names, and a sample of the first batch, counted from 0."""

    parameters: tuple[str, ...] = ()
    sample: int = 0
