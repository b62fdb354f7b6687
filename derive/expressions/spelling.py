"""How people write the names of quantities, and the ASCII that they stand for (contract, section 2).

>>> ascii_name("∂ŷ/∂w1_43′"), ascii_name("σ'(z)"), ascii_name("δ2_1")
("dyhat/dw1_43'", "sigma'(z)", 'delta2_1')
"""

from __future__ import annotations

LETTERS = {
    "δ": "delta", "η": "eta", "α": "alpha", "ε": "epsilon", "ϵ": "epsilon", "μ": "mu", "µ": "mu", "σ": "sigma",
    "ŷ": "yhat",
}  # fmt: skip
"""Letters that begin a name."""
DIFFERENTIALS = {"∂": "d", "𝜕": "d"}
PRIMES = {"′": "'", "’": "'", "″": "''"}
COMPOSED = "y\u0302"
"""The letter ŷ as two characters."""

_ASCII = str.maketrans(LETTERS | DIFFERENTIALS | PRIMES)


def ascii_name(word: str) -> str:
    """The name in ASCII; other characters stay as they are."""
    return word if word.isascii() else word.replace(COMPOSED, "yhat").translate(_ASCII)
