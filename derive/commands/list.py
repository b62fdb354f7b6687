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
    from derive.expressions.text import ascii as plain
    from derive.ops import ACTIVATIONS, Activation

    def formula(entry: Activation) -> str:
        if entry.whole_layer:
            return "exp(z) of the unit over the sum of exp(z) over the layer"
        if entry.formula is not None:
            return plain(entry.formula)
        pieces = entry.function.pieces if entry.function else ()
        sides = {-1: "z < 0", 1: "z > 0"}
        if not pieces:
            return f"{entry.name}(z)"
        return ", ".join(f"{plain(p.formula)} for {sides[p.side]}" for p in pieces if p.side in sides)

    return {name: formula(entry) + _defaults(entry.parameters) for name, entry in ACTIVATIONS.items()}


def _losses() -> dict[str, str]:
    from derive.expressions.text import ascii as plain
    from derive.ops import LOSSES, Loss

    def formula(loss: Loss) -> str:
        if not loss.parameters:
            return plain(loss.term)
        return ", ".join(f"{plain(b.term)} for {plain(b.left)} {b.relation} {plain(b.right)}" for b in loss.branches)

    rows = {}
    for name, loss in LOSSES.items():
        kind = ("minus the " if loss.negative else "") + ("mean" if loss.mean else "sum")
        rows[name] = f"{kind} of {formula(loss)}" + _defaults(loss.parameters)
    return rows


def _defaults(parameters: Mapping[str, object]) -> str:
    return "".join(f"; {name} = {value}" for name, value in parameters.items())


def _optimizers() -> dict[str, str]:
    from derive.expressions.text import ascii as plain
    from derive.ops import OPTIMIZERS

    return {name: plain(optimizer.rule) for name, optimizer in OPTIMIZERS.items()}


def _layers() -> dict[str, str]:
    return {"dense": "every unit is joined to every unit of the layer before"}


def _styles() -> dict[str, str]:
    from derive.lesson import STYLES

    return dict(STYLES)


def _formats() -> dict[str, str]:
    from derive.commands.gradients import FORMATS as PRINTED
    from derive.formats import FORMATS

    return {
        **{name: f"notes ({entry.ending})" for name, entry in FORMATS.items()},
        ", ".join(PRINTED): "gradients",
    }


def _notations() -> dict[str, str]:
    from dataclasses import replace

    from derive import spec
    from derive.notation import PRESETS, Notation

    example = Notation.of(spec.loads(spec.starter()))
    shown = ("w1_2_1", "b1_2")
    return {
        name: ", ".join(replace(example, preset=preset).tex(quantity) for quantity in shown)
        for name, preset in PRESETS.items()
    }


TABLES: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "activations": _activations,
    "losses": _losses,
    "optimizers": _optimizers,
    "layers": _layers,
    "styles": _styles,
    "formats": _formats,
    "notations": _notations,
}
