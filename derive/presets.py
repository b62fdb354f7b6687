r"""How a letter, its layer and its indices are put together: one entry for each preset of ``[notation]``.

>>> [preset.indexed("w", 1, "43") for preset in PRESETS.values()][:3]
['w^{1}_{43}', 'w^{(1)}_{43}', 'w^{[1]}_{43}']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

Indexed = Callable[[str, "int | str", str], str]
"""A letter, a layer and indices (which may be letters in a general rule), put together as a preset does it."""


def _raised(before: str, after: str) -> Indexed:
    """The layer above, between these signs, and the indices below."""

    def indexed(letter: str, layer: int | str, indices: str) -> str:
        return f"{letter}^{{{before}{layer}{after}}}" + (f"_{{{indices}}}" if indices else "")

    return indexed


def _flat(letter: str, layer: int | str, indices: str) -> str:
    return f"{letter}_{{{layer}{',' + indices if indices else ''}}}"


@dataclass(frozen=True, slots=True)
class Preset:
    """A way of writing the quantities of a layer; ``commas`` between indices always, or only where needed.

    ``bias_unit``: the bias is the weight from a unit 0, which is always 1.
    """

    indexed: Indexed
    commas: bool = False
    bias_unit: bool = False


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "superscript": Preset(_raised("", "")),
        "parenthesised": Preset(_raised("(", ")")),
        "bracketed": Preset(_raised("[", "]")),
        "bias_unit": Preset(_raised("", ""), bias_unit=True),
        "flat": Preset(_flat, commas=True),
    }
)
