"""A text is read once more with what was found for names that only its numbers and formulas explain."""

from __future__ import annotations

from collections.abc import Sequence

from derive.network.build import rational
from derive.verification.comparing.chain import File
from derive.verification.inference.by_formulas import ERRORS
from derive.verification.inference.definitions import Definitions
from derive.verification.inference.exchanged import exchanged
from derive.verification.inference.in_doubt import may_mean_others
from derive.verification.inference.names import inferred
from derive.verification.inference.of_outputs import RESIDUAL
from derive.verification.inference.stated_deltas import stated_deltas
from derive.verification.reading import Chain, Decimal, Spelling, TextKind, read
from derive.verification.reading.model import ReadText
from derive.verification.reading.own_names import OwnNames

MAX_NAMED = 2_000
"""In a text of more chains no names are looked for that no ``let`` explains."""
MAX_TEXT = 200_000
"""Nor in a text of more characters."""


def read_with_names(
    text: str, kind: TextKind, spelling: Spelling, decimal: Decimal, *, file: File, own: OwnNames
) -> tuple[ReadText, Spelling]:
    """A text, once more where it has names that only its numbers and formulas explain; and how it spells names.

    ``own`` are names that are given for several files; the spelling has them.
    """
    found, spelling = _with_names(text, kind, spelling, decimal, file=file, own=own)
    if not own and (said := stated_deltas(found.chains, file.network.names)):
        spelling = spelling.with_own(spelling.own_names.with_(said.by_key))
        found = read(text, kind, spelling, decimal)
    return found, spelling


def _with_names(
    text: str, kind: TextKind, spelling: Spelling, decimal: Decimal, *, file: File, own: OwnNames
) -> tuple[ReadText, Spelling]:
    """The same but for what a text says of its δ."""
    found = read(text, kind, spelling, decimal)
    swapped = _exchanged(found.chains, file) if not own else OwnNames()
    if swapped:
        spelling = spelling.with_own(swapped)
        found = read(text, kind, spelling, decimal)
    unknown = found.not_read or any(side.expr is None for chain in found.chains for side in chain.sides)
    unknown = unknown or not file.network.names.sizes  # beside formulas a line with a name of its own is prose
    if len(found.chains) > MAX_NAMED or len(text) > MAX_TEXT:
        return found, spelling
    if not unknown and not _are_in_doubt(found.chains, text, file):
        return found, spelling
    more = inferred(text, kind, spelling, decimal, file)
    if not unknown:  # all names are the network's: only y, an error, or the sign of a δ may be another one
        more = OwnNames({key: one for key, one in more.by_key.items() if one.why in ("its_use", "its_sign")})
    if not more:
        return found, spelling
    spelling = spelling.with_own(swapped.with_(more.by_key).with_(own.by_key))
    return read(text, kind, spelling, decimal), spelling


def _exchanged(chains: Sequence[Chain], file: File) -> OwnNames:
    """The letters that the text has for each other's quantities, by its numbers."""
    network = file.network
    if len(network.rows) > 1:
        return OwnNames()
    return exchanged(chains, network.names, Definitions(file).value)


def _are_in_doubt(chains: Sequence[Chain], text: str, file: File) -> bool:
    """Whether some name of the network's may be another quantity than it says."""
    if not any(map(_is_in_doubt, chains)):
        return False
    rate = file.network.spec.training.learning_rate
    return may_mean_others(text, file.network.names, None if rate is None else rational(rate))


def _is_in_doubt(chain: Chain) -> bool:
    """Whether a chain is about y, the output or the target, about a δ, whose sign may be turned, or about an error."""
    said = chain.sides[0].text
    if said.lower() in ERRORS or any(RESIDUAL.search(side.text) for side in chain.sides):
        return True
    return said.lstrip("\\").startswith(("delta", "δ")) or (said[:1] == "y" and said[:2] != "yh")


__all__ = ["read_with_names"]
