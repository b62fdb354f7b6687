"""What the programs of a text use names for that its prose has, too."""

from __future__ import annotations

from collections.abc import Iterable

from derive.verification.reading.programs import ProgramStatement


def outputs_in(text: str, statements: Iterable[ProgramStatement]) -> frozenset[str]:
    """The names that statements give the value of an output, and that would be a target's: ``y = W2*h + b2``."""
    found = set[str]()
    for statement in statements:
        for raw in statement.chains:
            left = raw.chain.sides[0]
            written = text[left[0].start : left[0].end] if len(left) == 1 else ""
            if written[:1] in ("y", "Y") and left[0].text != written and left[0].text.startswith("yhat"):
                found.add(written)
    return frozenset(found)


__all__ = ["outputs_in"]
