"""What sentences say of numbers: small changes, the fall of the first update, who did the work, guesses.

Each number is found again without the chain rule: by forward passes of the reference at 80 digits.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import mpmath
import pytest

from derive import network, specification
from derive.naming.notation import Notation
from tests.support.lesson.documents import notes
from tests.support.random_specs import graph, layered
from tests.support.reference import DIGITS, Graphed, Layered, number
from tests.support.repository import EXAMPLES

pytestmark = pytest.mark.usefixtures("one_proof")

NUMBER = r"(-?[0-9.]+(?: \\times 10\^\{-?[0-9]+\})?)"
RAISED = re.compile(
    r"The derivative is (?P<sign>negative|positive): raising "
    rf"\$(?P<name>[^$]+)\$ by \${NUMBER}\$ should (?:lower|raise) \$[^$]+\$ by about \${NUMBER}\$; "
    rf"recomputed, \$[^$]+\$ (?P<way>falls|rises) by \${NUMBER}\$\."
)
DELTA = re.compile(
    rf"says: raising \$(?P<name>[^$]+)\$ by \${NUMBER}\$ should (?P<way>lower|raise) \$(?P<loss>[^$]+)\$ by about "
    rf"\${NUMBER}\$; recomputed, \$[^$]+\$ (?:falls|rises) by \${NUMBER}\$\."
)
FORETOLD = re.compile(
    rf"Together, the (?:first )?update should lower \$[^$]+\$ by \$[^$]*?(?:=|\\approx) {NUMBER}\$"
    r"(?:, summed over the trained parameters)?\.\s+(?P<came>[^.]*(?:\.[0-9][^.]*)*)\."
)
SHARE = re.compile(r"\$([^$]+)\$ \(\$([0-9]+)\$\\%\)")
STEP = "1e-25"
LINEAR = """
[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 1
weights = 1
[[data]]
x = [2]
t = [1]
[training]
learning_rate = 0.3
"""
SPECS = {
    **{f"example {path.stem}": path.read_text("utf-8") for path in EXAMPLES},
    **{f"layers {seed}": layered(seed) for seed in range(6)},
    **{f"graph {seed}": graph(seed) for seed in range(4)},
    "too long a step": '[graph.values]\nx = 3\ny = 1\n[graph.nodes]\nf = "x^2 + y^2"\n[training]\nlearning_rate = 1.5\n',
    "past the target": LINEAR,
    "a loss that may be negative": LINEAR.replace("half_squared_error", "cross_entropy").replace("= 0.3", "= 9"),
}


class Forward:
    """The loss of the first batch with any parameters, by forward passes alone."""

    def __init__(self, text: str) -> None:
        self.spec: Mapping[str, Any] = tomllib.loads(text, parse_float=str)
        self.problem = (Layered if "network" in self.spec else Graphed)(self.spec)
        training = self.spec.get("training", {})
        count = len(self.problem.data)
        self.rows = range(min(int(training.get("batch_size", count)), count))
        self.mean = training.get("reduction", "mean") == "mean"
        self.start = dict(self.problem.parameters)

    def loss(self, changes: Mapping[str, Any]) -> Any:
        self.problem.parameters = {**self.start, **changes}
        total = sum(self.problem.forward(row).values[self.problem.output] for row in self.rows)
        return total / len(self.rows) if self.mean else total

    def raised(self, z: str, by: Any, row: int) -> Any:
        """The change of one sample's own loss where a weighted input is raised."""
        self.problem.parameters, output = self.start, self.problem.output
        losses = []
        for change in (by, 0):
            self.problem.raised = {z: change}
            losses.append(self.problem.forward(row - 1).values[output])
        return losses[0] - losses[1]

    def slope(self, name: str) -> Any:
        h, at = mpmath.mpf(STEP), self.start[name]
        return (self.loss({name: at + h}) - self.loss({name: at - h})) / (2 * h)


def agrees(printed: str, value: Any) -> bool:
    """Whether a value rounds to what is printed."""
    mantissa, _, power = printed.partition(r" \times 10^")
    exponent = int(power.strip("{}") or 0)
    place = exponent - len(mantissa.partition(".")[2])
    return bool(abs(value - mpmath.mpf(f"{mantissa}e{exponent}")) <= mpmath.mpf(f"0.5001e{place}"))


def names_of(built: network.Network) -> dict[str, str]:
    """The parameters by their TeX."""
    notation = Notation.of(built.spec, built.names)
    return {notation.tex(name): name for name in built.parameters}


@pytest.mark.parametrize("key", SPECS)
def test_every_number_is_found_again_by_forward_passes(key: str) -> None:
    text = SPECS[key]
    built = network.build(specification.loads(text))
    written = notes(built, to="latex")
    with mpmath.workdps(DIGITS):
        forward, known = Forward(text), names_of(built)
        for found in RAISED.finditer(written):
            name = known[found["name"]]
            by, predicted, rise = (found[i] for i in (3, 4, 6))
            change = forward.loss({name: forward.start[name] + mpmath.mpf(by)}) - forward.loss({})
            assert agrees(rise, abs(change))
            assert (found["sign"] == "negative") == (found["way"] == "falls") == (change < 0)
            assert 'rounding = "step"' in text or agrees(predicted, abs(forward.slope(name)) * mpmath.mpf(by))
        check_delta(forward, built, written, by_steps='rounding = "step"' in text)
        check_the_first_update(forward, built, known, written)


def check_delta(forward: Forward, built: network.Network, written: str, *, by_steps: bool) -> None:
    """What δ of an output unit says: the reference raises the weighted input itself."""
    notation = Notation.of(built.spec, built.names)
    units = {notation.tex(z): z for layer in built.layers[-1:] for z in layer.z}
    for found in DELTA.finditer(written):
        row = re.search(r"\[([0-9]+)\]$", found["loss"])
        by, predicted, rise = (found[i] for i in (2, 5, 6))
        change = forward.raised(units[found["name"]], mpmath.mpf(by), int(row[1]) if row else 1)
        assert agrees(rise, abs(change))
        assert (found["way"] == "lower") == (change < 0)
        step = mpmath.mpf(STEP)
        slope = forward.raised(units[found["name"]], step, int(row[1]) if row else 1) / step
        assert by_steps or abs(abs(slope) * mpmath.mpf(by) - mpmath.mpf(predicted)) < mpmath.mpf(predicted) / 100


def never_negative(given: Mapping[str, Any]) -> bool:
    """Of a loss that the author states nobody knows; -ln(y) of an output above 1 is negative."""
    if not isinstance(given["loss"], str):
        return False
    return given["loss"] != "cross_entropy" or given["layers"][-1].get("activation") in ("sigmoid", "softmax")


def check_the_first_update(forward: Forward, built: network.Network, known: Mapping[str, str], written: str) -> None:
    found = FORETOLD.search(written)
    if found is None or "At a kink, a derivative need not" in written:
        return
    rate = number(forward.spec["training"]["learning_rate"])
    slopes = {name: forward.slope(name) for name in built.trained}
    predicted = rate * sum(slope**2 for slope in slopes.values())
    fall = forward.loss({}) - forward.loss({n: forward.start[n] - rate * slope for n, slope in slopes.items()})
    assert agrees(found[1], predicted)
    words = found["came"]
    amount = "only" if fall < predicted else "even more,"
    came = "rose" if fall < 0 else "close to" if abs(fall - predicted) < predicted / 10 else f"fell by {amount}"
    assert came in words
    printed = re.search(rf"fell by (?:only |even more, )?\${NUMBER}\$", words)
    assert (fall < 0) == (printed is None)
    assert printed is None or agrees(printed[1], fall)
    beyond = built.has_loss and never_negative(forward.spec["network"]) and fall > 0 and predicted > forward.loss({})
    assert ("The prediction is more than all of" in written) == beyond
    shares = {known[name]: percent for name, percent in SHARE.findall(written)}
    for name, percent in shares.items():
        assert agrees(percent, 100 * rate * slopes[name] ** 2 / predicted)
    others = [slope**2 for name, slope in slopes.items() if name not in shares]
    assert not shares or len(shares) == 2
    assert not shares or max(others) <= min(slopes[name] ** 2 for name in shares) * (1 + mpmath.mpf(10) ** -12)


def test_the_specs_have_all_kinds_of_sentences() -> None:
    texts = [notes(network.build(specification.loads(text)), to="latex") for text in SPECS.values()]
    assert sum(len(RAISED.findall(text)) for text in texts) > 50
    assert sum(FORETOLD.search(text) is not None for text in texts) > 9
    assert sum(len(DELTA.findall(text)) for text in texts) > 9
    for words in (
        "close to the prediction",
        "fell by only",
        "fell by even more,",
        "f$ rose",
        "The derivative is 0: ",
        "$ overshot its target.",
        "The prediction is more than all of",
    ):
        assert any(words in text for text in texts), words


SOFTMAX = """
[network]
inputs = 1
loss = "cross_entropy"
[[network.layers]]
units = 10
activation = "softmax"
weights = {weights}
[[data]]
x = [1]
t = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
"""


def test_a_loss_is_put_beside_that_of_a_guess() -> None:
    text = notes(network.build(specification.loads(SOFTMAX.format(weights="0.3"))))
    assert r"equal probabilities for the 10 classes give the loss $\ln 10 \approx 2.303$." in text
    halved = SOFTMAX.format(weights="0.3").replace("t = [1, 0", "t = [1, 1")
    assert "For comparison" not in notes(network.build(specification.loads(halved)))


def test_a_kink_is_predicted_by_no_derivative() -> None:
    """At w = 0 the convention's slope is no slope of the loss: nothing is said of small changes."""
    text = '[graph.values]\nw = 0\n[graph.nodes]\nf = "relu(w) - w/4"\n[training]\nlearning_rate = 1\n[conventions]\nrelu_at_zero = "1/2"\n'
    written = notes(network.build(specification.loads(text)))
    assert "The derivative is" not in written
    assert "At a kink, a derivative need not predict the effect of a step." in written


def test_quiet_units_have_their_numbers() -> None:
    text = LINEAR.replace("[[network.layers]]", '[[network.layers]]\nunits = 1\nactivation = "sigmoid"\n'
                          "weights = 20\n[[network.layers]]", 1)  # fmt: skip
    written = notes(network.build(specification.loads(text.replace("t = [1]", "t = [3]"))))
    slope = mpmath.exp(-40)
    found = re.search(
        r"saturated: the slope of its activation is \$[^$]* \\approx ([0-9.]+) \\times 10\^\{-18\}\$", written
    )
    assert found
    assert abs(mpmath.mpf(found[1]) - slope * 10**18) < 0.001
