r"""The families of quantities whose letter an author may choose in ``[notation]``, and what follows from a choice.

>>> letters = letters_of((("weight", r"\theta"), ("activation", "h")))
>>> [letters[one] for one in ("w", "W", "a", "z", "delta")]
['\\theta', '\\Theta', 'h', 'z', '\\delta']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from derive.naming.author_tex import ACCENTS, FONTS, GREEK
from derive.patterns import regex
from derive.records import record


@record
class Family:
    """Quantities that share a letter.

    Attributes:
        key: of ``[notation]``.
        name: the letter in the quantities' ASCII names.
        letter: the TeX that they have where the author chooses none.
        about: what they are.
        layered: each has a layer and indices; a graph has none of them.
    """

    key: str
    name: str
    letter: str
    about: str
    layered: bool = True


FAMILIES = (
    Family("weight", "w", "w", "weights; the matrix of a layer has its capital"),
    Family("bias", "b", "b", "biases"),
    Family("input", "x", "x", "inputs"),
    Family("output", "yhat", r"\hat{y}", "outputs; the letter of the activations: written as those of the last layer"),
    Family("weighted_input", "z", "z", "weighted inputs"),
    Family("activation", "a", "a", "activations"),
    Family("delta", "delta", r"\delta", "derivatives of the loss by weighted inputs"),
    Family("learning_rate", "eta", r"\eta", "learning rate", layered=False),
)
Letters = Mapping[str, str]
"""TeX by the letter of the ASCII names, ``W`` for the weights' matrix among them."""


def letters_of(chosen: Iterable[tuple[str, str]]) -> Letters:
    """The letters of all families, where the author chose some by their keys."""
    own = dict(chosen)
    letters = {family.name: own.get(family.key, family.letter) for family in FAMILIES}
    return {**letters, "W": capital(letters["w"])}


def chosen_of(chosen: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The families whose letter the author chose, by the letter of their ASCII names."""
    keys = {key for key, _ in chosen}
    return frozenset(family.name for family in FAMILIES if family.key in keys)


_DRESSED = regex(rf"(\\(?:{'|'.join(sorted(ACCENTS | FONTS))})) *\{{(.+)\}}")


def capital(letter: str) -> str:
    r"""The letter of a matrix; a letter that has no capital stands as it is.

    >>> [capital(letter) for letter in ("w", r"\theta", r"\hat{w}", r"\alpha", "V")]
    ['W', '\\Theta', '\\hat{W}', '\\alpha', 'V']
    """
    if len(letter) == 1:
        return letter.upper()
    if letter.startswith("\\") and letter[1:] in GREEK:
        large = letter[1:].capitalize()
        return f"\\{large}" if large in GREEK else letter
    dressed = _DRESSED.fullmatch(letter)
    return f"{dressed[1]}{{{capital(dressed[2])}}}" if dressed else letter
