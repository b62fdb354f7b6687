"""Part 1: what the network is, what its loss is, what is derived; then the author's remarks."""

from __future__ import annotations

from collections.abc import Iterator

from derive.lesson.blocks import Block, Section, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.parts.update_lines import optimizer_numbers
from derive.model import Source
from derive.naming.author_words import paragraphs, runs
from derive.naming.web_addresses import addresses, target
from derive.words.runs import Link, Say, Tex, Words


def introduction(desk: Desk) -> Section:
    """The opening of the document."""
    blocks: list[Block] = [paragraph(*(_layered(desk) if desk.form == "layers" else _graph(desk)))]
    spec = desk.network.spec
    if spec.source.text:
        blocks.append(paragraph(say("introduction.source", source=source(spec.source))))
    blocks += [paragraph(words(desk, text)) for remark in spec.remarks for text in paragraphs(remark)]
    return Section("introduction", say("introduction.title"), tuple(blocks))


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
    used = [name for name in network.graph.leaves if network.graph.uses.get(name)]
    return (
        say(
            "introduction.graph",
            values=[desk.symbol(name) for name in used or network.graph.leaves],
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
    )
    if training.learning_rate is None or not network.trained:
        return (derived,)
    rate = Tex(f"{desk.eta} {desk.equals(desk.rate)}")
    method, others = say(f"optimizers.{network.optimizer.name}"), optimizer_numbers(desk)
    descent = say("introduction.descent", iterations=training.iterations, rate=rate, method=method, others=others)
    return (derived, descent)


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
    """The author's text: ``$…$`` are formulas in the notation of the spec, web addresses are links."""
    parts: list[str | Tex | Link] = []
    for run in runs(text, desk.notation):
        parts += [Tex(run.content)] if run.math else linked(run.content)
    return Words(tuple(parts))
