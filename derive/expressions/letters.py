r"""Letters that mean something else in a document: ``e`` and ``d`` where a quantity of the author's is called so.

>>> euler("-z")
'e^{-z}'
>>> with taken({"e"}):
...     euler("-z")
'\\exp(-z)'
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LETTERS = frozenset("ed")
"""What formulas have of their own: Euler's number and the sign of a derivative."""
_taken: ContextVar[Collection[str]] = ContextVar("taken", default=frozenset())


@contextmanager
def taken(letters: Collection[str]) -> Iterator[None]:
    r"""Formulas that are set meanwhile keep clear of these letters: ``\exp(z)`` for e^z, ∂ for d."""
    before = _taken.set(letters)
    try:
        yield
    finally:
        _taken.reset(before)


def is_taken(letter: str) -> bool:
    """Whether a quantity of the document is called so."""
    return letter in _taken.get()


def euler(exponent: str) -> str:
    """A power of Euler's number."""
    return rf"\exp({exponent})" if is_taken("e") else f"e^{{{exponent}}}"


def total(above: str, below: str) -> str:
    """An ordinary derivative: ``da/dz``."""
    sign = r"\partial " if is_taken("d") else "d"
    return rf"\frac{{{sign}{above}}}{{{sign}{below}}}"
