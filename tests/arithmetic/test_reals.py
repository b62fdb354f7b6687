"""Whatever kind of number there is, every consumer takes it: plain balls, with a residue, beside a rational, or both."""

from __future__ import annotations

import operator

import pytest
from flint import arb, fmpq

from derive import derive, loads
from derive.arithmetic.elementary import exponential, logarithm, power, quotient, square_root
from derive.arithmetic.numbers import decided_sign, is_zero, plain, settled
from derive.arithmetic.offsets import Offset
from derive.arithmetic.outcomes import brief
from derive.arithmetic.precision import precision, tracing
from derive.arithmetic.reals import FUNCTIONS as METHODS
from derive.arithmetic.residues import Traced
from derive.arithmetic.rounding import Policy, decimal_string
from derive.expressions.evaluate import compiled, slope_of, value_of
from derive.expressions.functions import FUNCTIONS
from derive.ops import LOSSES
from derive.render.document import notes
from derive.verification.examine import Examiner

pytestmark = pytest.mark.usefixtures("one_proof")

BITS = 4000
"""Enough that one ball shows a correction of e^-1000."""


def kinds(limit: fmpq):
    """A number beside ``limit`` in each of the four kinds, and the same as a ball of many bits."""
    rest = exponential(fmpq(-1000))
    small = settled(rest)
    with precision(BITS):
        true = arb(limit) + arb(-1000).exp()
    found = [Offset(limit, small), Offset(limit, Traced.of(small))]
    if limit == 0:
        found += [small, Traced.of(small)]
    return found, true


LIMITS = [fmpq(0), fmpq(1), fmpq(-1), fmpq(4), fmpq(1, 3)]


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("method", METHODS)
def test_functions(method, limit) -> None:
    """Each function of each kind: right, and near its own limit with all digits."""
    with precision(128):
        numbers, true = kinds(limit)
        for number in numbers:
            if (method, limit) in {("log", fmpq(-1)), ("sqrt", fmpq(-1)), ("log1p", fmpq(-1))}:
                continue
            found = plain(getattr(number, method)())
            with precision(BITS):
                expected = getattr(true, method)()
                assert found.overlaps(expected)
                assert abs(found - expected) <= abs(expected) * arb(2) ** -90


@pytest.mark.parametrize("operate", [operator.add, operator.sub, operator.mul, operator.truediv])
@pytest.mark.parametrize("left", LIMITS)
@pytest.mark.parametrize("right", LIMITS)
def test_operations(operate, left, right) -> None:
    """Every kind with every kind, with rationals and whole numbers, on either side; no digits of a correction go."""
    with precision(128):
        (ones, one), (others, other) = kinds(left), kinds(right)
        pairs = [(a, b, one, other) for a in ones for b in others]
        pairs += [(a, b, one, arb(int(b))) for a in ones for b in (fmpq(2), 2)]
        pairs += [(b, a, arb(2), one) for a in ones for b in (fmpq(2), 2)]
        for a, b, true_a, true_b in pairs:
            found = operate(a, b)
            assert not isinstance(found, float)
            with precision(BITS):
                expected = operate(true_a, true_b)
            if expected.contains(0):
                assert plain(found).contains(0)
                continue
            assert plain(found).overlaps(expected)
            assert plain(found).rel_accuracy_bits() > 90, (a, b)
            assert decided_sign(found) == (1 if expected > 0 else -1)
            assert (found > 0, found < 0, found >= 0, found <= 0) == (
                expected > 0,
                expected < 0,
                expected >= 0,
                expected <= 0,
            )


