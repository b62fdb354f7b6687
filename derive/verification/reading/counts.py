r"""Letters that count something of the network: ``L = 3`` layers, beside ``a^{(L)}``."""

from __future__ import annotations

from derive.patterns import regex
from derive.verification.reading.rows import RawChain

_PER_SAMPLE = regex(r"(?:\\[dt]?frac\s*\{?\s*1\s*\}?\s*\{?\s*m(?![A-Za-z])|\b1\s*/\s*m\b)[^=]{0,40}(?:Z|delta|δ|Δ)")
_TURNED = regex(r"(?:Z|delta|δ|Δ)[^=+]{0,60}(?<![A-Za-z])[AXH](?![A-Za-z])[^=+]{0,30}(?:T|top|intercal)(?![A-Za-z])")
"""What makes a matrix of δ and of what stands before it, sample by sample."""
_LAST_LAYER = regex(r"\^\s*\{?\s*[(\[]?\s*L\s*(?:-\s*1)?\s*[)\]]?\s*\}?|\^L(?![A-Za-z])")


def counts_layers(chain: RawChain, text: str, layers: int) -> bool:
    """Whether a chain says how many layers there are: ``L = 3``, where L stands above letters as the last layer.

    The input may be counted as a layer.
    """
    if not layers or len(chain.sides) != 2 or [token.text for token in chain.sides[0]] != ["L"]:
        return False
    right = [token.text for token in chain.sides[1]]
    return right in ([str(layers)], [str(layers + 1)]) and _LAST_LAYER.search(text) is not None


def averages(written: str) -> bool:
    r"""Whether a calculation is a mean over all samples as matrices give it: ``\frac{1}{m} dZ^{[2]} A^{[1]T}``.

    Its capitals have a column for each sample, also where the layer has one unit and a product one number.
    """
    return _PER_SAMPLE.search(written) is not None and _TURNED.search(written) is not None


__all__ = ["averages", "counts_layers"]
