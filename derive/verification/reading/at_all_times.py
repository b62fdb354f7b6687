r"""A moment behind every name: ``v_1(n)``, ``w_{31}(n+1)``, ``y(t)``, in a text that counts its updates by a letter.

A text does where a name stands at ``(n+1)`` and ``n`` stands nowhere but in such brackets. What is said at ``(n)`` is
said of now, as names are that say no moment.

>>> at_all_times("w(n+1) = w(n) + eta*e(n)*x(n); y(n) = f(v(n)) = 0.5; e^2(n) = 0.25")
'w(n+1) = w    + eta*e   *x   ; y    = f(v   ) = 0.5; e^2    = 0.25'
>>> at_all_times("w[n+1] = w[n] + 0.5; y[n] = 0.4; w(n)")
'w[n+1] = w[n] + 0.5; y[n] = 0.4; w(n)'
>>> at_all_times("w(n+1) = 3; n = 2; y = w(n)")
'w(n+1) = 3; n = 2; y = w(n)'
"""

from __future__ import annotations

import re

from derive.patterns import regex

_OPENED = {"(": ")", "[": "]", "^(": ")", "^{(": ")}"}
"""The brackets in which a moment stands behind a name, or above it."""
_LATER = regex(r"[\w}']\s{0,2}(?P<opened>\^?\{?[(\[])\s?(?P<letter>[knt])\s?\+\s?1\s?[)\]]")
_ALONE = r"(?<![\w\\]){}(?![\w])"
_FUNCTIONS = frozenset(
    r"f g h phi varphi psi sigma exp ln log tanh max min sin cos tan φ ϕ σ ψ sigmoid relu ReLU sqrt".split()
)


def at_all_times(text: str) -> str:
    """The text without the brackets that say the moment at which it is; every offset stays."""
    for opened, letter in dict.fromkeys(found.group("opened", "letter") for found in _LATER.finditer(text)):
        if opened not in _OPENED:
            continue
        around = re.escape(opened), re.escape(_OPENED[opened])
        inside = re.compile(rf"{around[0]}\s?{letter}\s?(?:[-+−]\s?1\s?)?{around[1]}")
        alone = re.findall(_ALONE.format(letter), text)
        if len(alone) == len(inside.findall(text)):
            now = (
                rf"(?P<before>(?P<word>\\?[^\W\d_]+)|[\w}}'])(?P<moment>\s{{0,2}}{around[0]}\s?{letter}\s?{around[1]})"
            )
            back = re.compile(rf"{around[0]}\s?{letter}\s?[-−]")
            lines = text.split("\n")
            text = "\n".join(one if back.search(one) else re.sub(now, _without_moment, one) for one in lines)
    return text


def _without_moment(found: re.Match[str]) -> str:
    word = (found["word"] or "").lstrip("\\")
    return found.group() if word in _FUNCTIONS else found["before"] + " " * len(found["moment"])


__all__ = ["at_all_times"]
