"""The sentence to the student about a diagnosis, and the hint: their line, with their names and numbers."""

from __future__ import annotations

from collections.abc import Callable

from derive.expressions.text import ascii as plain
from derive.graph import Node, Use
from derive.lesson.blocks import Say
from derive.network import Network
from derive.operations import Elementwise, OutputLoss, WeightedSum, halves
from derive.ops import FUNCTIONS
from derive.quantity import Quantity
from derive.verification.causes.diagnose import Diagnosis
from derive.verification.causes.entry import Mistake, NodeSlip
from derive.verification.causes.losses import Shortcut
from derive.verification.causes.routes import UseSlip


def sentence(diagnosis: Diagnosis) -> Say:
    """What happened in the line."""
    return _said(diagnosis, "")


def hint(diagnosis: Diagnosis) -> Say:
    """What leads on, without the answer."""
    return _said(diagnosis, "_hint")


def rounding(cause: str, written: str, expected: str, *, hinted: bool = False) -> Say:
    """The same for a number that misses the truth by rounding only."""
    return Say("verify." + cause + ("_hint" if hinted else ""), {"written": written, "expected": expected})


def _said(diagnosis: Diagnosis, ending: str) -> Say:
    parts = [_one(diagnosis, mistake, ending) for mistake in diagnosis.mistakes]
    if len(parts) == 1:
        return parts[0]
    return Say("verify.both" + ending, {"first": parts[0], "second": parts[1]})


def _one(diagnosis: Diagnosis, mistake: Mistake, ending: str) -> Say:
    return Say(f"verify.{mistake.wording or mistake.cause}{ending}", facts(diagnosis, mistake))


def facts(diagnosis: Diagnosis, mistake: Mistake) -> dict[str, object]:
    """What the wording can use: the place on the quantity's own route where the mistake was made."""
    network = diagnosis.network
    quantity = _quantity(network, diagnosis.subject)
    place = _place(network, mistake, quantity)
    found: dict[str, object] = {
        "subject": diagnosis.subject or "this",
        "written": diagnosis.written,
        "other": diagnosis.other,
        "rule": _rule(network, quantity),
        **place,
    }
    extra = dict(mistake.facts)
    if "function" in extra:
        found["other_function"] = extra.pop("function")
    return {**found, **extra}


def _quantity(network: Network, subject: str | None) -> Quantity | None:
    try:
        return network.names.resolve(subject) if subject else None
    except ValueError:
        return None


def _rule(network: Network, quantity: Quantity | None) -> str:
    """The update that leads to the quantity: ``w2_1_1 - eta*dE/dw2_1_1``."""
    if quantity is None or not quantity.step or quantity.by is not None:
        return ""
    before = quantity.step - 1
    old, gradient = quantity.base, network.names.gradient(quantity.base)
    if before:
        old, gradient = old + ("'" if before == 1 else f"@{before}"), f"{gradient}@{before}"
    return f"{old} - {network.names.eta}*{gradient}"


def _place(network: Network, mistake: Mistake, quantity: Quantity | None) -> dict[str, str]:
    """The words for the first step on the way up from the quantity in which the mistake is made."""
    slip = mistake.slip
    touched: Use | Node | None = None
    if isinstance(slip, NodeSlip | UseSlip):
        touched = _on_the_way(network, slip.touches, getattr(slip, "nodes", frozenset()), quantity)
    elif isinstance(slip, Shortcut):
        touched = _on_the_way(network, lambda use: False, frozenset(slip.pairs), quantity)
    if touched is None:
        touched = network.graph.by_name[network.output]
    return _of_use(network, touched) if isinstance(touched, Use) else _of_node(network, touched)


def _on_the_way(
    network: Network, touches: Callable[[Use], bool], nodes: frozenset[str], quantity: Quantity | None
) -> Use | Node | None:
    """A local derivative that is touched, or else one of the nodes, as near to the quantity as there is one."""
    graph = network.graph
    start = (quantity.by or quantity.base) if quantity is not None else graph.output
    if quantity is not None and quantity.by is None and not quantity.step and quantity.base in graph.by_name:
        return _below(network, nodes, quantity.base)
    waiting, seen, passed = [start], {start}, [start]
    while waiting:
        name = waiting.pop(0)
        for use in graph.uses.get(name, ()):
            if touches(use):
                return use
            if use.node.name not in seen:
                seen.add(use.node.name)
                passed.append(use.node.name)
                waiting.append(use.node.name)
    found = next((name for name in (*passed, *sorted(nodes)) if name in nodes and name in graph.by_name), None)
    return graph.by_name[found] if found is not None else None


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


def _of_use(network: Network, use: Use) -> dict[str, str]:
    by = use.node.inputs[use.position]
    found = {"node": use.node.name, "by": by, "slope": f"d{use.node.name}/d{by}", "right": plain(use.local)}
    return {**found, **_of_either(network, use.node)}


def _of_node(network: Network, node: Node) -> dict[str, str]:
    by = node.inputs[0]
    found = {"node": node.name, "by": by, "slope": f"d{node.name}/d{by}", "right": plain(node.formula)}
    return {**found, **_of_either(network, node)}


def _of_either(network: Network, node: Node) -> dict[str, str]:
    activation = node
    if isinstance(node.operation, WeightedSum):
        activation = network.graph.uses[node.name][0].node
    return {"function": _function(activation), "target": _target(node), "formula": plain(node.formula)}


def _function(node: Node) -> str:
    operation = node.operation
    if isinstance(operation, Elementwise):
        return {"sigmoid": "the sigmoid"}.get(operation.kind, operation.kind if operation.kind in FUNCTIONS else "it")
    return operation.kind


def _target(node: Node) -> str:
    return halves(node.inputs)[1][0] if isinstance(node.operation, OutputLoss) else "the target"
