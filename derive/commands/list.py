"""``derive list``: what a spec and the command line may name, read from the tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from derive.commands.common import emit


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command: it has none."""


def run(args: argparse.Namespace) -> int:
    """Print every table: a heading, then a line for each entry."""
    emit("\n".join(_table(heading, rows()) for heading, rows in TABLES.items()), None)
    return 0


def _table(heading: str, rows: Mapping[str, str]) -> str:
    width = max(map(len, rows))
    lines = [f"  {name:{width}}  {text}".rstrip() for name, text in rows.items()]
    return "\n".join([heading, *lines]) + "\n"


def _activations() -> dict[str, str]:
    from derive.expressions.text import ascii
    from derive.ops import ACTIVATIONS

    own = {"softmax": "exp(z_j) over the sum of exp(z_k), a whole layer"}
    return {
        name: own.get(name) or (ascii(entry.formula) if entry.formula else "") + _defaults(entry.parameters)
        for name, entry in ACTIVATIONS.items()
    }


def _losses() -> dict[str, str]:
    from derive.expressions.text import ascii
    from derive.ops import LOSSES

    rows = {}
    for name, loss in LOSSES.items():
        scale = ("-" if loss.negative else "") + ("1/K " if loss.mean else "")
        rows[name] = f"{scale}sum over the outputs of {ascii(loss.term)}" + _defaults(loss.parameters)
    return rows


def _defaults(parameters: Mapping[str, object]) -> str:
    return "".join(f", {name} = {value}" for name, value in parameters.items())


def _optimizers() -> dict[str, str]:
    from derive.expressions.text import ascii
    from derive.ops import OPTIMIZERS

    return {name: ascii(optimizer.rule) for name, optimizer in OPTIMIZERS.items()}


def _layers() -> dict[str, str]:
    return {"dense": "every unit is joined to every unit of the layer before"}


def _styles() -> dict[str, str]:
    from derive.lesson import STYLES

    return dict(STYLES)


def _formats() -> dict[str, str]:
    from derive.commands.gradients import FORMATS as PRINTED
    from derive.formats import FORMATS

    return {**{name: f"notes ({entry.ending})" for name, entry in FORMATS.items()}, ", ".join(PRINTED): "gradients"}


def _notations() -> dict[str, str]:
    from derive.notation import PRESETS

    return dict.fromkeys(PRESETS, "")


TABLES: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "activations": _activations,
    "losses": _losses,
    "optimizers": _optimizers,
    "layers": _layers,
    "styles": _styles,
    "formats": _formats,
    "notations": _notations,
}
