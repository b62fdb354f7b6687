"""Names that have a meaning in each sample."""

from __future__ import annotations

from dataclasses import replace

from flint import fmpq

from derive.expressions.functions import CONSTANTS
from derive.expressions.tree import Name, names_in, substitute
from derive.verification.inference.by_samples import by_samples
from derive.verification.inference.definitions import SAMPLE_LETTERS, Definitions
from derive.verification.inference.givens import Givens
from derive.verification.inference.names_so_far import NamesSoFar, shown
from derive.verification.reading import Matrix, SideContent
from derive.verification.reading.bare import LETTERS
from derive.verification.reading.own_names import OwnName, key

MAX_SAMPLES = 50
"""A name of every sample has its meaning in at most this many."""


def of_rows(so_far: NamesSoFar, givens: Givens) -> None:
    """What has the numbers of an input or a target in all samples, one after the other."""
    given = givens.by_rows
    numbers: dict[str, list[fmpq]] = {}
    for one in so_far.seen.equal if given else ():
        if one.key in so_far.unknown and one.key not in so_far.found and one.number is not None:
            numbers.setdefault(one.key, []).append(one.number)
    for name, found in numbers.items():
        nodes = [node for node, values in given.items() if tuple(found[: len(values)]) == values]
        if len(nodes) == 1 and so_far.unknown[name].stem not in LETTERS:
            so_far.put(name, nodes[0], "its_value")
            for row in range(1, len(given[nodes[0]]) + 1):
                about = Name(f"{nodes[0]}[{row}]")
                if f"{name}{row}" not in so_far.seen.symbols:
                    own = OwnName(f"{name}_{row}", about.name, 0, about, why="its_value")
                    so_far.found[f"{name}{row}"] = own


def named_by_samples(so_far: NamesSoFar) -> None:
    """Names with a sample above, by what their calculations come to in each of them."""
    free = [one for one in so_far.seen.sampled if not _is_known(so_far, f"{one.base}{one.unit or ''}")]
    names, value = so_far.spelling.names, Definitions(so_far.file).value
    for one, node in by_samples(free, names, len(so_far.file.network.rows), value).items() if free else ():
        own = OwnName(one.written, node, 0, Name(node), why="its_value")
        so_far.found.setdefault(key(one.base, str(one.unit or ""), str(one.row)), own)


def _is_known(so_far: NamesSoFar, name: str) -> bool:
    """Whether the network has a quantity of this name."""
    return name in so_far.found or so_far.spelling.knows(name) or bool(so_far.known.get(name))


def of_samples(so_far: NamesSoFar, name: str, content: SideContent, *, is_residual: bool) -> None:
    """``e_1``, ``e_2`` of the samples, where ``e_i`` has a formula."""
    symbol, rows = so_far.seen.symbols[name], len(so_far.file.network.rows)
    if rows < 2 or isinstance(content, Matrix):
        return
    counted = symbol.below.isdigit() and is_residual and not any("[" in one for one in names_in(content))
    if symbol.below and symbol.below not in SAMPLE_LETTERS and not counted:
        return
    takes = so_far.file.worlds.addresses.takes_row
    if counted:
        del so_far.found[name]
    elif symbol.base in CONSTANTS:
        so_far.found.pop(symbol.base, None)
    elif symbol.below:
        so_far.found.setdefault(symbol.base, replace(so_far.found[name], written=symbol.base))
    for row in range(1, min(rows, MAX_SAMPLES) + 1):
        about = substitute(content, {one: Name(f"{one}[{row}]") for one in names_in(content) if takes(one)})
        written = f"{symbol.base}_{row}"
        own = OwnName(written, shown(about), 0, about, why="its_formula")
        so_far.found.setdefault(f"{symbol.base}{row}", own)


__all__ = ["named_by_samples", "of_rows", "of_samples"]
