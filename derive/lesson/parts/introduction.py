"""Part 1: what the network is, what its loss is, what is derived; then the author's remarks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.addresses import addresses, target
from derive.expressions.grammar import ExpressionError, parse
from derive.expressions.tex import tex
from derive.expressions.tree import Expr
from derive.lesson.blocks import Block, Link, Say, Section, Tex, Words, paragraph, say
from derive.lesson.desk import Desk
from derive.spec.model import Source

_FORMULA = re.compile(r"\$(?!\s)([^$]+?)(?<!\s)\$")
_BLANK_LINES = re.compile(r"\n\s*\n")
_RELATION = re.compile(r"(<=|>=|!=|=|≈|~|<|>)")
_SIGNS = {"=": "=", "≈": r"\approx", "~": r"\approx", "<": "<", ">": ">", "<=": r"\le", ">=": r"\ge", "!=": r"\ne"}


def introduction(desk: Desk) -> Section:
    """The opening of the document."""
    blocks: list[Block] = [paragraph(*(_layered(desk) if desk.network.layered else _graph(desk)))]
    spec = desk.network.spec
    if spec.source.text:
        blocks.append(paragraph(say("introduction.source", source=source(spec.source))))
    blocks += [paragraph(words(desk, text)) for remark in spec.remarks for text in _paragraphs(remark)]
    return Section("introduction", say("introduction.title"), tuple(blocks))


def _paragraphs(remark: str) -> list[str]:
    """The paragraphs of a remark, each in one line: what begins a line of the author's begins no list."""
    return [" ".join(text.splitlines()) for text in _BLANK_LINES.split(remark) if text.strip()]


def _layered(desk: Desk) -> tuple[Say, ...]:
    network = desk.network
    spec = network.spec
    assert spec.network is not None
    loss = say_name("loss", spec.network.loss.name, spec.network.loss.expression is not None)
    return (
        say(
            "introduction.network",
            inputs=len(network.inputs),
            hidden=[layer.units for layer in network.layers[:-1]],
            outputs=len(network.outputs),
        ),
        say("introduction.loss", loss=loss, symbol=desk.symbol(network.output)),
        *_what_is_done(desk, len(network.parameters)),
    )


def _graph(desk: Desk) -> tuple[Say, ...]:
    network = desk.network
    nodes = [Tex(desk.symbol(node.name)) for node in network.graph.nodes]
    return (
        say(
            "introduction.graph",
            values=[desk.symbol(name) for name in network.graph.leaves],
            nodes=nodes,
            output=desk.symbol(network.output),
        ),
        *_what_is_done(desk, len(network.parameters)),
    )


def _what_is_done(desk: Desk, parameters: int) -> tuple[Say, ...]:
    network = desk.network
    training = network.spec.training
    derived = say(
        "introduction.derived",
        symbol=desk.symbol(network.output),
        count=parameters,
        names=[desk.symbol(name) for name in network.parameters] if parameters <= 6 else [],
        layered=network.layered,
    )
    if training.learning_rate is None or not network.trained:
        return (derived,)
    rate = Tex(f"{desk.eta} {desk.equals(desk.rate)}")
    return (derived, say("introduction.descent", iterations=training.iterations, rate=rate))


def say_name(table: str, name: str, own: bool) -> Say:
    """The name of an activation or loss in words: an entry of the wording, or the author's own name."""
    return say("names.own", name=name) if own else say(f"names.{name}")


def source(given: Source) -> Words:
    """What an example is taken from, with a link where it has an address."""
    if given.url:
        return Words((Link(given.text, target(given.url)),))
    return Words(tuple(linked(given.text)))


def linked(text: str) -> Iterator[str | Link]:
    """A text with its web addresses as links."""
    for run in addresses(text):
        yield run if isinstance(run, str) else Link(run.shown, run.target, bare=True)


def words(desk: Desk, text: str) -> Words:
    """The author's text: web addresses are links, ``$…$`` formulas in the names of the spec; anything else stays."""
    runs = (_with_formulas(desk, run) if isinstance(run, str) else (run,) for run in linked(text))
    return Words(tuple(part for run in runs for part in run))


def _with_formulas(desk: Desk, text: str) -> tuple[str | Tex, ...]:
    parts: list[str | Tex] = []
    end = 0
    for match in _FORMULA.finditer(text):
        formula = _formula(desk, match[1])
        if formula is not None:
            parts += [text[end : match.start()], formula]
            end = match.end()
    return tuple(part for part in (*parts, text[end:]) if part)


def _parsed(desk: Desk, text: str) -> Expr:
    """A side of a formula; the names of the spec win over constants, functions and derivatives."""
    return parse(text, marks=True, names=desk.network.names.taken)


def _formula(desk: Desk, text: str) -> Tex | None:
    sides = _RELATION.split(text)
    try:
        shown = [_SIGNS.get(side) or tex(_parsed(desk, side), desk.known_symbol) for side in sides]
    except (ExpressionError, ValueError):
        return None
    return Tex(" ".join(shown))
