r"""A moment behind every name: ``v_1(n)``, ``w_{31}(n+1)``, ``y(t)``, in a text that counts its updates by a letter.

A text does where a name stands at ``(n+1)`` and ``n`` stands nowhere but in such brackets. What is said at ``(n)`` is
said of now, as names are that say no moment.

>>> at_all_times("w(n+1) = w(n) + eta*e(n)*x(n); y(n) = f(v(n)) = 0.5; e^2(n) = 0.25")
'w(n+1) = w    + eta*e   *x   ; y    = f(v   ) = 0.5; e^2    = 0.25'
>>> at_all_times("w(n+1) = 3; n = 2; y = w(n)")
'w(n+1) = 3; n = 2; y = w(n)'
"""

from __future__ import annotations

import re

_LATER = re.compile(r"[\w}']\s{0,2}\(\s?([knt])\s?\+\s?1\s?\)")
_NOW = r"(?P<before>(?P<word>\\?[^\W\d_]+)|[\w}}'])(?P<moment>\s{{0,2}}\(\s?{}\s?\))"
_ALONE = r"(?<![\w\\]){}(?![\w])"
_IN_BRACKETS = r"\(\s?{}\s?(?:[-+−]\s?1\s?)?\)"
_FUNCTIONS = frozenset(
    r"f g h phi varphi psi sigma exp ln log tanh max min sin cos tan φ ϕ σ ψ sigmoid relu ReLU sqrt".split()
)


def at_all_times(text: str) -> str:
    """The text without the brackets that say the moment at which it is; every offset stays."""
    for letter in dict.fromkeys(found[1] for found in _LATER.finditer(text)):
        alone = re.findall(_ALONE.format(letter), text)
        if len(alone) == len(re.findall(_IN_BRACKETS.format(letter), text)):
            text = re.sub(_NOW.format(letter), _without_moment, text)
    return text


def _without_moment(found: re.Match[str]) -> str:
    word = (found["word"] or "").lstrip("\\")
    return found.group() if word in _FUNCTIONS else found["before"] + " " * len(found["moment"])


__all__ = ["at_all_times"]
