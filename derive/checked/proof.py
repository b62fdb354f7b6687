"""A network worked through and checked: what documents and reports are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import MAX_PRECISION, MIN_PRECISION, enough_precision
from derive.checked.by_differences import check
from derive.checked.in_full import InFull
from derive.checked.opinion import Opinion
from derive.equations.chain import Derivation, derive
from derive.equations.run import Run, run
from derive.errors import DeriveError
from derive.network import Network
from derive.network.whole_layers import WeightedSum
from derive.records import record
from derive.uncollected import no_collection

T = TypeVar("T")

ORDINARY_WORK = 64
"""A network with more functions to be worked is no ordinary one."""
LAST_PRECISION_OF_LARGE = 1 << 12
"""Enough to show that what is not 0 is larger than 10^-300, beside numbers of any ordinary size."""


@record
class Proven:
    """The derivation, its numbers, and what the independent check said of them."""

    network: Network
    derivation: Derivation
    run: Run
    opinion: Opinion
    in_full: InFull = InFull()

    def __repr__(self) -> str:
        return f"<Worked {self.network.label}: {self.opinion.compared} derivatives compared>"


def last_precision(network: Network) -> int:
    """The bits at which a search ends: fewer for a large network, so that it ends in seconds."""
    training = network.spec.training
    nodes = sum(not isinstance(node.operation, WeightedSum) for node in network.graph.nodes)
    work = nodes * max(len(network.rows), 1) * training.iterations
    return max(LAST_PRECISION_OF_LARGE, min(MAX_PRECISION, MAX_PRECISION * ORDINARY_WORK // max(work, 1)))


def worked(
    network: Network,
    use: Callable[[Proven], T],
    *,
    in_full: Callable[[Run], InFull] = lambda _: InFull(),
    precision: int = MIN_PRECISION,
    symbolic: bool = True,
    by_sympy: bool = False,
) -> T:
    """``use`` of the checked numbers, at a precision at which every digit that it prints is certain.

    ``in_full`` says of the numbers what is worked in full; those parameters are checked one by one as well.
    ``by_sympy``: SymPy works every line of both passes, too.

    Raises:
        DeriveError: where a value is outside a domain, where the routes disagree, or where no precision decides a
            digit or the side of a kink; for a network with a part that documents cannot show.
    """
    if network.penalties or network.couples_rows:
        raise DeriveError(
            network.spec.path,
            "penalties and operations over the rows of a batch are worked and checked, but no document shows them yet",
            "leave them out",
        )
    derivation = derive(network)
    if by_sympy:
        from derive.checked.steps_by_sympy import FIRST_BITS, check_size, check_steps

        check_size(network, derivation)
        precision = max(precision, FIRST_BITS)

    def attempt() -> T:
        with no_collection():
            numbers = run(network)
            chosen = in_full(numbers)
            opinion = check(numbers, chosen.parameters, symbolic=symbolic, sample=chosen.sample)
        if by_sympy:
            steps = check_steps(derivation, numbers)
            opinion = replace(opinion, lines=steps.compared, passed_over=steps.passed_over)
        return use(Proven(network, derivation, numbers, opinion, chosen))

    try:
        return enough_precision(attempt, precision, last_precision(network))
    except OutsideDomain as error:  # the run itself stayed inside: only rounded values leave the domain
        raise DeriveError(
            f"{network.spec.path}: numbers.rounding",
            f"worked from printed values, a step leaves its domain: {error} {error.verdict}",
            'ask for more digits in [numbers], or set rounding = "end"',
        ) from None
    except Undecided as error:
        raise DeriveError(
            f"{network.spec.path}: {error.node}" if error.node else network.spec.path,
            f"no precision decides {error}"
            if str(error)
            else "a value changes so fast, or lies so close to a rounding tie, that no precision decides it",
            "change one of the numbers a little, or write the quantity so that it is exact",
        ) from None
