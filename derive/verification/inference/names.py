"""The names of a text that no ``let`` explains, one after the other: by custom, by their numbers, by their formulas."""

from __future__ import annotations

from collections.abc import Mapping

from flint import fmpq

from derive.verification.comparing.chain import File
from derive.verification.inference.by_custom import named_by_custom, of_the_only_unit
from derive.verification.inference.by_formulas import errors, named_by_formulas, plain_delta
from derive.verification.inference.by_results import by_results
from derive.verification.inference.by_unit_labels import named_by_unit_labels
from derive.verification.inference.definitions import Definitions
from derive.verification.inference.givens import Givens
from derive.verification.inference.last_activation import last_activation
from derive.verification.inference.layered_letters import letters_of_layers
from derive.verification.inference.lettered_samples import named_by_letters
from derive.verification.inference.names_so_far import MAX_INFERRED, NamesSoFar
from derive.verification.inference.of_every_sample import named_by_samples, of_rows
from derive.verification.inference.of_families import (
    named_by_entries,
    named_by_statements,
    of_the_output,
    of_whole_layers,
)
from derive.verification.inference.of_graphs import names_of_a_graph
from derive.verification.inference.of_outputs import letters_of_anything, outputs
from derive.verification.inference.rates import rate_said
from derive.verification.inference.sightings import sightings
from derive.verification.inference.turned_deltas import turned_deltas
from derive.verification.reading import Decimal, Spelling, TextKind
from derive.verification.reading.commas import with_points
from derive.verification.reading.own_names import OwnName, OwnNames


def inferred(text: str, kind: TextKind, spelling: Spelling, decimal: Decimal, file: File) -> OwnNames:
    """The names of a text that are no names of the network's, each with the one quantity that it can stand for."""
    if not spelling.names.sizes:
        rate = rate_said(with_points(text, decimal), spelling.names, file.network)
        return names_of_a_graph(sightings(text, kind, spelling, decimal), spelling, file).with_(rate.by_key)
    so_far = NamesSoFar(sightings(text, kind, spelling, decimal), spelling, file)
    numbers = so_far.numbers
    givens = Givens(so_far.spelling.names, so_far.file.network)
    letters_of_anything(so_far)
    _last_activation(so_far)
    outputs(so_far, numbers, givens)
    of_the_only_unit(so_far)
    named_by_custom(so_far, numbers, givens)
    _by_givens(so_far, numbers, givens)
    of_rows(so_far, givens)
    outputs(so_far, numbers, givens)
    named_by_letters(so_far)
    errors(so_far)
    named_by_formulas(so_far)
    if _by_results(so_far):
        named_by_formulas(so_far)
    named_by_samples(so_far)
    _with_layers(so_far)
    named_by_unit_labels(so_far)
    plain_delta(so_far)
    if named_by_statements(so_far) | named_by_entries(so_far) | of_the_output(so_far) | of_whole_layers(so_far):
        named_by_formulas(so_far)
    turned_deltas(so_far, givens)
    return OwnNames(dict(list(so_far.found.items())[:MAX_INFERRED]))


def _last_activation(so_far: NamesSoFar) -> None:
    """``a`` alone is the activation beside a target, where nothing says what it is."""
    seen = so_far.seen
    last = last_activation(seen.text, so_far.spelling.names) if "a" in seen.symbols else None
    if last is not None and "a" not in {one.key for one in seen.equal}:
        so_far.put("a", last, "its_use")


def _by_givens(so_far: NamesSoFar, numbers: Mapping[str, fmpq], givens: Givens) -> None:
    """Names that have the number of something that is given."""
    free = {name: symbol for name, symbol in so_far.unknown.items() if name not in so_far.found}
    known = so_far.known
    taken = {known[name] for name in known if givens.values.get(known[name]) == numbers.get(name)} | so_far.taken
    for name, node in givens.matched(free, numbers, taken).items():
        so_far.put(name, node, "its_value")


def _by_results(so_far: NamesSoFar) -> bool:
    """Families of units by what their calculations come to."""
    if len(so_far.file.network.rows) > 1:
        return False
    free = {name: symbol for name, symbol in so_far.unknown.items() if name not in so_far.found}
    kinds: dict[str, str] = {}
    for name, quantity in so_far.known.items():
        symbol = so_far.seen.symbols[name]
        described = so_far.spelling.names.describe(quantity) if symbol.indices is not None else None
        if quantity[:5] == "delta" and name not in so_far.found and so_far.is_vector(quantity):
            free[name] = symbol
        elif described is not None and described.kind in ("activation", "output") and name not in so_far.found:
            free[name] = symbol  # o_1 of another layer is an activation there, too
            kinds[symbol.stem] = "a"
    taken = so_far.taken
    value, results = Definitions(so_far.file).value, so_far.seen.first_results()
    found = {
        name: node
        for name, node in by_results(
            free, results, so_far.spelling.names, value, taken, kinds=kinds, may_be=so_far.may_be
        ).items()
        if so_far.known.get(name) != node
    }
    for name, node in found.items():
        so_far.put(name, node, "its_value")
    return bool(found)


def _with_layers(so_far: NamesSoFar) -> None:
    """Letters with a layer above them that the network has not, by their numbers."""
    if len(so_far.file.network.rows) > 1 or not so_far.seen.layered:
        return
    free = [one for one in so_far.seen.layered if not so_far.spelling.is_layered(one.letter)]
    letters = letters_of_layers(free, so_far.spelling.names, Definitions(so_far.file).value, so_far.may_be)
    for letter, kind in letters.items():
        own = OwnName(letter, kind, 0, family=kind, letter=letter, why="its_value")
        so_far.found.setdefault(letter, own)


__all__ = ["inferred"]
