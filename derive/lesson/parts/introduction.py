"""Part 1: what the example asks, what the output says now, why not try every parameter, the plan."""

from __future__ import annotations

from collections.abc import Iterator

from derive.lesson.blocks import Block, Section, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.parts.reduction import objective
from derive.lesson.parts.update_lines import optimizer_numbers
from derive.lesson.quantity import Quantity
from derive.model import Source
from derive.naming.author_words import runs
from derive.naming.web_addresses import addresses, target
from derive.words.runs import Link, Say, Tex, Text, Words

MAX_NAMES = 6
"""At most this many parameters are named in a sentence."""
MAX_VALUES = 3
"""At most this many outputs are given in the opening."""


def introduction(desk: Desk) -> Section:
    """The opening of the document, four sentences; then what the example is taken from."""
    spec = desk.network.spec
    blocks: list[Block] = [paragraph(_question(desk), *_now(desk), _trying(desk), _plan(desk))]
    if spec.source.text:
        blocks.append(paragraph(say("introduction.source", source=source(spec.source))))
    return Section("introduction", say("introduction.title"), tuple(blocks))


def _question(desk: Desk) -> Text:
    """The author's question, or what every example asks."""
    network = desk.network
    if network.spec.question:
        return words(desk, network.spec.question)
    facts = {"symbol": desk.symbol(network.output), "names": _names(desk), "count": len(network.parameters)}
    descends = network.spec.training.learning_rate is not None and bool(network.trained)
    return say("introduction.question", has_loss=network.has_loss, descends=descends, **facts)


def _names(desk: Desk) -> list[Tex]:
    """The parameters, where they are few enough for a sentence."""
    parameters = desk.network.parameters
    return [desk.symbol(name) for name in parameters] if len(parameters) <= MAX_NAMES else []


def _now(desk: Desk) -> list[Say]:
    """What the outputs say with the starting values; of several samples those of the first one, and the loss of all.

    Nothing where the roundings of the steps have carried one of them too far from the truth for the opening.
    """
    network = desk.network
    batch = len(desk.run.iterations[0].samples)
    output, known = network.output, dict(network.spec.meaning)
    told = [desk.quantity(output) if batch == 1 else Quantity("loss", output), *map(desk.quantity, told_at_once(desk))]
    if not desk.sheet.ask(lambda figures: all(map(figures.is_true, told))):
        return []
    if batch == 1:
        loss = Tex(f"{desk.own_output} {desk.equals(desk.quantity(output))}")
    else:
        loss = Tex(f"{desk.symbol(output)} {desk.equals(Quantity('loss', output))}")
    own = [_with_meaning(loss if name == output else _of_sample(desk, name), known.get(name))
           for name in told_at_once(desk)]  # fmt: skip
    facts = {
        "values": own, "targets": [_of_sample(desk, name) for name in network.targets[: len(own)]], "loss": loss,
        "has_loss": network.has_loss, "outputs": len(network.outputs), "batch": batch,
        "all": batch == len(network.rows), "rows": len(network.rows), "row": desk.row(desk.sample),
        "objective": objective(desk),
    }  # fmt: skip
    return [say("introduction.now", **facts)]


def told_at_once(desk: Desk) -> tuple[str, ...]:
    """What the opening gives: the outputs of the last layer; of a graph what has a meaning, and the output."""
    network = desk.network
    if desk.form == "layers":
        return tuple(network.outputs[:MAX_VALUES]) if len(network.outputs) <= MAX_VALUES else ()
    known = dict(network.spec.meaning)
    meant = tuple(n.name for n in network.graph.nodes if n.name in known and n.name != network.output)
    return (*meant[-MAX_VALUES:], network.output)


def _with_meaning(value: Tex, meaning: str | None) -> Say:
    return say("introduction.value", value=value, meaning=Words((meaning,)) if meaning else "")


def _of_sample(desk: Desk, name: str) -> Tex:
    symbol = desk.symbol(name + (desk.mark if name in desk.network.per_sample else ""))
    return Tex(f"{symbol} {desk.equals(desk.quantity(name))}")


def _trying(desk: Desk) -> Say:
    """What it would cost to try every parameter."""
    one_sided, central = desk.figures.opinion.forward_passes
    facts = {"one_sided": one_sided, "central": central, "symbol": desk.symbol(desk.network.output)}
    has_loss, count = desk.network.has_loss, len(desk.network.parameters)
    return say("introduction.trying", has_loss=has_loss, count=count, **facts)


def _plan(desk: Desk) -> Say:
    """The chain rule, then the updates."""
    network = desk.network
    training = network.spec.training
    facts: dict[str, object] = {"symbol": desk.symbol(network.output), "names": _names(desk)}
    if training.learning_rate is None or not network.trained:
        return say("introduction.plan", iterations=0, **facts)
    rate = Tex(f"{desk.eta} {desk.equals(desk.rate)}")
    facts |= {"method": say(f"optimizers.{network.optimizer.name}"), "others": optimizer_numbers(desk), "rate": rate}
    return say("introduction.plan", iterations=training.iterations, **facts)


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
