"""What courses call the quantities of small networks, and of one unit or layer."""

from __future__ import annotations

from collections.abc import Mapping

from flint import fmpq

from derive.expressions.tree import Name
from derive.patterns import regex
from derive.verification.inference.conventions import by_convention
from derive.verification.inference.givens import Givens
from derive.verification.inference.names_so_far import NamesSoFar
from derive.verification.inference.wholes import matrix, of_layers
from derive.verification.reading import Matrix
from derive.verification.reading.bare import LETTERS

_SCRIPTED = regex(r"(?<![A-Za-z\\])[za][ \t]*[\^_][ \t]*[{(\[]?[0-9]")
"""A z or an a that says whose it is: those alone are of any unit."""


def of_the_only_unit(so_far: NamesSoFar) -> None:
    """``z`` and ``a`` alone are the only hidden unit's, where the output has no z of its own and another name."""
    names, layers = so_far.spelling.names, so_far.file.network.layers
    if names.sizes != (1, 1) or layers[1].spec.activation.name != "identity" or _SCRIPTED.search(so_far.seen.text):
        return
    stated = {one.key for one in so_far.seen.equal}
    if stated & LETTERS and any(so_far.node(name) in names.outputs for name in stated):
        for name, node in (("z", names.z(1, 1)), ("a", names.a(1, 1))):
            if name in stated and name not in so_far.found:
                so_far.put(name, node, "its_letter")


def named_by_custom(so_far: NamesSoFar, numbers: Mapping[str, fmpq], givens: Givens) -> None:
    """What courses call the quantities of small networks; not where most of a family's numbers say otherwise."""
    found: dict[str, str] = {}
    for name, symbol in so_far.unknown.items():
        node = by_convention(symbol, so_far.spelling.names)
        if node and (name != "z" or "a" not in so_far.seen.symbols):  # beside "a" it is a letter of any unit
            found[name] = node
    votes: dict[str, int] = {}
    for name, node in found.items():
        if name in numbers and node in givens.values:
            stem = so_far.unknown[name].stem
            votes[stem] = votes.get(stem, 0) + (1 if numbers[name] == givens.values[node] else -1)
    _row_of_weights(so_far)
    _of_one_layer(so_far)
    for name, node in found.items():
        if votes.get(so_far.stem(name), 0) >= 0 and not so_far.are_others(so_far.stem(name), found):
            so_far.put(name, node, "its_letter")


def _of_one_layer(so_far: NamesSoFar) -> None:
    """``W`` and ``b`` are the weights and biases of a network of one layer."""
    names = so_far.spelling.names
    if len(names.sizes) != 1 or names.sizes[0] == 1:
        return
    for whole in of_layers(names):
        letter = {"w": "W", "b": "b", "z": "z"}.get(whole.kind, "")
        said = letter in so_far.unknown or (letter == "z" in so_far.seen.symbols and "W" in so_far.found)
        if said and letter not in so_far.found:
            so_far.put(letter, matrix(whole.nodes), "its_letter")


def _row_of_weights(so_far: NamesSoFar) -> None:
    """``w`` is the vector of the weights of a network that is one unit."""
    names = so_far.spelling.names
    if names.sizes == (1,) and names.columns(1) > 1 and "w" in so_far.unknown:
        so_far.put(
            "w", Matrix(tuple((Name(names.weight(1, 1, i)),) for i in range(1, names.columns(1) + 1))), "its_letter"
        )


__all__ = ["named_by_custom", "of_the_only_unit"]
