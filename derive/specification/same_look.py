"""The author's own notation: one look for each quantity, and no two quantities that look alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from derive.model import NotationSpec
from derive.naming.author_tex import FONTS, author_name
from derive.naming.families import FAMILIES, chosen_of, letters_of
from derive.naming.names import Names
from derive.patterns import regex
from derive.place import Place, quoted

MAX_COMPARED = 20_000
"""At most this many quantities are compared with the author's own TeX."""


def check_letters(spec: NotationSpec, names: Names, place: Place, *, loss: bool) -> None:
    """Note where two families of quantities have one letter, or one has the letter of a name of the author's.

    ``loss``: the letter of the loss is the author's choice. Outputs may have the letter of the activations.
    """
    letters, chosen = letters_of(spec.letters), chosen_of(spec.letters)
    families = {family.name: family.key for family in FAMILIES if family.layered <= bool(names.sizes)}
    all_letters = {key: [letters[name]] for name, key in families.items()}
    if names.sizes:
        all_letters["weight"].append(letters["W"])
        all_letters["loss"] = [spec.loss]
    own = {key for key, _ in spec.letters} | ({"loss"} if loss else set())
    for key, letter in spec.letters:
        if what := RESERVED.get(_plain(letter)):
            place.at(key).error(f"{letter} is {what} in formulas", "give it another letter")
    owners: dict[str, str] = {}
    for key in sorted(all_letters, key=own.__contains__):  # the author's choices last, so that they are told of
        for letter in dict.fromkeys(all_letters[key]):  # W of weights called W is that letter again
            other = owners.setdefault(_plain(letter), key)
            if key in own and other != key and {key, other} != {"output", "activation"}:
                place.at(key).error(f"the letter {letter} is that of '{other}', too", "give it another letter")
    taken = {_plain(_base(author_name(name))): name for name in (names.inputs if "x" not in chosen else ())}
    taken |= {_plain(_base(author_name(name))): name for name in names.targets}
    for name in chosen if names.sizes else ():
        for letter in {letters[name], letters["W"] if name == "w" else letters[name]}:
            if (named := taken.get(_plain(letter))) is not None:
                problem = f"the letter {letter} is that of the quantity {quoted(named)}"
                place.at(families[name]).error(problem, "give it another letter")


RESERVED = MappingProxyType(
    {"e": "Euler's number", "d": "the sign of a derivative", r"\sigma": "the sigmoid", r"\pi": "the number π"}
)
"""Letters that formulas have of their own."""
_DRESS = regex(rf"\\(?:{'|'.join(sorted(FONTS))})(?![A-Za-z]) *|[{{}}]")


def _plain(letter: str) -> str:
    r"""A letter without its font, and one shape of those that have two: ``\mathbf{h}`` is too much like ``h``.

    >>> _plain(r"\mathbf{h}"), _plain(r"\varepsilon"), _plain("net")
    ('h', '\\epsilon', 'net')
    """
    from derive.naming.looks import look

    return look(_DRESS.sub("", letter).replace(r"\var", "\\")).strip()


def _base(tex: str) -> str:
    """TeX of a name without its index."""
    return tex.partition("_")[0]


def check_looks(spec: NotationSpec, own: Mapping[str, Place], names: Names, place: Place, *, descends: bool) -> None:
    """Note where a quantity whose TeX or letter is the author's looks like another one.

    ``own`` says where TeX of single quantities is written.
    ``descends``: there is a learning rate to be told from the others.
    """
    from derive.naming.looks import look
    from derive.naming.notation import Notation

    notation = Notation.of_names(names, spec)
    keys = {family.name: family.key for family in FAMILIES if family.name in notation.chosen}
    seen: dict[str, str] = {}
    later: list[tuple[str, Place]] = []
    for name in islice(_quantities(names, descends), MAX_COMPARED):
        described = names.describe(name)
        key = keys.get(_FAMILY.get(described.kind, "")) if described is not None else None
        if name in own or key is not None:
            later.append((name, own[name] if name in own else place.at(str(key))))
        else:
            seen.setdefault(look(notation.tex(name)), name)
    told: set[str] = set()
    for name, here in later:
        symbol = notation.tex(name)
        other = seen.setdefault(look(symbol), name)
        if other != name and here.path not in told:
            told.add(here.path)
            here.error(f"{quoted(name)} would look like {quoted(other)}: {symbol}", "give it another symbol")
    for name, key in keys.items():
        for layer in range(1, 1 + len(names.sizes)) if name in _LAYERED else ():
            symbol = notation.matrix(_LAYERED[name], layer)
            other = seen.get(look(symbol), "")
            if other not in ("", f"{name}{layer}") and key not in told:
                told.add(key)
                problem = f"the vector or matrix of layer {layer} would look like {quoted(other)}: {symbol}"
                place.at(key).error(problem, "give it another letter, or the quantity another symbol")


_FAMILY: Mapping[str, str] = MappingProxyType(
    {"weight": "w", "bias": "b", "input": "x", "output": "yhat", "weighted input": "z", "activation": "a",
     "learning rate": "eta"}
)  # fmt: skip
"""The letter of the ASCII names by the kind of a quantity."""
_LAYERED: Mapping[str, str] = MappingProxyType({"w": "W", "b": "b", "z": "z", "a": "a", "delta": "delta"})
"""Families that stand together for a whole layer, and the letter for that."""


def _quantities(names: Names, descends: bool) -> Iterator[str]:
    """Every quantity of the spec that is no derivative."""
    yield from (*names.inputs, *names.own, *names.outputs, *names.targets, names.loss)
    yield from (names.eta, *names.hyperparameters.values()) if descends else ()
    for l, units in enumerate(names.sizes, 1):
        for j in range(1, units + 1):
            yield from (names.z(l, j), names.a(l, j))
    if names.sizes:
        yield from names.parameters
    for key in names.states:
        yield from (names.state(key, name) for name in names.parameters)
