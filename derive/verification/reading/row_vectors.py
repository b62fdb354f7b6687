r"""Vectors as rows: a text that writes ``x W_1 + b_1`` has an input on the left of its weights.

>>> has_row_vectors(r"z_1 &= x W_1 + b_1"), has_row_vectors("h = sigmoid(x @ W1 + b1)"), has_row_vectors("z = W x + b")
(True, True, False)
"""

from __future__ import annotations

from derive.patterns import regex
from derive.verification.reading.matrices import transposed
from derive.verification.reading.model import Matrix, SideContent
from derive.verification.reading.parse import Parser

ROWS = "row_vectors"
"""What a whole file says: its vectors are rows."""
_FONT = r"(?:\\(?:mathbf|boldsymbol|bm|vec|mathrm)[ \t]?\{?[ \t]?)?"
_SCRIPTS = r"(?:\}|[ \t]?[_^][ \t]?(?:\{[^{}\n]{0,12}\}|\([^()\n]{1,3}\)|\\?[A-Za-z0-9]+)|[0-9]|\.T)*"
_VECTOR_FIRST = regex(
    rf"[=(][ \t]*&?[ \t]*{_FONT}(?<![A-Za-z])[xhaXHA]{_SCRIPTS}[ \t]*(?:\\[,;:!]|\\cdot|@|·)?[ \t]*"
    rf"{_FONT}(?:W|U|V|\\Theta){_SCRIPTS}[ \t]*(?:\\,)?\+[ \t]*{_FONT}[bc](?![A-Za-z])"
)


def has_row_vectors(text: str) -> bool:
    """Whether a text multiplies a vector by the weights on its right, and adds the biases."""
    return "+" in text and _VECTOR_FIRST.search(text) is not None


def laid(parser: Parser, value: SideContent) -> SideContent:
    """A layer's vector as the text lays vectors out, or in another reading as a column."""
    if (
        ROWS not in parser.choices
        or parser.code
        or not isinstance(value, Matrix)
        or value.shape[1] != 1
        or value.shape[0] == 1
    ):
        return value
    return value if parser.takes("columns") else transposed(value)


__all__ = ["ROWS", "has_row_vectors", "laid"]
