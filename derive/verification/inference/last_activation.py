r"""``t - a``: the a without a layer that stands beside the target is the output.

>>> [_BESIDE.search(text) is not None for text in (r"\mathbf{t} - \mathbf{a}", "e = t - a = 1", "t - a^1", "y - at")]
[True, True, False, False]
"""

from __future__ import annotations

from derive.expressions.tree import Name
from derive.naming.names import Names
from derive.patterns import regex
from derive.verification.reading import Matrix

_A = r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s?\{?\s?)?(?<![A-Za-z])a(?![A-Za-z0-9_])\s?\}?(?!\s?[\^_(\[])"
_T = r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s?\{?\s?)?(?<![A-Za-z])t(?![A-Za-z0-9_])\s?\}?(?!\s?[\^_(\[])"
_BESIDE = regex(rf"{_T}\s?[-−]\s?{_A}|{_A}\s?[-−]\s?{_T}")


def last_activation(text: str, names: Names) -> Matrix | None:
    """What ``a`` is in a text that subtracts it and the target from each other; None in any other.

    It is a vector, of which a number above is the layer and no power.
    """
    if len(names.sizes) < 2 or "a" in names.taken or not names.targets or _BESIDE.search(text) is None:
        return None
    return Matrix(tuple((Name(output),) for output in names.outputs))


__all__ = ["last_activation"]
