"""Whether a text of which every name is the network's can mean another quantity by one of them.

Only three kinds of names can: y, which may be the output; a word for the loss that is a difference of output and
target; and a δ of the other sign, which some update adds. To find out takes as long as to read the text, so it is first
asked whether the text has what they need at all.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from flint import fmpq

from derive.naming.canonical_names import LEARNING_RATE
from derive.naming.names import Names
from derive.patterns import regex

_OWN_COMMANDS = regex(r"\\(?:(?:re)?newcommand|def|let|DeclareMathOperator)(?![A-Za-z])")
_HATS = regex(r"\\(?:wide)?hat\s*\{?\s*(?:\\[a-z]+\s*\{\s*)?y|(?<![A-Za-z])yhat|ŷ|y\u0302")
"""The ways to write ŷ."""
_Y = regex(r"(?<![A-Za-z])[dD]?[yY](?![a-z]{3})")
"""A y that begins no word of prose."""
_GETS = r"[=≈≅≃≐~:≔←→⇒⟵⟶>]|<-|\\(?:approx|simeq|coloneqq|gets|to|[A-Za-z]*arrow)(?![A-Za-z])"
"""The signs that set what stands before them equal to something, or lead on to it."""
_ERROR = regex(
    r"(?i)(?<![a-z\\])(error|err|fehler|erreur|e)(?![a-z])"
    r"(?:\s*(?:_\s*(?:\{[^{}\n]{0,40}\}|\\?\w+)|\^\s*(?:\{\s*[(\[\\hoy][^{}\n]{0,40}\}|[(\[][^()\[\]\n]{0,40}[)\]]|[hoy])))*"
    rf"[^\w=≈~:←<\n^+*/-]{{0,20}}?(?:{_GETS})"
)
"""A word for the loss, with its indices, before a sign that gives it a value; a power of e is none."""
_BETWEEN = r"(?:\\[A-Za-z]+|[^A-Za-z0-9.$\\+=≈α-ω−-]){0,30}?"
"""Spaces, brackets and the commands for fonts."""
_ADDED_RATE = rf"(?:[+＋]|{_GETS}){_BETWEEN}\\?(?:WORDS)(?![A-Za-z])"
_ADDED_NUMBER = regex(rf"[+＋]{_BETWEEN}([0-9]+(?:[.,][0-9]*)?(?:[eE][+-]?[0-9]+)?|[.,][0-9]+)")
_GREEK_RATES = "η|α|ε|ϵ|µ|μ|γ|varepsilon|var[a-z]+"


def may_mean_others(text: str, names: Names, rate: fmpq | None) -> bool:
    """Whether a y, an error or a δ of a text may be another quantity than it is by its name."""
    if _OWN_COMMANDS.search(text) is not None or any(map(_is_a_letter, set(text) - _ASCII)):
        return True
    if _Y.search(_HATS.sub("", text)) is not None:
        return True
    if any(found[1] != names.loss for found in _ERROR.finditer(text)):
        return True
    return _adds(names.eta, text, rate)


def _adds(eta: str, text: str, rate: fmpq | None) -> bool:
    """Whether something may be added that begins with the learning rate."""
    if _rates(eta).search(text) is not None:
        return True
    size = float(rate) if rate is not None else None
    return any(float(found[1].replace(",", ".")) == size for found in _ADDED_NUMBER.finditer(text))


@cache
def _rates(eta: str) -> re.Pattern[str]:
    words = "|".join(map(re.escape, {*LEARNING_RATE, eta}))
    return re.compile(_ADDED_RATE.replace("WORDS", f"{words}|{_GREEK_RATES}"))


_ASCII = frozenset(map(chr, range(128)))


def _is_a_letter(sign: str) -> bool:
    """Whether a sign is read as a letter e or y: those of mathematical alphabets are."""
    return sign != "ŷ" and unicodedata.normalize("NFKD", sign)[:1] in {"y", "Y", "e", "E"} - {sign}


__all__ = ["may_mean_others"]
