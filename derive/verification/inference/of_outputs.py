"""``y``: the output, and not the target, where the text works it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from flint import fmpq

from derive.expressions.tree import Name
from derive.patterns import regex
from derive.verification.inference.definitions import Definitions
from derive.verification.inference.givens import Givens
from derive.verification.inference.names_so_far import NamesSoFar
from derive.verification.inference.near import ROUNDED, is_near
from derive.verification.inference.of_every_sample import of_samples
from derive.verification.reading import Matrix, Spelling
from derive.verification.reading.quantities import GENERAL_LETTERS
from derive.verification.reading.token import Token
from derive.verification.reading.written_number import digits_of

LEAST_DIGITS = 3
"""A number of fewer digits may have the output's value by chance."""
MAX_PAIRS = 50
"""At most this many differences of an output and a target are looked at."""
RESIDUAL = regex(r"(?<![A-Za-z\\{])(?:y[_{}0-9]*\s*[-−]\s*(?P<t>t[_{}0-9]*)|(?P<t2>t[_{}0-9]*)\s*[-−]\s*y)(?![A-Za-z])")
"""``y - t``, where one of both is the target and may be called y."""


def outputs(so_far: NamesSoFar, numbers: Mapping[str, fmpq], givens: Givens) -> None:
    """``y`` is the output, and not the target, where it is worked out, or another name has the target's value.

    What changes with the updates is no target either, and what has the output's value is the output.
    """
    names = so_far.spelling.names
    targets = dict(zip(names.targets, names.outputs, strict=True)) if names.targets else {}
    worked = {one.key for one in so_far.seen.equal if _calls(one.right, so_far.spelling) or _is_a_sum(one.right)}
    worked |= so_far.seen.moving | _of_its_value(so_far, targets)
    others = {
        name for name, quantity in so_far.known.items() if quantity in targets and name[:1] in "tT" and name in numbers
    }
    others |= {name for name, own in so_far.found.items() if own.meaning in targets}
    others |= _beside_an_output(so_far, targets)
    for name, quantity in so_far.known.items():
        if quantity == "t" and len(targets) > 1 and name in so_far.seen.moving and name not in so_far.found:
            so_far.put(name, Matrix(tuple((Name(output),) for output in names.outputs)), "its_use")
        if not name.lower().startswith("y") or quantity not in targets or name in so_far.found:
            continue
        if _is_counted_on(so_far, name):
            continue
        differs = numbers.get(name) != givens.values.get(quantity)
        if quantity in givens.by_rows:  # of several samples
            differs = numbers.get(name) not in givens.by_rows[quantity]
        if differs and (name in worked or (others and name not in others)):
            so_far.put(name, targets[quantity], "its_use")
            of_samples(so_far, name, Name(targets[quantity]), is_residual=False)


def _of_its_value(so_far: NamesSoFar, targets: Mapping[str, str]) -> set[str]:
    """The names of targets that a text gives the value of the output beside it, with digits enough to tell."""
    if len(so_far.file.network.rows) > 1:
        return set()
    value, found = Definitions(so_far.file).value, set[str]()
    for name, written in so_far.seen.first_results().items():
        quantity = so_far.known.get(name, "")
        output = value(targets[quantity]) if quantity in targets and digits_of(written) >= LEAST_DIGITS else None
        if output is not None and is_near(written, output, ROUNDED):
            found.add(name)
    return found


def _beside_an_output(so_far: NamesSoFar, targets: Mapping[str, str]) -> set[str]:
    """The names in t of targets that stand in one formula with one in y: that is the output then."""
    pairs = RESIDUAL.finditer(so_far.seen.text)
    said = {re.sub("[^A-Za-z0-9]", "", one["t"] or one["t2"]) for one in islice(pairs, MAX_PAIRS)}
    return {word for word in said if so_far.known.get(word) in targets}


def _is_counted_on(so_far: NamesSoFar, name: str) -> bool:
    """Whether more units have this letter than there are outputs: ``y_3`` beside ``y_1`` and ``y_2``."""
    symbol, most = so_far.seen.symbols[name], len(so_far.spelling.names.outputs)
    beside = (one.indices for one in so_far.seen.symbols.values() if one.stem == symbol.stem)
    return symbol.indices is not None and any(at is not None and len(at) == 1 and at[0] > most for at in beside)


def letters_of_anything(so_far: NamesSoFar) -> None:
    """A letter of any thing, ``o`` in TeX, is the output that it is elsewhere where it is worked out."""
    for name, quantity in so_far.known.items():
        output = name in GENERAL_LETTERS and quantity in so_far.spelling.names.outputs
        if output and so_far.is_worked(name) and not so_far.is_another(name, quantity):
            so_far.put(name, quantity, "its_letter")


def _calls(right: tuple[Token, ...], spelling: Spelling) -> bool:
    """Whether a side begins with a function, or is one over something with e in it."""
    words = [token.text for token in right[:12] if token.kind == "word"]
    return any(word in ("e", "exp") or spelling.function(word) for word in words[:2])


def _is_a_sum(right: tuple[Token, ...]) -> bool:
    """Whether a side is a sum of products, as a weighted input is."""
    works = any(token.kind == "word" or token.text == "*" for token in right)
    return works and any(token.text in ("+", "-") for token in right[1:])


__all__ = ["RESIDUAL", "letters_of_anything", "outputs"]
