"""Right derivations over random networks: in all forms, roundings of 2 to 9 digits, both policies, TeX and plain."""

from __future__ import annotations

from dataclasses import dataclass

from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import precision
from derive.arithmetic.rounding import Policy
from derive.equations.run import Runner
from derive.errors import DeriveError
from derive.naming.notation import Notation
from derive.network import Network, build
from derive.specification import loads
from derive.verification.points.training import Training
from tests.support.random_specs import graph, layered
from tests.support.verification.student import FORMS, Student, document

KINDS = ("text", "markdown", "latex")


@dataclass(frozen=True)
class Right:
    """One right derivation."""

    name: str
    network: Network
    text: str
    kind: str


def right(seed: int) -> Right | None:
    """A right derivation; None where the random network leaves a domain, or rounding does."""
    toml = graph(seed) if seed % 4 == 3 else layered(seed)
    digits, early = 2 + seed % 8, bool(seed // 8 % 2)
    kind = KINDS[seed // 16 % 3]
    policy = Policy("decimals" if seed % 5 == 0 else "significant", digits)
    try:
        network = build(loads(toml))
        with precision(192):
            runner = Runner(network)
            passes = Training(network, runner.start(), runner.rows, runner.learning_rate)
            lines = list(Student(passes, policy, seed % len(FORMS), early, most=8).lines())
    except (OutsideDomain, Undecided, DeriveError):
        return None
    name = f"{seed}: {policy.kind} {digits} {'early' if early else 'end'} {kind}"
    return Right(name, network, document(lines, kind, Notation.of(network.spec)), kind)
