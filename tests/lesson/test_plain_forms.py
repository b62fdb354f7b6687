"""Forms that a good hand leaves out: terms of 0, a leading 1, brackets around one entry, digits of what did not move."""

from __future__ import annotations

import re

import pytest

from derive import network, specification
from tests.support.lesson.calculator import calculate
from tests.support.lesson.documents import notes

pytestmark = pytest.mark.usefixtures("one_proof")

SPEC = """[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "relu"
weights = [[0.50, 0.25], [-0.5, {w}]]
biases = [0, 0.1]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.5, 0.25]]
[[data]]
x = [1, {x}]
t = [0]
[training]
learning_rate = 0.5
"""
ZEROS = "A term with a factor 0 drops out."


def document(style: str = "routes", *, x: str = "0", w: str = "-1") -> str:
    return notes(network.build(specification.loads(SPEC.format(x=x, w=w))), style=style)


def test_terms_of_zero_are_left_out_and_it_is_said_once() -> None:
    text = document()
    assert text.count(ZEROS) == 1
    assert "&= (0.50)(1) + 0 \\\\" in text
    assert "&= (-0.5)(1) + 0.1 \\\\" in text
    other = document(x="2")
    assert "(0.50)(1) + (0.25)(2) + 0" in other
    assert ZEROS in other.split("## The derivatives we need")[0]  # the activation of the dead unit
    assert ZEROS not in document(x="2", w="1")


def test_what_does_not_move_keeps_its_digits() -> None:
    rows = {row.split(" | ")[0]: row for row in document().split("## Summary")[1].split("\n") if row.startswith("| $w")}
    assert rows["| $w_{12}^{1}$"] == "| $w_{12}^{1}$ | $0.25$ | $0$ | $0.25$ |"
    assert re.search(
        r"\| \$w_\{11\}\^\{1\}\$ \| \$0.50\$ \| \$0\.[0-9]+\$ \| \$0\.4[0-9]+\$ \|", rows["| $w_{11}^{1}$"]
    )
    assert "A parameter whose derivative is 0 keeps its value." in document()
    assert "keeps its value" not in document(x="2", w="1")


def test_the_matrix_of_one_entry_is_a_number() -> None:
    text = document("matrix")
    assert not re.search(r"\\begin\{bmatrix\} [^&\\]* \\end", text)
    assert re.search(r"&\\approx -?0\.[0-9]+\n\\end", text)


@pytest.mark.parametrize("style", ["delta", "matrix"])
def test_delta_goes_back_in_a_figure(style: str) -> None:
    text = document(style)
    assert re.search(
        r"!\[The δ of every unit, carried back from E; the thick arrows lead into δ¹₁\]\(.*backward.svg\)", text
    )
    assert "; recomputed, $E$ " in text


def test_the_routes_of_a_softmax_have_their_numbers() -> None:
    spec = SPEC.replace(
        'activation = "sigmoid"\nweights = [[0.5, 0.25]]', 'activation = "softmax"\nweights = [[0.5, 0.25], [0.1, 0.2]]'
    )
    spec = spec.replace("units = 1", "units = 2").replace("half_squared_error", "cross_entropy")
    text = notes(network.build(specification.loads(spec.format(x="2", w="1").replace("t = [0]", "t = [0.25, 0.75]"))))
    part = text.split("The 2 routes from")[1].split("$$")[1]
    _, numbers, result = re.sub(r"\\\\\n( & \\quad \{\})?|\n\\end.*", "", part).split(r"&\approx ")
    assert numbers.count(r"\frac{0.") == 2
    assert float(calculate(numbers)) == pytest.approx(float(result), abs=2e-4)
