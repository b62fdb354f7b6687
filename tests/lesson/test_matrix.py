"""The style ``matrix``: every line of matrices follows from the one above, shapes are stated, long ones are cut."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from itertools import pairwise

import pytest

from derive import network
from derive.naming.notation import Notation
from tests.lesson.test_delta import build
from tests.lesson.test_lines import agrees, steps
from tests.support.lesson.brackets import matrix
from tests.support.lesson.calculator import Unreadable, calculate
from tests.support.lesson.documents import gradients_json, notes, worked_sample
from tests.support.lesson.layered_specs import OPTIONS

pytestmark = pytest.mark.usefixtures("one_proof")

SIZED = re.compile(r"\\underbrace\{(.*?)\}_\{([0-9]+) \\times ([0-9]+)\}")


def document(net: network.Network) -> dict[str, object]:
    read: dict[str, object] = json.loads(notes(net, to="json", style="matrix"))
    return read


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("numbers", ["significant = 3", "decimals = 4"])
def test_a_reader_finds_every_line(name: str, numbers: str) -> None:
    """With ``rounding = "step"`` every printed matrix is the line above it, entry by entry, rounded."""
    kind, digits = numbers.split(" = ")
    found = 0
    for left, lines in steps(document(build(name, numbers=numbers, rounding="step"))):
        for above, line in pairwise(lines):
            try:
                worked, printed = matrix(above.right), matrix(line.right)
            except Unreadable:
                continue
            for row, values in zip(worked, printed, strict=True):
                for entry, value in zip(row, values, strict=True):
                    assert agrees(entry, value, kind, int(digits)), (left, above, line)
            found += 1
    assert found >= 4 * len(OPTIONS[name][0]) - 4


@pytest.mark.parametrize("name", OPTIONS)
def test_matrices_hold_the_values_of_the_report(name: str) -> None:
    net = build(name)
    iteration = json.loads(gradients_json(net))["iterations"][0]
    notation = Notation.of(net.spec, net.names)
    loss = notation.tex(net.output)
    first = worked_sample(iteration, net.parameters)
    own = notation.tex(f"{net.output}[{first['row']}]") if len(net.rows) > 1 else loss
    known = {}
    for layer in net.layers:
        known[notation.matrix("z", layer.number)] = [[first["values"][z]] for z in layer.z]
        known[notation.matrix("delta", layer.number)] = [[first["gradients"][z]] for z in layer.z]
        w = notation.matrix("W", layer.number)
        known[notation.derivative(own, w)] = [[first["gradients"][n] for n in row] for row in layer.weights]
        batch = [[iteration["gradients"][n]["value"] for n in row] for row in layer.weights]
        known[notation.derivative(loss, w)] = batch
        if layer.spec.train_weights:
            new = [[iteration["updated"][n] for n in row] for row in layer.weights]
            known[f"{{{w}}}^{{+}}" if "^" in w or "_" in w else f"{w}^{{+}}"] = new
    seen = set()
    for left, lines in steps(document(net)):
        is_number = re.fullmatch(r"-?[0-9.]+(?: \\times 10\^\{-?[0-9]+\})?", lines[-1].right)
        if left in known and (r"\begin" in lines[-1].right or is_number):
            seen.add(left)
            if r"\cdots" in lines[-1].right:
                continue  # columns are left out
            for row, true in zip(matrix(lines[-1].right), known[left], strict=True):
                for value, entry in zip(row, true, strict=True):
                    assert agrees(Fraction(entry), value, "significant", 5), left
    assert seen == set(known)


@pytest.mark.parametrize("name", OPTIONS)
def test_shapes_are_stated_and_true(name: str) -> None:
    """What is braced with a size has that size in the line below."""
    found = 0
    for _, lines in steps(document(build(name))):
        for above, line in pairwise(lines):
            sizes = [(int(rows), int(columns)) for _, rows, columns in SIZED.findall(above.right)]
            shapes = [
                (body.count(r"\\") + 1, body.split(r"\\")[0].count("&") + 1)
                for body in re.findall(r"matrix\} (.*?) \\end", line.right)
            ]
            if sizes and r"\mathbf{1}" not in above.right:
                assert [size for size in sizes if size != (1, 1)] == shapes  # one entry stands as a number
                found += len(sizes)
    assert found or name == "softmax_long"


def test_the_four_equations() -> None:
    text = notes(build("plain"), style="matrix")
    equations = [text.index(f"(BP{n})") for n in (1, 2, 3, 4)]
    assert equations == sorted(equations)
    assert r"\bigl( (W^{l+1})^{\top} \delta^{l+1} \bigr) \odot f'(z^{l})" in text
    assert r"\delta^{l}\mathpunct{} (a^{l-1})^{\top}" in text


def test_the_sequential_order_takes_the_new_weights_back() -> None:
    text = notes(build("sequential"), style="matrix")
    assert text.index("updated before we go on") < text.index(r"\underbrace{({W^{3}}^{+})^{\top}}")
    assert "are already known" in text


def test_large_matrices_have_an_ellipsis() -> None:
    """Past 8 units the first and the last are shown; 8 are shown whole."""
    whole = notes(build("eight"), style="matrix")
    assert r"\vdots" not in whole.split("## Backward pass")[1].split("## Did")[0]
    OPTIONS["nine"] = ([9, 9, 1], ["tanh", "sigmoid"], "half_squared_error", 1, "")
    try:
        net = build("nine")
    finally:
        del OPTIONS["nine"]
    text = notes(net, style="matrix", show=["w1_5_5"])
    assert r"\ddots" in text
    assert r"9 \times 9" in text
    backward = text.split("## Backward pass")[1].split("## Update")[0]
    assert r"\frac{\partial E}{\partial w_{55}^{1}} &= \delta_{5}^{1}x_5" in backward


def test_rows_fit_where_numbers_are_long() -> None:
    """Twelve digits: a line of matrices is broken before a factor, none is lost."""
    net = build("plain", numbers="significant = 12")
    for left, lines in steps(document(net)):
        for above, line in pairwise(lines):
            if SIZED.search(above.right) and "z" in left:
                assert line.right.count(r"\begin") >= 2, line


def test_the_reader_multiplies() -> None:
    """A test of the test."""
    two = r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"
    column = r"\begin{bmatrix} 1 \\ -1 \end{bmatrix}"
    assert matrix(rf"{two}\, {column} + {column}") == [[0], [-2]]
    assert matrix(rf"\frac{{1}}{{2}} \Bigl( {column} + {column}\Bigr)") == [[1], [-1]]
    assert matrix(rf"{column} \odot {column} - 0.5\, {column}") == [[Fraction(1, 2)], [Fraction(3, 2)]]
    with pytest.raises(Unreadable):
        matrix("W x")
    assert calculate("2") == 2
