"""What a text calculates of a name in one sample, whose number stands above it."""

from __future__ import annotations

from typing import NamedTuple

from derive.patterns import regex
from derive.verification.reading.symbols import Scripted

_SAMPLE = regex(r"[(\[]([1-9][0-9]{0,5})[)\]]")


class OfASample(NamedTuple):
    """What a text calculates of a name in a sample; ``result`` is the number with which it ends, as it is written."""

    base: str
    unit: int
    row: int
    result: str

    @property
    def written(self) -> str:
        """The name as it was typed, in one line."""
        return f"{self.base}_{self.unit}^({self.row})" if self.unit else f"{self.base}^({self.row})"


def of_a_sample(symbol: Scripted | None, result: str) -> OfASample | None:
    """What a chain says of a name in a sample; None where it is about something else."""
    above = _SAMPLE.fullmatch(symbol.above) if symbol is not None and result else None
    if symbol is None or above is None or symbol.primes or (symbol.below and not symbol.below.isdigit()):
        return None
    base, _, rest = symbol.base.partition("_")
    below = symbol.below or rest
    if len(below) > 3 or (below and not below.isdigit()):
        return None
    return OfASample(base, int(below or 0), int(above[1]), result)


__all__ = ["OfASample", "of_a_sample"]
