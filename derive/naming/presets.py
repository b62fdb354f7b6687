r"""How a letter, its layer and its indices are put together: one entry for each preset of ``[notation]``.

>>> [preset.indexed("w", 1, "43") for preset in PRESETS.values()][:3]
['w^{1}_{43}', 'w^{(1)}_{43}', 'w^{[1]}_{43}']
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from derive.records import record


@record
class Preset:
    """A way of writing the quantities of a layer.

    Attributes:
        brackets: around the layer.
        flat: the layer stands below, before the indices, with commas between all of them; otherwise above.
        bias_unit: the bias is the weight from a unit 0, which is always 1.
    """

    brackets: str = ""
    flat: bool = False
    bias_unit: bool = False

    def indexed(self, letter: str, layer: int | str, indices: str = "") -> str:
        """A letter with its layer and indices, which may be letters in a general rule."""
        if self.flat:
            return f"{letter}_{{{layer}{',' + indices if indices else ''}}}"
        before, after = self.brackets[:1], self.brackets[1:]
        return f"{letter}^{{{before}{layer}{after}}}" + (f"_{{{indices}}}" if indices else "")


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "superscript": Preset(),
        "parenthesised": Preset(brackets="()"),
        "bracketed": Preset(brackets="[]"),
        "bias_unit": Preset(bias_unit=True),
        "flat": Preset(flat=True),
    }
)
