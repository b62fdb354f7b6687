"""Which formula a chain gives for a quantity, as marks look at it.

A formula is made from what goes into the quantity's own step, or lies before it. The quantity by another name, what is
worked from it, and derivatives still to be worked are none: ``delta2_1 = dE/dz2_1``, ``dE/dw = dE/dz * dz/dw``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.network import Network
from derive.verification.comparing.side import ScalarSide
from derive.verification.comparing.verdict import Verdict
from derive.verification.judging.judge import Hearing
from derive.verification.points.ingredients import parts_of
from derive.verification.points.point import NoQuantity, PointAddress


def formula_verdict(
    hearing: Hearing, verdicts: Sequence[Verdict], p: int, address: PointAddress, *, misfit: bool
) -> Verdict | None:
    """The verdict on the formulas beside side ``p``, a quantity's name; None where there is none.

    ``verdicts`` has that on each relation, ``misfit`` says that a side has another shape than the rest.
    """
    found: list[Verdict] = []
    for step, end in ((1, len(hearing.sides)), (-1, -1)):
        between: list[Verdict] = []
        for i in range(p + step, end, step):
            side = hearing.sides[i]
            if not side.symbolic or hearing.problems[i] is not None:
                break
            between.append(verdicts[i - 1] if step > 0 else verdicts[i])
            if _is_formula(hearing, side, address):
                found += between
    if misfit and found:
        return "wrong"
    if not found:
        return None
    return next((verdict for verdict in ("wrong", "unreadable", "follows") if verdict in found), "holds")


def _is_formula(hearing: Hearing, side: ScalarSide, address: PointAddress) -> bool:
    addresses, network = hearing.judge.worlds.addresses, hearing.judge.network
    try:
        named = [_total(addresses[name]) for name in side.names]
    except NoQuantity:
        return False
    if any(one.kind == "free" for one in named) or not all(_is_before(network, one, address) for one in named):
        return False
    leading = set(parts_of(network, address))
    return any((one.of, one.by) in leading for one in named) or len(named) > 1


def _is_before(network: Network, one: PointAddress, address: PointAddress) -> bool:
    """Whether a quantity may stand in the formula of another one: it is worked before it, and is not the same."""
    if (one.of, one.by, one.step) == (address.of, address.by, address.step) or one.step > address.step:
        return False
    if one.by and one.of not in (address.of, network.output):
        return False
    places = network.graph.places
    if not address.by and (address.of in network.start or address.of in network.states):
        return one.of not in network.trained or one.step < address.step or bool(one.by)
    if one.by:
        return bool(address.by) and places.get(one.by, -1) > places.get(address.by, -1)
    if one.kind in ("rate", "hyperparameter"):
        return False
    return bool(address.by) or places.get(one.of, -1) < places.get(address.of, -1)


def _total(address: PointAddress) -> PointAddress:
    return replace(address, kind="derivative") if address.kind == "partial" else address


__all__ = ["formula_verdict"]
