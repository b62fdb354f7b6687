r"""A letter for the learning rate of a graph: one that has its number, and that no quantity has.

>>> [(found["name"], found["number"]) for found in _STATED.finditer(r"With $\lambda = 0.1$ (γ=1e-2)")]
[('\\lambda', '0.1'), ('γ', '1e-2')]
"""

from __future__ import annotations

from itertools import islice

from derive.expressions.grammar import exact
from derive.expressions.tree import Name
from derive.naming.names import Names
from derive.network import Network
from derive.network.build import rational
from derive.patterns import regex
from derive.verification.reading.own_names import OwnName, OwnNames

_GREEK = {"λ": "lambda", "γ": "gamma", "ρ": "rho", "μ": "mu", "ε": "epsilon", "α": "alpha", "β": "beta", "κ": "kappa"}
_WORDS = (*_GREEK.values(), "lrate", "l_rate", "lr", "step_size", "stepsize", "rate", "step")
"""Letters and words for a rate, besides those that are always read so."""
_STATED = regex(
    rf"(?<![\w\\^{{}}])(?P<name>\\?(?:{'|'.join(_WORDS)})|[{''.join(_GREEK)}])[ \t]{{0,3}}=[ \t]{{0,3}}"
    r"(?P<number>[0-9]{0,9}\.?[0-9]{1,20}(?:e-?[0-9]{1,2})?)(?![\w.]*[0-9])"
)
MAX_STATED = 50
"""At most this many such places of a text are looked at."""


def rate_said(text: str, names: Names, network: Network) -> OwnNames:
    """The name that a text sets equal to the learning rate's number, where there is one."""
    given = network.spec.training.learning_rate
    rate = rational(given) if given is not None else None
    if rate is None:
        return OwnNames()
    said = {
        _GREEK.get(found["name"], found["name"].lstrip("\\"))
        for found in islice(_STATED.finditer(text), MAX_STATED)
        if exact(found["number"]) == rate
    }
    said -= {*names.taken}
    if len(said) != 1:
        return OwnNames()
    (name,) = said
    return OwnNames({name.replace("_", ""): OwnName(name, names.eta, 0, Name(names.eta), why="its_value")})


__all__ = ["rate_said"]