@pytest.mark.parametrize("traced", [False, True])
def test_other_consumers(traced) -> None:
    """Powers, roots, logarithms, quotients, messages, printing."""
    with precision(128), tracing(traced):
        for limit in LIMITS:
            for number in kinds(limit)[0]:
                assert brief(number)
                assert decimal_string(number, 12)
                assert Policy("significant", 6).shown(number).text
                assert not is_zero(number)
                assert decided_sign(quotient(fmpq(1), number)) == decided_sign(number)
                assert decided_sign(power(number, fmpq(4)) - fmpq(7, 1000)) == (-1 if limit == 0 else 1)
                assert power(number, fmpq(-3)) is not None
                if limit >= 0:
                    assert decided_sign(power(number, fmpq(1, 3)) - fmpq(1, 2)) == (1 if limit else -1)
                    assert power(number, number) is not None
                    assert decided_sign(square_root(number)) == 1
                    logarithm(number)


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("name", [n for n, f in FUNCTIONS.items() if n not in ("min", "max")])
def test_functions_of_the_table(name, traced) -> None:
    """Value and slope of every function of the grammar at every kind of number."""
    function = FUNCTIONS[name]
    rest = [fmpq(-1, 2), fmpq(3, 2)] if name == "clip" else list(function.defaults.values())
    with precision(128), tracing(traced):
        for limit in LIMITS:
            if limit < 0 and name in {"ln", "log", "log2", "log10", "sqrt"}:
                continue
            numbers, true = kinds(limit)
            for number in numbers:
                value, slope = value_of(function)(number, *rest), slope_of(function)(number, *rest)
                with precision(BITS), tracing(False):
                    expected = value_of(function)(true, *rest), slope_of(function)(true, *rest)
                for found, right in zip((value, slope), expected, strict=True):
                    with precision(BITS):
                        assert plain(found).overlaps(plain(right)), (name, limit)


@pytest.mark.parametrize("name", LOSSES)
def test_losses(name) -> None:
    """Value and slope of every loss of the table."""
    loss = LOSSES[name]
    parameters = dict(loss.parameters)
    with precision(128):
        for limit in (fmpq(0), fmpq(1)):
            for t in (fmpq(0), fmpq(1), fmpq(-1)):
                if loss.targets == "unit" and t < 0:
                    continue
                numbers, true = kinds(limit)
                for number in numbers[:2]:  # a plain ball does not part 1 - e^-1000 from 1
                    for tree in (loss.term, loss.derivative):
                        compute = compiled(tree, ("yhat", "t", *parameters))
                        if name.endswith("cross_entropy") and limit == 1 and t == 0 and name != "cross_entropy":
                            assert true > 1  # outside of ln(1 - ŷ)
                            continue
                        found = compute(number, t, *parameters.values())
                        with precision(BITS):
                            assert plain(found).overlaps(plain(compute(true, t, *parameters.values())))


NETWORKS = [
    (activation, loss, x, order)
    for i, (activation, loss, x) in enumerate(
        [
            ("sigmoid", "squared_error", 3000), ("sigmoid", "binary_cross_entropy", -3000),
            ("tanh", "half_squared_error", 3000), ("tanh", "hinge", -3000), ("softplus", "log_cosh", -3000),
            ("elu", "huber", -3000), ("softmax", "cross_entropy", 3000), ("softmax", "squared_error", -3000),
            ("gelu", "absolute_error", -100), ("silu", "mean_squared_error", -3000),
            ("sigmoid", "squared_error", 100000), ("softmax", "binary_cross_entropy", 100000),
            ("identity", "cross_entropy", 100000), ("tanh", "squared_error", 100000),
        ]
    )
    for order in ("simultaneous", "sequential")
]  # fmt: skip


def network(activation: str, loss: str, x: int, order: str) -> str:
    """Two layers, the first one saturated."""
    last = "softmax" if activation == "softmax" else "sigmoid" if "entropy" in loss else activation
    units = 2 if last == "softmax" else 1
    weights = "[[1], [0.5]]" if units == 2 else "[[1]]"
    first = "sigmoid" if activation == "softmax" else activation
    t = "1, 0" if units == 2 else "1"
    return (
        f'[network]\ninputs = 1\nloss = "{loss}"\n[[network.layers]]\nunits = 1\nactivation = "{first}"\n'
        f'weights = [[1]]\n[[network.layers]]\nunits = {units}\nactivation = "{last}"\nweights = {weights}\n'
        f"[[data]]\nx = [{x}]\nt = [{t}]\n[training]\nlearning_rate = 0.5\n"
        f'[conventions]\nupdate_order = "{order}"\n'
    )


@pytest.mark.parametrize(("activation", "loss", "x", "order"), NETWORKS)
def test_networks(activation, loss, x, order) -> None:
    """Run, opinion, recursion, documents and the reading of claims."""
    found = loads(network(activation, loss, x, order))
    assert derive(found)
    document = notes(found, style="delta")
    examined = Examiner(found).examine(document, "markdown")
    assert not examined.problem
    assert [j.claim for j in examined.judgements if not j.holds] == []
