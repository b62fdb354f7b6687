"""Optimizers: how a gradient becomes a new value, one entry each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from derive.expressions.tree import Expr, Name


@dataclass(frozen=True, slots=True)
class Optimizer:
    """An update rule in ``theta`` (the parameter), ``gradient`` and ``eta`` (the learning rate)."""

    name: str
    rule: Expr


_ENTRIES = (Optimizer("sgd", Name("theta") - Name("eta") * Name("gradient")),)

OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
