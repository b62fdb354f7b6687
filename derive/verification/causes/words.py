"""The sentence to the student about a diagnosis, and the hint: their line, with their names and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from derive.expressions.functions import FUNCTIONS
from derive.expressions.print_text import ascii as plain
from derive.naming.quantity import NamedQuantity
from derive.network import Network
from derive.network.graph import Node, Use
from derive.network.operations import Elementwise
from derive.network.output_loss import OutputLoss, halves
from derive.network.whole_layers import Softmax, WeightedSum
from derive.records import record
from derive.verification.causes.convolutions import WiringSlip
from derive.verification.causes.diagnose import Diagnosis
from derive.verification.causes.entry import Mistake, NodeSlip
from derive.verification.causes.losses import ShortcutSlip
from derive.verification.causes.routes import UseSlip
from derive.verification.causes.training import StateSlip
from derive.verification.judging.own_formula import Formulas
from derive.words.runs import Say


@record
class ToldCause:
    """What is said of a diagnosis: it needs neither the network nor the mistakes.

    Attributes:
        sentence: what happened in the line; ``hint``: what leads on, without the answer.
        chance: the given quantity because of which a factor that is left out does not show, with its value.
    """

    sentence: Say
    hint: Say
    chance: tuple[str, str] | None


def told(diagnosis: Diagnosis) -> ToldCause:
    """All that reports say of it."""
    known = [facts(diagnosis, mistake) for mistake in diagnosis.mistakes]
    chance = _by_chance(diagnosis.network, str(known[0]["right"]))
    return ToldCause(_said(diagnosis, known, ""), _said(diagnosis, known, "_hint"), chance)


def _by_chance(network: Network, name: str) -> tuple[str, str] | None:
    """The given quantity because of which a factor that is left out does not show, with its value."""
    given = {**network.start, **network.rows[0]}.get(name)
    return None if given is None else (name, given.text)


def rounding(cause: str, written: str, expected: str, *, hinted: bool = False) -> Say:
    """The same for a number that misses the truth by rounding only."""
    return Say("verify." + cause + ("_hint" if hinted else ""), {"written": written, "expected": expected})


def _said(diagnosis: Diagnosis, known: Sequence[Mapping[str, object]], ending: str) -> Say:
    parts = [
        Say(f"verify.{_wording(diagnosis, mistake)}{ending}", each)
        for mistake, each in zip(diagnosis.mistakes, known, strict=True)
    ]
    if len(parts) == 1:
        return parts[0]
    return Say("verify.both" + ending, {"first": parts[0], "second": parts[1]})


VALUED = frozenset(("loss_sign", "half_lost"))
"""Sentences about a slope that say something else where the value itself is written."""


def _wording(diagnosis: Diagnosis, mistake: Mistake) -> str:
    network = diagnosis.network
    quantity = _quantity(network, diagnosis.subject)
    wording = mistake.wording or mistake.cause
    if wording in VALUED and _is_forward(network, quantity):
        wording += "_value"
    if wording == "not_updated" and quantity is not None and quantity.base not in network.trained:
        wording += "_before"
    return wording


def facts(diagnosis: Diagnosis, mistake: Mistake) -> dict[str, object]:
    """What the wording can use: the place on the quantity's own route where the mistake was made."""
    network = diagnosis.network
    quantity = _quantity(network, diagnosis.subject)
    place = _place(network, mistake, quantity)
    new, rule = _rule(network, quantity, carried=isinstance(mistake.slip, StateSlip))
    found: dict[str, object] = {
        "subject": diagnosis.subject or _stand_in("this"),
        "written": diagnosis.written,
        "other": diagnosis.other,
        "method": Say(f"optimizers.{network.optimizer.name}"),
        "new": new,
        "rule": rule,
        **place,
    }
    extra = dict(mistake.facts)
    if "function" in extra:
        found["other_function"] = extra.pop("function")
    return {**found, **extra}


def _stand_in(key: str) -> Say:
    """What the wording has in place of a name."""
    return Say(f"verify.{key}")


def _is_forward(network: Network, quantity: NamedQuantity | None) -> bool:
    """Whether this is a value of the first forward pass."""
    computed = quantity is not None and quantity.by is None and not quantity.delta and not quantity.step
    return computed and quantity is not None and quantity.base in network.graph.by_name


def _quantity(network: Network, subject: str | None) -> NamedQuantity | None:
    try:
        return network.names.resolve(subject) if subject else None
    except ValueError:
        return None


