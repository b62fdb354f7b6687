"""Did it help? The loss before and after, of the same rows, in digits that show the change; why it rose, where known."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from derive import network, specification
from tests.support.lesson.documents import notes
from tests.support.random_specs import layered
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof")


def helped(text: str) -> str:
    return notes(network.build(specification.loads(text))).partition("## Did it help?")[2].partition("## ")[0]


def example(name: str) -> str:
    return notes(network.build(specification.load(str(ROOT / "examples" / f"{name}.toml"))))


def graph(formula: str, values: str, more: str = "learning_rate = 0.1") -> str:
    return helped(f"[graph.values]\n{values}\n[graph.nodes]\nf = '{formula}'\n[training]\n{more}")


BATCHES = """
[graph.values]
w = 1
[graph.nodes]
f = "(w*x)^2"
[[data]]
x = 1
[[data]]
x = 2
[[data]]
x = 4
[training]
learning_rate = 0.01
batch_size = 2
iterations = {iterations}
[numbers]
significant = 12
rounding = "{rounding}"
"""


@pytest.mark.parametrize("rounding", ["end", "step"])
@pytest.mark.parametrize("iterations", [1, 2])
def test_batches_are_judged_by_all_rows(iterations: int, rounding: str) -> None:
    text = helped(BATCHES.format(iterations=iterations, rounding=rounding))
    w = Fraction(1) - Fraction(5, 100)
    if iterations == 2:
        w -= Fraction(32, 100) * w
    found = re.search(
        r"The output of all 3 samples fell by \$(.*)\$, from \$7\$ to \$([^$]*)\$(?: \(Table [0-9]+\))?\.", text
    )
    assert found
    assert Fraction(found[2]) == 7 * w * w == 7 - Fraction(found[1])


def test_a_row_that_leaves_a_domain_at_the_start_spoils_nothing() -> None:
    text = BATCHES.format(iterations=1, rounding="end").replace("(w*x)^2", "-sqrt(w - x + 3)").replace("x = 2", "x = 1")
    text = helped(text.replace("x = 4", "x = 5").replace("0.01", "10"))
    assert "of all samples, is" in text
    assert "of all 3 samples" not in text


@pytest.mark.parametrize("seed", [17, 22])
def test_the_loss_after_the_update_has_its_mark(seed: int) -> None:
    text = helped(layered(seed))
    assert r"{E}^{\langle 1\rangle}" in text
    assert re.search(r"The loss of all [0-9]+ samples (fell|rose)", text)


def test_a_small_change_is_seen() -> None:
    text = graph("x^2 + y", "x = 0.001\ny = 1.1", "learning_rate = 0.3\n[graph]\nparameters = ['x']")
    assert "| $f$ | $1.100001$ | $1.1000002$ |" in text
    assert "from $1.100001$ to $1.1000002$" in text


def test_a_step_that_is_too_long_is_called_so() -> None:
    assert "to $3.24$ (Table 3): the step was too long." in graph("x^2", "x = 1", "learning_rate = 1.4")


def test_a_kink_is_not_a_step_that_is_too_long() -> None:
    text = graph("relu(w) - w/2", "w = 0", "learning_rate = 0.1\n[conventions]\nrelu_at_zero = 1")
    assert "too long" not in text
    assert "rose from $0$ to $0.025$ (Table 3): a step taken at a kink need not go downhill." in text


def test_a_loss_that_rises_on_the_way_is_said_to() -> None:
    """x = 4, y = -2: the second step, which keeps half of the first, carries y too far; E is 26, 6.66, 8.106, 4.791."""
    text = example("momentum")
    assert "It did not fall every time: it rose in update 2 (a step that keeps a part of earlier steps" in text
    assert "It did not fall" not in example("pass_or_fail")
