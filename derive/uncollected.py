"""Long work on many small things that hold one another in no circle, without a search for garbage among them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY_NEW = 50_000
"""So many things more than before are made until garbage is searched for."""


@contextmanager
def no_collection() -> Iterator[None]:
    """No search for garbage meanwhile: it would walk all of them again and again, and all are in use."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Garbage searched for only once there are many new things: a command makes much that stays, and few circles."""
    before = gc.get_threshold()
    gc.set_threshold(MANY_NEW, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


__all__ = ["no_collection", "seldom_collected"]
