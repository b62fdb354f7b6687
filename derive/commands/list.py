"""``derive list``: what a spec and the command line accept, read from the tables."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from derive.commands.common import emit

if TYPE_CHECKING:
    from derive.expressions.functions import Function
    from derive.expressions.tree import Expr

WORDS = {
    "gelu": "z times the share of the standard normal distribution below z",
    "gelu'": "the share of the standard normal distribution below z, plus z times its density at z",
    "logarithm": "natural logarithm",
    "log2": "logarithm to the base 2",
    "log10": "logarithm to the base 10",
    "root": "square root",
    "minimum": "the smallest of two or more numbers",
    "maximum": "the largest of two or more numbers",
    "minimum'": "1 by the smallest, 0 by the others; equal ones share it equally",
    "maximum'": "1 by the largest, 0 by the others; equal ones share it equally",
}
"""What stands for a rule's name, or for a formula that a spec cannot write; with a prime, for its slope."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command: it has none."""


def run(args: argparse.Namespace) -> int:
    """Print every table: a heading, then a line for each entry."""
    emit("\n".join(_table(heading, rows()) for heading, rows in TABLES.items()), None)
    return 0


def _table(heading: str, rows: Mapping[str, str]) -> str:
    width = max(map(len, rows))
    lines = [heading]
    for name, text in rows.items():
        first, *more = text.split("\n")
        lines += [f"  {name:{width}}  {first}".rstrip(), *(" " * (width + 4) + line for line in more)]
    return "\n".join(lines) + "\n"


def _plain(expr: Expr) -> str:
    from derive.expressions.print_text import ascii as plain

    return plain(expr)


def _writable(expr: Expr | None) -> bool:
    """Whether a spec can hold this expression: all its functions are known to the grammar."""
    from derive.expressions.functions import FUNCTIONS
    from derive.expressions.tree import Call, walk

    if expr is None:
        return False
    return not any(isinstance(part, Call) and FUNCTIONS[part.function].internal for part in walk(expr))


def _activations() -> dict[str, str]:
    from derive.ops import ACTIVATIONS

    rows = {}
    for name, entry in ACTIVATIONS.items():
        if entry.whole_layer:
            rows[name] = "exp(z) of the unit over the sum of exp(z) over the layer"
        elif entry.function is None and entry.formula is not None:
            rows[name] = _plain(entry.formula)
        else:
            rows[name] = _says(entry.function) + _defaults(entry.parameters)
    rows['{name = "…", expression = "…"}'] = "your own, in z"
    return rows


def _losses() -> dict[str, str]:
    from derive.ops import LOSSES, Loss

    def formula(loss: Loss) -> str:
        if not loss.parameters:
            return _plain(loss.term)
        return ", ".join(f"{_plain(b.term)} for {_plain(b.left)} {b.relation} {_plain(b.right)}" for b in loss.branches)

    rows = {}
    for name, loss in LOSSES.items():
        kind = ("minus the " if loss.negative else "") + ("mean" if loss.mean else "sum")
        rows[name] = f"{kind} of {formula(loss)}" + _defaults(loss.parameters)
    rows['{name = "…", expression = "…"}'] = "your own, in yhat1 … t1 … (yhat, t where there is one output)"
    return rows


def _defaults(parameters: Mapping[str, object]) -> str:
    return "".join(f"; {name} = {value}" for name, value in parameters.items())


def _functions() -> dict[str, str]:
    """The functions of expressions: what they are, and their slopes with ``a`` for the function's own value."""
    from derive.expressions.functions import FUNCTIONS

    signs = {"+ - * / ^ ** ( )": "^ and ** are powers; from the right: a^b^c is a^(b^c)"}
    return signs | {
        f"{name}({', '.join(_formals(entry))})": f"{_says(entry)}{_defaults(entry.defaults)}\nslope: {_slope(entry)}"
        for name, entry in FUNCTIONS.items()
        if not entry.internal
    }


def _formals(function: Function) -> tuple[str, ...]:
    return ("z1", "z2", "…") if function.variadic else function.formals


def _says(function: Function | None) -> str:
    """A function's formula, its pieces, or what it is in words."""
    if function is None:
        return ""
    if function.pieces:
        return _branches(function, [_plain(piece.formula) for piece in function.places])
    if function.formula is not None and _writable(function.formula):
        return _plain(function.formula)
    return WORDS.get(function.name) or WORDS.get(function.rule) or function.rule.replace("_", " ")


def _slope(function: Function) -> str:
    from derive.expressions.tree import names_in

    if function.pieces:
        return _branches(function, [_plain(piece.derivative) for piece in function.places])
    if function.derivative is None or not _writable(function.derivative):
        return WORDS.get(f"{function.name}'") or WORDS[f"{function.rule}'"]
    slope = _plain(function.derivative)
    return f"{slope} where a = {function.name}(z)" if "a" in names_in(function.derivative) else slope


def _branches(function: Function, texts: Sequence[str]) -> str:
    """``0 for z <= 0, z for z > 0``: branches and kinks beside each other that say the same are one."""
    found: list[tuple[str, int, int]] = []
    for place, text in enumerate(texts):
        if found and found[-1][0] == text:
            found[-1] = (text, found[-1][1], place)
        else:
            found.append((text, place, place))
    ats = [_plain(kink.at) for kink in function.kinks]
    if len(found) == 1:
        return texts[0]
    return ", ".join(f"{text} for {_where(first, last, ats)}" for text, first, last in found)


