r"""Names of a graph that TeX sets with an index: in ``net_{h1}`` for net_h1 the letters ``net`` are a word."""

from __future__ import annotations

from collections.abc import Iterable


def stems(names: Iterable[str]) -> frozenset[str]:
    """What stands before the first low line of these names, where that is a word.

    Letters that are names themselves may as well be factors: in a graph with ``a``, ``b`` and ``ab_1`` nothing says
    that ``ab_1`` is no product.

    >>> sorted(stems(["net_h1", "out_o1", "w_1", "a", "b_1", "ab_1"]))
    ['net', 'out']
    """
    given = frozenset(names)
    bases = [name.partition("_")[0] for name in given]
    letters = {base for base in bases if len(base) == 1}
    words = (name.partition("_")[0] for name in given if "_" in name)
    return frozenset(word for word in words if len(word) > 1 and word.isalpha() and not letters.issuperset(word))
