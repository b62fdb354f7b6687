"""Backpropagation worked by hand: derivations of every gradient, right in every digit.

A spec file says a network (or any computation graph), its numbers and its data. From it
come notes that derive each gradient by the chain rule, and the gradients themselves:

>>> import derive
>>> network = derive.load("examples/three_inputs.toml")
>>> print(derive.derive(network).gradient("x"))
dg/dx = y = -4

The names are imported when they are first used, so that ``derive --help`` starts at once.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

_HOME = {
    "DeriveError": "derive.errors",
    "Gradient": "derive.results",
    "Network": "derive.api",
    "Result": "derive.results",
    "derive": "derive.results",
    "from_sympy": "derive.api",
    "load": "derive.api",
    "loads": "derive.api",
    "verify": "derive.verification.api",
}
"""Where each public name lives."""

__all__ = [
    "DeriveError",
    "Gradient",
    "Network",
    "Result",
    "__version__",
    "derive",
    "from_sympy",
    "load",
    "loads",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
