"""What a sum, a product and an activation do on the way back, with numbers; the passes in matrix form; the symbols."""

from __future__ import annotations

import re
from typing import Any

import pytest

from derive.api import loads
from derive.lesson import styles_of
from derive.verification.examine import Examiner
from tests.support.lesson.documents import notes
from tests.support.random_specs import convolutional, layered
from tests.support.repository import EXAMPLES, ROOT

pytestmark = pytest.mark.usefixtures("one_proof")

NUMBER = r"-?[0-9.]+(?: \\times 10\^\{-?[0-9]+\})?"
PRODUCT = re.compile(rf"\(({NUMBER})\)\(({NUMBER})\) (=|\\approx) ({NUMBER})")
UNITS = ("routes", "delta")
BY_LAYERS = [path for path in EXAMPLES if "[network]" in path.read_text("utf-8")]


def example(name: str) -> Any:
    return loads((ROOT / "examples" / f"{name}.toml").read_text("utf-8"))


def of_gates(text: str) -> str:
    (found,) = re.findall(r"^On the way back the sum .*$", text, re.MULTILINE)
    return str(found)


@pytest.mark.parametrize("style", UNITS)
def test_the_gates_of_the_first_example(style: str) -> None:
    said = of_gates(notes(example("pass_or_fail"), style=style))
    for words in (
        r"the sum $z_{1}^{2}$ passes $\delta_{1}^{2}$ on unchanged to each of its terms, such as $b_{1}^{2}$.",
        r"A product swaps its factors: $w_{11}^{2}$ gets $\delta_{1}^{2}$ times $a_{1}^{1}$.",
        r"Likewise $a_{1}^{1}$ gets $\delta_{1}^{2}w_{11}^{2} \approx (-0.4791)(0.0881) \approx -0.04221$.",
        r"The sigmoid scales this by its slope: $\delta_{1}^{1} \approx (-0.04221)(0.1308) \approx -0.005521$.",
    ):
        assert words in said


def test_contributions_of_several_units_are_added() -> None:
    said = of_gates(notes(example("mazur")))
    assert "; it feeds 2 units, and what comes back from both is added. The sigmoid scales the sum by its slope" in said


def value(number: str) -> tuple[float, float]:
    """A printed number, and half a unit of its last place."""
    mantissa, _, power = number.partition(r" \times 10^")
    exponent = int(power.strip("{}") or 0)
    return float(mantissa) * 10**exponent, 0.5 * 10.0 ** (exponent - len(mantissa.partition(".")[2]))


@pytest.mark.parametrize("style", UNITS)
@pytest.mark.parametrize("text", [*(path.read_text("utf-8") for path in BY_LAYERS), *map(layered, range(8))])
def test_what_the_gates_say_is_right(text: str, style: str) -> None:
    """Each product comes out with a calculator, and each line is judged right."""
    made = loads(text)
    said = [line for line in notes(made, style=style).splitlines() if line.startswith("On the way back the sum")]
    assert len(said) <= 1
    for line in said:
        for one, other, _, result in PRODUCT.findall(line):
            (a, _), (b, _), (c, half) = map(value, (one, other, result))
            assert abs(a * b - c) <= half * 1.0001
        judged = Examiner(made).examine(line, "markdown").judgements
        assert len(made.rows) > 1 or all(judgement.holds for judgement in judged)


def test_a_wrong_number_of_a_gate_is_wrong() -> None:
    made = example("pass_or_fail")
    text = notes(made)
    changed = text.replace(r"(-0.4791)(0.0881) \approx -0.04221", r"(-0.4791)(0.0881) \approx -0.04321")
    assert changed != text
    judged = Examiner(made).examine(changed, "markdown").judgements
    assert "wrong" in {j.verdict for j in judged if not j.holds}


