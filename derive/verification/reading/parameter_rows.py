"""What a cell of a parameter's row is about, by its head: its gradient, the optimizer's velocity, its new value."""

from __future__ import annotations

from collections.abc import Sequence

from derive.patterns import regex
from derive.verification.reading.table_cells import at, slope_by
from derive.verification.reading.table_heads import NEW, SLOPE
from derive.verification.reading.token import Token

_VELOCITY = regex(
    r"(?i)\W*(?:(?:new )?(?:velocity|velocities|momentum)|geschwindigkeit|impuls|velocidad|momento|vitesse|velocità)\W*"
)


def about(parameter: Sequence[Token], said: str, *, output: str, state: str) -> list[Token] | None:
    """The quantity that a head says of the parameter at the head of a row; None where it says none.

    ``output`` is what derivatives are of, ``state`` the letter of what the optimizer carries over.
    """
    place = parameter[0].start
    if SLOPE.fullmatch(said) and output:
        return [*slope_by(output, place), *parameter]
    if NEW.fullmatch(said):
        return [at("word", "new", place), *parameter]
    if _VELOCITY.fullmatch(said) and state:
        opened = [at("word", state, place), at("op", "_", place), at("op", "{", place)]
        return [*opened, *parameter, at("op", "}", parameter[-1].end)]
    return None


__all__ = ["about"]