def _where(first: int, last: int, ats: Sequence[str]) -> str:
    """Where the places from ``first`` to ``last`` are: even ones are branches, odd ones the kinks between them."""
    if first == last and first % 2:
        return f"z = {ats[first // 2]}"
    low = ats[(first - 1) // 2] if first else ""
    if last == 2 * len(ats):
        return f"z >{'=' if first % 2 else ''} {low}"
    above = f"z <{'=' if last % 2 else ''} {ats[last // 2]}"
    return f"{low} <{'=' if first % 2 else ''} {above}" if low else above


def _constants() -> dict[str, str]:
    from derive.arithmetic.rounding import decimal_string
    from derive.expressions.functions import CONSTANTS

    return {name: f"{decimal_string(value(), 10)} and so on" for name, value in CONSTANTS.items()}


def _optimizers() -> dict[str, str]:
    from derive.expressions.tree import Name, substitute
    from derive.ops import OPTIMIZERS, Optimizer

    shown: dict[str, Expr] = {"theta": Name("w"), "g": Name("dE/dw")}

    def lines(optimizer: Optimizer) -> str:
        *states, step = [_plain(substitute(line.formula, shown)) for line in optimizer.lines]
        named = [f" where {key}' = {formula}" for key, formula in zip(optimizer.states, states, strict=True)]
        return f"{step} for every parameter w{''.join(named)}"

    def defaults(optimizer: Optimizer) -> str:
        return "".join(f"; {key} = {entry.default}" for key, entry in optimizer.parameters.items())

    return {name: f"{lines(entry)}{defaults(entry)}" for name, entry in OPTIMIZERS.items()}


def _layers() -> dict[str, str]:
    from derive.ops import LAYER_KINDS

    return {name: kind.about for name, kind in LAYER_KINDS.items()}


def _styles() -> dict[str, str]:
    from derive.lesson.styles import STYLES

    return {name: style.about for name, style in STYLES.items()}


def _formats() -> dict[str, str]:
    from derive.commands import gradients, outputs, verify
    from derive.render.formats import FORMATS

    found: dict[str, list[str]] = {}
    for command, formats in (("notes", FORMATS), ("gradients", gradients.FORMATS), ("verify", verify.FORMATS)):
        for name in formats:
            found.setdefault(name, []).append(command)
    return {
        name: ", ".join(commands) + (f" ({ending})" if (ending := outputs.usual_ending(name)) else "")
        for name, commands in found.items()
    }


def _notations() -> dict[str, str]:
    from dataclasses import replace

    from derive import specification
    from derive.naming.notation import PRESETS, Notation

    example = Notation.of(specification.loads(specification.starter()))
    shown = ("w1_2_1", "b1_2")
    return {
        name: ", ".join(replace(example, preset=preset).tex(quantity) for quantity in shown)
        for name, preset in PRESETS.items()
    }


def _quantities() -> dict[str, str]:
    return {
        "x1, x2, …": "inputs, or the names in inputs",
        "w1_4_3": "layer 1's weight to unit 4 from input 3 (w1_43 while every index has one digit)",
        "b1_4": "layer 1's bias of unit 4; b1 where it is shared",
        "z1_4, a1_4": "weighted input and activation of unit 4 in layer 1",
        "w1_2_3, b1_2, z1_2_5": "of a convolution: tap 3 of filter 2, its bias, z (or a) at position 5",
        "yhat, t": "output and target; yhat1, t1 … where there are several",
        "E": "the loss",
        "dE/dw1_4_3": "a derivative; any quantity by any that it depends on: dyhat/dz2_1",
        "delta1_4": "dE/dz1_4",
        "w1_4_3', w1_4_3@5": "the value after one update, after five; yhat@5, E@5",
        "z1_4[2]": "in row 2 of the data",
        "eta": "the learning rate",
        "W1, b1, z1, a1, delta1": "matrix or vector of a layer; x, yhat, t; dE/dW1",
        "sigma'(z), relu'(z)": "the slope of an activation",
    }


def _conventions() -> dict[str, str]:
    from derive.specification.fields import CONVENTIONS

    return {entry.key: entry.about + _choices(entry.kind) for entry in CONVENTIONS.fields}


def _keys() -> dict[str, str]:
    """Every key of a spec, with the head of its table."""
    from derive.specification.fields import TABLES as HEADS

    return {
        f"{head} {entry.key}".strip(): entry.about + _choices(entry.kind)
        for head, table in HEADS.items()
        for entry in table.fields
        if entry.offered
    }


def _choices(kind: object) -> str:
    known = getattr(kind, "words", ()) or getattr(kind, "among", ())
    return f"; known: {', '.join(known)}" if known else ""


TABLES: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "activations": _activations,
    "losses": _losses,
    "functions": _functions,
    "constants": _constants,
    "optimizers": _optimizers,
    "layers": _layers,
    "conventions": _conventions,
    "styles": _styles,
    "formats": _formats,
    "notations": _notations,
    "quantities": _quantities,
    "keys of a spec": _keys,
}
