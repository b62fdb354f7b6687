"""The author's own notation: one look for each quantity, and no two quantities that look alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from derive.names import Names
from derive.spec.model import NotationSpec
from derive.spec.place import Place, quoted

MOST_COMPARED = 20_000
"""So many quantities are compared with the author's own TeX."""


def check_looks(spec: NotationSpec, own: Mapping[str, Place], names: Names, *, descends: bool) -> None:
    """Note where a quantity with TeX of the author's looks like another one; ``own`` says where it is written.

    ``descends``: there is a learning rate to be told from the others.
    """
    from derive.notation import Notation
    from derive.notation_looks import look

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


def _quantities(names: Names, descends: bool) -> Iterator[str]:
    """Every quantity of the spec that is no derivative."""
    yield from (*names.inputs, *names.own, *names.outputs, *names.targets, names.loss)
    yield from (names.eta,) if descends else ()
    for l, units in enumerate(names.sizes, 1):
        for j in range(1, units + 1):
            yield from (names.z(l, j), names.a(l, j))
    if names.sizes:
        yield from names.parameters
