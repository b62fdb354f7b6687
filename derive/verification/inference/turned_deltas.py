"""δ with the other sign, where the text works it out so and adds what is made of it."""

from __future__ import annotations

from flint import fmpq

from derive.expressions.grammar import exact
from derive.expressions.tree import Name, Negative
from derive.verification.inference.definitions import Definitions
from derive.verification.inference.givens import Givens
from derive.verification.inference.names_so_far import NamesSoFar
from derive.verification.reading.own_names import OwnName, OwnNames
from derive.verification.reading.token import Token
from derive.verification.reading.written_number import as_computed

MAX_OF_AN_UPDATE = 40
"""The rate stands among so many tokens of an update."""


def turned_deltas(so_far: NamesSoFar, givens: Givens) -> None:
    """δ is the negative of the derivative where it is worked out so, and every update adds what is made of it."""
    names = so_far.spelling.names
    if not _adds(so_far, givens.values.get(names.eta)):
        return
    definitions, signs = Definitions(so_far.file), set[int]()
    deltas: dict[str, str] = {}
    for name in (name for name in so_far.seen.symbols if name[:5] == "delta" or name[:1] == "d"):
        own = so_far.found.get(name)
        node = own.value.name if own is not None and isinstance(own.value, Name) else so_far.known.get(name, "")
        if name == "delta" and names.sizes == (1,):
            node = "delta1_1"
        if node.startswith(("delta", f"d{names.loss}/dz")) and node[-1:].isdigit() and "_" in node:
            deltas[name] = node
    trial = OwnNames({**so_far.found, **{name: _negative(so_far, name, node) for name, node in deltas.items()}})
    for one in so_far.seen.equal:
        if one.key in deltas and one.number is None:
            signs.add(definitions.sign_of(one, deltas[one.key], so_far.spelling.with_own(trial), so_far.seen.text))
    if -1 in signs and 1 not in signs:
        so_far.found = dict(trial.by_key)


def _negative(so_far: NamesSoFar, name: str, node: str) -> OwnName:
    symbol = so_far.seen.symbols[name]
    return OwnName(symbol.written, f"-{node}", 0, Negative(Name(node)), why="its_sign")


def _adds(so_far: NamesSoFar, rate: fmpq | None) -> bool:
    """Whether updates add the rate times something, and none takes it away."""
    signs = set[str]()
    for one in so_far.seen.equal:
        key = one.key.rstrip("'")
        own = so_far.found.get(key)
        name = own.value.name if own is not None and isinstance(own.value, Name) else so_far.known.get(key, "")
        parameter = name in so_far.spelling.names.parameters
        for at, token in enumerate(one.right[:MAX_OF_AN_UPDATE] if one.number is None else ()):
            said = parameter and token.kind == "number" and at > 0 and _value_of(token) == rate
            said = said or (token.kind == "word" and so_far.known.get(token.text) == so_far.spelling.names.eta)
            if said and (at or token.kind == "word"):
                signs.add(one.right[at - 1].text if at else "+")
    return "+" in signs and "-" not in signs


def _value_of(token: Token) -> fmpq | None:
    try:
        return exact(as_computed(token.text))
    except (ValueError, OverflowError):
        return None


__all__ = ["turned_deltas"]
