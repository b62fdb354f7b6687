"""Names that are set equal to the formula of one quantity, and the other members of their families."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from derive.expressions.functions import CONSTANTS
from derive.expressions.tree import Name
from derive.verification.inference.definitions import Definitions
from derive.verification.inference.names_so_far import MAX_INFERRED, NamesSoFar
from derive.verification.inference.of_every_sample import of_samples
from derive.verification.inference.sightings import OwnSymbol
from derive.verification.reading import SideContent

ROUNDS = 3
"""So often are formulas looked through for names that only then are known."""
ERRORS = frozenset("error err e fehler erreur".split())
"""Words for the loss that as often are the difference of output and target."""


def named_by_formulas(so_far: NamesSoFar) -> None:
    """What is set equal to the formula of one quantity, or to its calculation in numbers."""
    definitions = Definitions(so_far.file)
    for _ in range(ROUNDS):
        count = len(so_far.found)
        for one in so_far.seen.equal:
            target = so_far.known.get(one.key, "") in so_far.spelling.names.targets and one.key[:1] in "yY"
            if not (one.key in so_far.unknown or target) or one.key in so_far.found or one.number is not None:
                continue
            spelling = so_far.with_found()
            content = definitions.of(one, spelling, so_far.seen.text)
            content = definitions.as_output(content) if target else content
            if target and not definitions.is_output(content):
                continue
            if content is not None:
                content = _as_its_letter(so_far, one.key, content)
                so_far.put(one.key, content, "its_formula")
                of_samples(so_far, one.key, content, is_residual=definitions.is_residual(content))
        _completed(so_far)
        if len(so_far.found) == count or len(so_far.found) > MAX_INFERRED:
            return


def _as_its_letter(so_far: NamesSoFar, name: str, content: SideContent) -> SideContent:
    """The activation of a unit, where a letter for activations alone is set equal to its weighted input."""
    names = so_far.spelling.names
    described = names.describe(content.name) if isinstance(content, Name) else None
    if described is None or described.kind != "weighted input" or so_far.may_be(so_far.stem(name), "z"):
        return content
    return Name(names.a(described.layer, described.unit))


def plain_delta(so_far: NamesSoFar) -> None:
    """δ alone, where every calculation that it is set equal to is that of one quantity."""
    here = [one for one in so_far.seen.equal if one.key == "delta" and one.number is None]
    if not here or "delta" in so_far.found or "delta" in so_far.known or so_far.spelling.names.sizes == (1,):
        return
    definitions, spelling = Definitions(so_far.file), so_far.with_found()
    found = {definitions.of(one, spelling, so_far.seen.text) for one in here}
    node = next(iter(found))
    if (
        len(found) == 1
        and isinstance(node, Name)
        and node.name.startswith((f"d{so_far.spelling.names.loss}/d", "delta"))
    ):
        so_far.put("delta", node, "its_formula")


def errors(so_far: NamesSoFar) -> None:
    """A word for the loss that is set equal to the difference of output and target first: it is the residual."""
    definitions, seen, loss = Definitions(so_far.file), set[str](), so_far.spelling.names.loss
    free = {name for name, quantity in so_far.known.items() if quantity == loss != name}
    if len(so_far.file.network.rows) == 1:  # of several samples e is one's, by its formula
        free |= so_far.unknown.keys() & CONSTANTS.keys()
    for one in so_far.seen.equal:
        if one.key in seen or one.key.lower() not in ERRORS or one.key not in free:
            continue
        seen.add(one.key)
        residual = definitions.residual(one, so_far.with_found(), so_far.seen.text)
        if residual is not None:
            so_far.put(one.key, residual, "its_use")


def _completed(so_far: NamesSoFar) -> None:
    """The other members of a family of which one is a unit's: ``s_2`` beside ``s_1``."""
    counted = _counted(so_far)
    for name, symbol in so_far.unknown.items():
        if name in so_far.found or symbol.indices is None or len(symbol.indices) != 1:
            continue
        nodes = {node for node in _beside(so_far, symbol) if node}
        if symbol.stem in ("delta", "d") and (unit := counted.get(symbol.indices[0])) is not None:
            nodes = {f"d{so_far.spelling.names.loss}/d{so_far.spelling.names.z(*unit)}"}
        if len(nodes) == 1 and not so_far.is_another(name, node := nodes.pop()):
            so_far.put(name, node, "its_family")


def _counted(so_far: NamesSoFar) -> Mapping[int, tuple[int, int]]:
    """The layer and unit of each number, where the units of all layers are counted on."""
    found: dict[int, set[tuple[int, int]]] = {}
    for _, number, described in so_far.counted_units():
        found.setdefault(number, set()).add((described.layer, described.unit))
    return {number: next(iter(units)) for number, units in found.items() if len(units) == 1}


def _beside(so_far: NamesSoFar, symbol: OwnSymbol) -> Iterator[str]:
    """What the other members of a family say that this one is."""
    names = so_far.spelling.names
    assert symbol.indices is not None
    for name, own in so_far.found.items():
        other = so_far.seen.symbols.get(name, symbol)
        if other is symbol or other.stem != symbol.stem or other.indices is None or len(other.indices) != 1:
            continue
        if not isinstance(own.value, Name):
            continue
        above, _, below = own.value.name.partition("/")
        head = f"{above}/d" if below else ""
        described = names.describe(below[1:] if below else above)
        if described is None or described.kind not in ("weighted input", "activation", "output", "bias"):
            continue
        unit = described.unit + symbol.indices[0] - other.indices[0]
        if not 1 <= unit <= names.sizes[described.layer - 1] or described.indices:
            continue
        maker = {"weighted input": names.z, "bias": names.bias}.get(described.kind, names.a)
        yield f"{head}{maker(described.layer, unit)}"


__all__ = ["ERRORS", "errors", "named_by_formulas", "plain_delta"]
