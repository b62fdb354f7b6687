"""The author's own notation: one look for each quantity, and no two quantities that look alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from derive.names import Names
from derive.spec.model import NotationSpec
from derive.spec.place import Place, quoted

MOST_COMPARED = 20_000
"""So many quantities are compared with the author's own TeX."""

_ONE_IN_BRACES = re.compile(r"(?<![A-Za-z])\{(\w)\}")
_NEEDLESS_SPACE = re.compile(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])")


def check_looks(spec: NotationSpec, own: Mapping[str, Place], names: Names, *, descends: bool) -> None:
    """Note where a quantity with TeX of the author's looks like another one; ``own`` says where it is written.

    ``descends``: there is a learning rate to be told from the others.
    """
    from derive.notation import Notation

    notation = Notation.of_names(names, spec)
    seen: dict[str, str] = {}
    for name in islice(_quantities(names, descends), MOST_COMPARED):
        if name not in own:
            seen.setdefault(look(notation.tex(name)), name)
    chosen = {names.loss: spec.loss, **dict(spec.names)}
    for name, place in own.items():
        if names.describe(name) is None:  # a derivative, or a whole layer: it may share the look of its one entry
            continue
        other = seen.setdefault(look(chosen[name]), name)
        if other != name:
            place.error(f"{quoted(name)} would look like {quoted(other)}: {chosen[name]}", "give it another symbol")


def look(tex: str) -> str:
    r"""TeX without the braces and spaces that make no difference.

    >>> look("x_{1}") == look("x_1"), look(r"\alpha x"), look("{y}")
    (True, '\\alpha x', 'y')
    """
    return _NEEDLESS_SPACE.sub("", _ONE_IN_BRACES.sub(r"\1", tex))


def _quantities(names: Names, descends: bool) -> Iterator[str]:
    """Every quantity of the spec that is no derivative."""
    yield from (*names.inputs, *names.own, *names.outputs, *names.targets, names.loss)
    yield from (names.eta,) if descends else ()
    for l, units in enumerate(names.sizes, 1):
        for j in range(1, units + 1):
            yield from (names.z(l, j), names.a(l, j))
    if names.sizes:
        yield from names.parameters