@pytest.mark.parametrize("style", UNITS)
def test_layers_in_matrix_form(style: str) -> None:
    """One line of each layer's δ and one of its gradients; the numbers of one layer as a column times a row."""
    text = notes(example("pass_or_fail"), style=style).partition("### In matrix form")[2]
    for line in (
        r"\delta^{2} &= \hat{y} - t,",
        r"\frac{\partial E}{\partial W^{2}} = \delta^{2}\mathpunct{} (a^{1})^{\top}",
        r"\delta^{1} &= \bigl( (W^{2})^{\top} \delta^{2} \bigr) \odot \sigma'(z^{1})",
        r"\frac{\partial E}{\partial W^{1}} &= \delta^{1}\mathpunct{} x^{\top}",
    ):
        assert line in text
    rows = re.search(
        r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}.*?\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", text, re.DOTALL
    )
    assert rows is not None
    assert rows[2].split() == "7 & 8 & 10".split()
    assert [row.strip() for row in rows[1].split(r"\\")] == ["-0.005521", "-0.009406", "-0.0005475", "0.004560"]


def test_a_wrong_entry_of_the_product_is_wrong() -> None:
    made = example("pass_or_fail")
    before, heading, after = notes(made).partition("### In matrix form")
    judged = (
        Examiner(made).examine(before + heading + after.replace("-0.009406", "-0.009506", 1), "markdown").judgements
    )
    assert "wrong" in {j.verdict for j in judged if not j.holds}


@pytest.mark.parametrize("seed", range(6))
def test_random_layers_in_matrix_form_hold(seed: int) -> None:
    made = loads(layered(seed))
    for style in UNITS:
        text = notes(made, style=style)
        assert text.count("### In matrix form") == 1
        judged = Examiner(made).examine(text, "markdown").judgements
        assert all(judgement.holds for judgement in judged)


def test_a_network_without_matrix_form_is_told_in_none() -> None:
    made = loads(convolutional(3))
    assert all("### In matrix form" not in notes(made, style=style) for style in styles_of(made))
    assert "### In matrix form" not in notes(example("pass_or_fail"), style="matrix")


# The table of symbols

GENERAL = {
    "_{p}": r"_{\w+}",
    "_{q}": r"_{\w+}",
    "_{ji}": r"_{\d+}",
    "_{j}": r"_{\d+}",
    "_{j0}": r"_{\d+0}",
    "^{l}": r"^{\d+}",
}


def symbols(text: str) -> list[str]:
    table = text.partition("| symbol | meaning |\n|:--|:--|\n")[2].partition("\n\n")[0]
    cells = [line.split(" | ")[0].removeprefix("| ").strip("$") for line in table.splitlines()]
    return [symbol for cell in cells for symbol in cell.split(", ") if symbol != r"\ldots"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_symbol_is_listed_once_and_used(path: Any) -> None:
    """In every style: no symbol twice, none that the document does not have."""
    made = loads(path.read_text("utf-8"))
    for style in styles_of(made):
        text = notes(made, style=style)
        found = symbols(text)
        assert len(found) == len(set(found)) > 3
        rest = text.replace("| symbol | meaning |", "", 1).partition("\n\n![")[2]
        for symbol in found:
            pattern = re.escape(symbol)
            for general, one in GENERAL.items():
                pattern = pattern.replace(
                    re.escape(general), one.replace("{", r"\{").replace("}", r"\}").replace("^", r"\^")
                )
            assert re.search(pattern, rest), (style, symbol)


def test_letters_of_formulas_are_listed() -> None:
    """Every letter with a layer that stands in a formula is one of the table."""
    for path in BY_LAYERS:
        text = notes(loads(path.read_text("utf-8")))
        listed = {symbol[: symbol.index("_")] for symbol in symbols(text) if "_" in symbol}
        used = set(re.findall(r"(?<![A-Za-z\\])(\\?[A-Za-z]+)_\{[0-9,]+\}\^\{[0-9]+\}", text))
        assert used <= listed, path.stem
