"""Documents that several tests read, each written once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from derive import network as networks
from derive.model import Spec
from derive.network import Network
from derive.render import document
from derive.render.gradients import gradients_json as report


def notes(network: Network, **options: Any) -> str:
    """The document of a network, as :func:`derive.render.document.notes` writes it; it was perhaps written before.

    Not for tests that change the program: they would get what the unchanged one has written.
    """
    return _notes(network.spec, tuple(sorted((name, _fixed(value)) for name, value in options.items())))


@lru_cache(maxsize=256)
def _notes(spec: Spec, options: tuple[tuple[str, Any], ...]) -> str:
    return document.notes(networks.build(spec), **dict(options))


def gradients_json(network: Network, digits: int = 12) -> str:
    """The report of all gradients, likewise."""
    return _gradients(network.spec, digits)


@lru_cache(maxsize=256)
def _gradients(spec: Spec, digits: int) -> str:
    return report(networks.build(spec), digits)


def worked_sample(iteration: dict[str, Any], parameters: Iterable[str]) -> dict[str, Any]:
    """Of an iteration of the report, the sample that documents work in full: the first of those whose gradients are
    largest, as the root of the sum of their squares.
    """
    names = tuple(parameters)
    sizes = [sum(float(sample["gradients"][name]) ** 2 for name in names) for sample in iteration["samples"]]
    found: dict[str, Any] = next(
        sample for sample, size in zip(iteration["samples"], sizes, strict=True) if size >= max(sizes) * (1 - 1e-9)
    )
    return found


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
