"""Proofs that several tests share: a network is worked and checked once, however many of its documents are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from flint import ctx

from derive.arithmetic.precision import is_bounding, is_tracing
from derive.checked import proof
from derive.equations.run import Run
from derive.network import Network

STEPS = ("run", "check")
"""What :func:`derive.checked.proof.worked` does at each precision before the numbers are used."""


@contextmanager
def kept_proofs() -> Iterator[None]:
    """Inside the block each step of a proof of equal specs is taken once, and a search for precision goes on from the last.

    Not for tests that change the program: they would get what the unchanged one has found.
    """
    searches = _Searches()
    kept = {name: _kept(getattr(proof, name)) for name in STEPS}
    with patch.multiple(proof, derive=searches.derive, enough_precision=searches.enough_precision, **kept):
        yield


class _Searches:
    """The precision at which each spec was decided: a lower one is not tried again."""

    def __init__(self) -> None:
        self._derive, self._search = proof.derive, proof.enough_precision
        self._spec: object = None
        self._enough: dict[object, int] = {}

    def derive(self, network: Network) -> Any:
        """The first step of a proof, before its search."""
        self._spec = network.spec
        return self._derive(network)

    def enough_precision(self, compute: Callable[[], Any], *bits: int) -> Any:
        asked = (self._spec, *bits)

        def decided() -> Any:
            if ctx.prec < self._enough.get(asked, 0):
                raise proof.Undecided
            found = compute()
            self._enough[asked] = ctx.prec
            return found

        return self._search(decided, *bits)


def _kept(step: Callable[..., Any]) -> Callable[..., Any]:
    """A step that remembers what it returned or raised."""
    known: dict[object, tuple[Any, ArithmeticError | None]] = {}

    def remembering(*args: Any, **options: Any) -> Any:
        how = (ctx.prec, is_tracing(), is_bounding())
        key = (*map(_spec_of, args), *sorted(options.items()), *how)
        if key not in known:
            try:
                known[key] = step(*args, **options), None
            except ArithmeticError as error:
                known[key] = None, error
        found, error = known[key]
        if error is not None:
            raise error.with_traceback(None)
        return found

    return remembering


def _spec_of(given: Any) -> Any:
    """What a network or a run depends on; names stay names."""
    if isinstance(given, Run):
        given = given.network
    return given.spec if isinstance(given, Network) else given