def _rule(network: Network, quantity: NamedQuantity | None, *, carried: bool) -> tuple[str, str]:
    """An update and its rule, ``w2_1_1'`` and ``w2_1_1 - eta*dE/dw2_1_1``: the quantity's own, or the first one.

    ``carried``: that of the parameter's state of the optimizer.
    """
    base, step = next((name for name in network.parameters if name in network.trained), ""), 1
    moves = quantity is not None and (quantity.base in network.trained or quantity.base in network.states)
    if quantity is not None and quantity.step and quantity.by is None and moves:
        base, step = quantity.base, quantity.step
    if carried and base in network.trained:
        base = network.names.state(next(iter(network.names.states)), base)
    elif not carried and base in network.states:
        base = network.states[base][1]
    new = _marked(base, step)
    rule = Formulas(network).of(new) if base else None
    return new, "" if rule is None else plain(rule)


def _marked(name: str, step: int) -> str:
    return name + ("" if not step else "'" if step == 1 else f"@{step}")


def _place(network: Network, mistake: Mistake, quantity: NamedQuantity | None) -> dict[str, str | Say]:
    """The words for the first step on the way up from the quantity in which the mistake is made."""
    slip = mistake.slip
    touched: Use | Node | None = None
    if isinstance(slip, NodeSlip | UseSlip | WiringSlip):
        touched = _on_the_way(network, slip.touches, getattr(slip, "nodes", frozenset()), quantity)
        if isinstance(touched, Node | None) and not _is_forward(network, quantity):
            every = (use for name in network.graph.names for use in network.graph.uses.get(name, ()))
            touched = next((use for use in every if slip.touches(use)), touched)
    elif isinstance(slip, ShortcutSlip):
        touched = _on_the_way(network, lambda use: False, frozenset(slip.pairs), quantity)
    if touched is None:
        touched = network.graph.by_name[network.output]
    found = _of_use(network, touched) if isinstance(touched, Use) else _of_node(network, touched)
    if isinstance(touched, Use) and isinstance(slip, NodeSlip):
        found["taken"] = getattr(slip.on_local, "taken", lambda use: "")(touched)
    return found


def _on_the_way(
    network: Network, touches: Callable[[Use], bool], nodes: frozenset[str], quantity: NamedQuantity | None
) -> Use | Node | None:
    """A local derivative that is touched, or else one of the nodes, as near to the quantity as there is one."""
    graph = network.graph
    start = (quantity.by or quantity.base) if quantity is not None else graph.output
    if quantity is not None and quantity.by is None and not quantity.step and quantity.base in graph.by_name:
        return _below(network, nodes, quantity.base)
    waiting, seen, passed = [start], {start}, [start]
    while waiting:
        name = waiting.pop(0)
        for use in sorted(graph.uses.get(name, ()), key=_through_another):
            if touches(use):
                return use
            if use.node.name not in seen:
                seen.add(use.node.name)
                passed.append(use.node.name)
                waiting.append(use.node.name)
    found = next((name for name in (*passed, *sorted(nodes)) if name in nodes and name in graph.by_name), None)
    return graph.by_name[found] if found is not None else None


def _through_another(use: Use) -> bool:
    """Whether the way goes from a weighted input through softmax to the output of another unit."""
    operation = use.node.operation
    return isinstance(operation, Softmax) and operation.position != use.position


def _below(network: Network, nodes: frozenset[str], name: str) -> Node | None:
    """The node nearest to a computed value that the mistake changes: itself, or one that it is computed from."""
    waiting, seen = [name], {name}
    while waiting:
        here = network.graph.by_name.get(waiting.pop(0))
        if here is None:
            continue
        if here.name in nodes:
            return here
        fresh = [n for n in dict.fromkeys(here.inputs) if n not in seen]
        seen.update(fresh)
        waiting += fresh
    return None


def _of_use(network: Network, use: Use) -> dict[str, str | Say]:
    by = use.node.inputs[use.position]
    found = {"node": use.node.name, "by": by, "slope": f"d{use.node.name}/d{by}", "right": plain(use.local)}
    return {**found, **_of_either(network, use.node)}


def _of_node(network: Network, node: Node) -> dict[str, str | Say]:
    operation = node.operation
    by = node.inputs[operation.position if isinstance(operation, Softmax) else 0]
    found = {"node": node.name, "by": by, "slope": f"d{node.name}/d{by}", "right": plain(node.formula)}
    return {**found, **_of_either(network, node)}


def _of_either(network: Network, node: Node) -> dict[str, str | Say]:
    activation = node
    if isinstance(node.operation, WeightedSum):
        activation = network.graph.uses[node.name][0].node
    return {"function": _function(activation), "target": _target(node), "formula": plain(node.formula)}


def _function(node: Node) -> str | Say:
    operation = node.operation
    if isinstance(operation, Elementwise):
        if operation.kind == "sigmoid":
            return _stand_in("the_sigmoid")
        return operation.kind if operation.kind in FUNCTIONS else _stand_in("it")
    return operation.kind


def _target(node: Node) -> str | Say:
    return halves(node.inputs)[1][0] if isinstance(node.operation, OutputLoss) else _stand_in("the_target")
