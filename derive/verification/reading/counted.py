"""Moments in brackets: ``w1(0)``, ``z(1)``, ``w[k]`` with a number, in a text that counts its updates so.

A text does where it gives one parameter a number at 0 and at 1, ``w1(0) = 0.2`` and ``w1(1) = …``, or works one out of
the one before, ``w1[1] = w1[0] - …``. Elsewhere brackets are arguments, indices, layers or factors.

>>> with_moments("w(0) = 0.2; y(0) = sigma(z(0)); z(0) = 1; w(1) = w(0) - 0.1")
'w@00 = 0.2; y@00 = sigma(z@00); z@00 = 1; w@01 = w@00 - 0.1'
>>> with_moments("f(0) = 1; f(1) = 2; b(1) = 0.5; b(2) = 0.1")
'f(0) = 1; f(1) = 2; b(1) = 0.5; b(2) = 0.1'
"""

from __future__ import annotations

import re
from typing import NamedTuple

from derive.patterns import regex

MAX_NAME = 20
"""A name has at most this many letters and digits."""
_NAME = rf"(?<![\w.'@])(?P<name>[^\W\d]\w{{0,{MAX_NAME}}})"
_MOMENT = r"(?P<sign>\^?[(\[])(?P<at>[0-9]{1,3})[)\]]"
_GIVEN = regex(rf"{_NAME}{_MOMENT}[ \t]{{0,9}}(?::?=|≈|<-|←)(?=(?P<behind>[^\n=≈;]{{0,80}}))")
_SAID = regex(rf"{_NAME}{_MOMENT}")
_PLAIN = regex(rf"{_NAME}[ \t]{{0,9}}=[ \t]{{0,9}}[-−]?[0-9.]")
_STEP = regex(r"[)\]]\s*[-+−]")
_PARAMETER = regex(r"(?:[wWvuθ]|theta|[bB](?:ias)?)_?[0-9a-z]{0,3}(?:_[0-9]{1,3}){0,2}")
_FUNCTIONS = frozenset("f g h phi φ psi sigma σ sig sigm sigmoid tanh relu exp ln log max min softmax".split())


class _Given(NamedTuple):
    """A name at a moment that is set equal to something, and what stands behind the sign."""

    name: str
    sign: str
    at: int
    behind: str


def counts_in_brackets(text: str) -> bool:
    """Whether a text says in brackets behind a name how many updates have been made."""
    return _first(_given(text)) is not None


def with_moments(text: str) -> str:
    """The text with ``@`` in place of the brackets around its moments; every offset stays."""
    given = _given(text)
    sign = _first(given)
    if sign is None:
        return text
    of_parameters = [one for one in given if one.sign == sign and _PARAMETER.fullmatch(one.name)]
    first = min(one.at for one in of_parameters)
    plain = {found["name"] for found in _PLAIN.finditer(text)}
    if first > 1 or any(one.name in plain for one in of_parameters if one.at == first):
        first = 0  # it starts without brackets: w1 = 0.2, w1(1) = ...
    names = {one.name for one in given if one.sign == sign and one.name not in _FUNCTIONS}

    def at(found: re.Match[str]) -> str:
        if found["sign"] != sign or found["name"] not in names or int(found["at"]) < first:
            return found.group()
        number = int(found["at"]) - first
        return f"{found['name']}@{number:0{len(found.group()) - len(found['name']) - 1}}"

    return _SAID.sub(at, text)


def _given(text: str) -> list[_Given]:
    if "(0)" not in text and "(1)" not in text and "[0]" not in text and "[1]" not in text:
        return []
    found = _GIVEN.finditer(text)
    return [_Given(one["name"], one["sign"], int(one["at"]), one["behind"]) for one in found]


def _first(given: list[_Given]) -> str | None:
    """The bracket in which moments stand; None where none do."""
    moments = {(one.name, one.sign, one.at) for one in given}
    for one in given:
        if _PARAMETER.fullmatch(one.name) is None or not one.at:
            continue
        before = f"{one.name}{one.sign}{one.at - 1}"
        place = one.behind.find(before)
        alone = place == 0 or (place > 0 and one.behind[place - 1] in " \t")
        stepped = alone and _STEP.match(one.behind, place + len(before)) is not None
        from_zero = "[" not in one.sign and one.at == 1 and (one.name, one.sign, 0) in moments
        if stepped or from_zero:
            return one.sign
    return None


__all__ = ["counts_in_brackets", "with_moments"]
