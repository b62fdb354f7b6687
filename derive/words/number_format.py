r"""How a language writes numbers: in formulas, where TeX gives them, and among words.

Everything before this writes numbers in one way, with a decimal point and no other mark; here, and nowhere else, they
become those of a language. Its wording says how, in ``numbers.j2``.
"""

from __future__ import annotations

import re

from derive.patterns import regex
from derive.records import record

_IN_FORMULA = regex(r"(?<![\x0e0-9.])([0-9]+)(?:\.([0-9]+))?(?![0-9]*\x0f)")
_AMONG_WORDS = regex(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_BRACKETS_AND_COMMAS = regex(r"[()]|,(?=\s)(?<!\\,)")
_POWER = regex(r"\\times(?= ?10\^)")
LEAST_GROUPED = 5
"""A whole part of fewer digits is not grouped: 4321, 54 321."""


@record
class NumberFormat:
    r"""The signs of numbers.

    Attributes:
        decimal_mark: between the whole part and the decimals.
        group: between groups of three digits of a long whole part; empty for none.
        minus: before a negative number among words; formulas have TeX's.
        power: the sign before a power of ten, a command of TeX.

    >>> comma = NumberFormat(",", "\u202f", "−", r"\cdot")
    >>> print(comma.tex(r"w = -12345.5 \times 10^{-8}"), comma.text("-0.5"), comma.tex(r"\max(0, 0.5)"))
    w = -12\,345{,}5 \cdot 10^{-8} −0,5 \max(0; 0{,}5)
    """

    decimal_mark: str = "."
    group: str = ""
    minus: str = "-"
    power: str = r"\times"

    def tex(self, formula: str) -> str:
        """A formula with its numbers in this format; the tokens of numbers that are not there yet stay."""
        if self == PLAIN:
            return formula
        mark, group = (_in_tex(sign) for sign in (self.decimal_mark, self.group))
        formula = _POWER.sub(lambda _: self.power, formula)
        if self.decimal_mark == ",":
            formula = _with_semicolons(formula)
        return _IN_FORMULA.sub(lambda found: self._number(found[1], found[2], mark, group), formula)

    def text(self, word: str) -> str:
        """A word, in this format if it is a number."""
        found = _AMONG_WORDS.fullmatch(word) if self != PLAIN else None
        if found is None:
            return word
        return self.minus * bool(found[1]) + self._number(found[2], found[3], self.decimal_mark, self.group)

    def _number(self, whole: str, decimals: str | None, mark: str, group: str) -> str:
        if group and len(whole) >= LEAST_GROUPED:
            first = len(whole) % 3 or 3
            whole = group.join([whole[:first], *(whole[i : i + 3] for i in range(first, len(whole), 3))])
        return whole if decimals is None else f"{whole}{mark}{decimals}"


PLAIN = NumberFormat()
"""The format in which numbers come."""


def _with_semicolons(formula: str) -> str:
    """A formula with semicolons between arguments, where a comma is the sign of decimals: ``max(0; 0,5)``.

    A row of a longer formula may begin inside a bracket, which then only ends in it.
    """
    signs = _BRACKETS_AND_COMMAS.findall(formula)
    depth = least = 0
    for sign in signs:
        depth += (sign == "(") - (sign == ")")
        least = min(least, depth)
    depth = -least

    def shown(found: re.Match[str]) -> str:
        nonlocal depth
        depth += (found[0] == "(") - (found[0] == ")")
        return ";" if found[0] == "," and depth > 0 else found[0]

    return _BRACKETS_AND_COMMAS.sub(shown, formula)


def _in_tex(sign: str) -> str:
    """A sign between digits: without the space that TeX sets after a comma."""
    if sign.isspace():
        return r"\,"
    return sign if sign in ("", ".") else f"{{{sign}}}"
