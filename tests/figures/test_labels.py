"""Labels of figures: the same characters as the formula, well-formed, back on the line where they end on it."""

from __future__ import annotations

import unicodedata
import xml.etree.ElementTree as ET
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.figures.labels import FILLING, in_text, runs, size_of, tspans
from derive.figures.signs import GREEK, SYMBOLS, width_of
from derive.naming.author_tex import ACCENTS, FONTS, WORDS
from derive.naming.author_tex import GREEK as GREEK_OF_AUTHORS
from derive.naming.author_tex import SYMBOLS as SYMBOLS_OF_AUTHORS
from derive.naming.presets import PRESETS

TEXTS = {
    r"\delta_{4}^{1}": "δ¹₄",
    r"w^{(1)}_{43}": "w⁽¹⁾₄₃",
    r"w^{[1]}_{43}": "w^[1]₄₃",
    "w_{1,43}": "w_(1,43)",
    r"\frac{\partial E}{\partial z}": "∂E/∂z",
    r"\left.\frac{\partial E}{\partial w_1}\right|_{[2]}": "∂E/∂w₁|_[2]",
    r"-4.5 \times 10^{-5}": "−4.5 × 10⁻⁵",
    r"0{,}5 \cdot 10^{-5}": "0,5 · 10⁻⁵",
    r"12\,345": "12 345",
    "{b^{2}_{1}}'": "b²₁′",
    r"w'_{1}": "w′₁",
    r"{w_1}^{\langle 2\rangle}": "w₁^⟨2⟩",
    r"\frac{1}{1 + e^{-z}}": "1/(1 + e^(−z))",
    r"\frac{a + b}{2}": "(a + b)/2",
    r"\frac{1}{2} x": "(1/2)x",
    r"x - \frac{a}{bc}": "x − a/(bc)",
    r"\frac{a}{\frac{b}{c}}": "a/(b/c)",
    r"-\frac{t}{\hat{y}} + \frac{1-t}{1-\hat{y}}": "−t/ŷ + (1 − t)/(1 − ŷ)",
    r"\sqrt{2}": "√2",
    r"\sqrt{a + b}": "√(a + b)",
    r"\ln\left( x \right)": "ln(x)",
    r"\ln x": "ln x",
    r"\max(0, z)": "max(0, z)",
    r"\overline{ab}": "a̅b̅",
    r"\mathrm{hours}_1": "hours₁",
    r"\mathrm{x\_1}": "x_1",
    r"\text{net in}": "net in",
    r"\lvert x\rvert": "|x|",
    r"\nosuch{x}": "nosuchx",
    "{}_{2}x": "₂x",
    r"a < b & c": "a < bc",
    "": "",
}


@pytest.mark.parametrize(("tex", "text"), TEXTS.items())
def test_the_text_of_a_label(tex: str, text: str) -> None:
    assert in_text(tex) == text


@pytest.mark.parametrize("preset", PRESETS)
def test_scripts_stand_above_each_other(preset: str) -> None:
    """The lower script begins where the upper one does, and what follows stands after the wider one."""
    found = runs(PRESETS[preset].indexed("w", 2, "43") + "x")
    starts = [end - run.width + run.gap for end, run in zip(accumulate(run.width for run in found), found, strict=True)]
    by_text = {run.text: start for run, start in zip(found, starts, strict=True)}
    scripts = [run for run in found if run.rise]
    assert len({round(by_text[run.text], 3) for run in scripts}) == 1
    wide = max(run.size * width_of(run.text) for run in scripts)
    assert by_text["x"] == pytest.approx(by_text[scripts[0].text] + wide, abs=0.002)
    assert found[0].italic
    assert not any(run.italic for run in scripts)


def test_every_command_of_authors_prints() -> None:
    for name in GREEK_OF_AUTHORS:
        assert in_text(rf"\{name}_1") == GREEK[name] + "₁"
    for name in SYMBOLS_OF_AUTHORS - {"prime", "quad"}:
        assert in_text(rf"x\{name}") == "x" + SYMBOLS[name]
    for name in ACCENTS | FONTS | WORDS:
        assert name not in in_text(rf"\{name}{{v}}")
        assert "v" in unicodedata.normalize("NFD", tspans(rf"\{name}{{v}}"))


def _parsed(spans: str) -> ET.Element:
    return ET.fromstring(f"<text>{spans}</text>")  # noqa: S314 (our own text)


def test_a_number_that_is_put_in_leaves_the_line_where_it_was() -> None:
    text = FILLING.write(r"2 \times 10^{-5}")
    spans = _parsed(text).iter("tspan")
    shifts = [float(span.get("dy", "0em")[:-2]) * float(span.get("font-size", "100%")[:-1]) / 100 for span in spans]
    assert sum(shifts) == pytest.approx(0, abs=0.01)
    assert tspans("a = \x0e3\x0f") == '<tspan font-style="italic">a</tspan> = \x0e3\x0f'
    assert size_of("a = \x0e3\x0f").width > size_of("a = 3").width


COMMANDS = (*"hat frac sqrt alpha text left no".split(), ",")
TEX = st.lists(st.sampled_from([*"Qx1.-+*'^_{}()[],&<> ", *(rf"\{name} " for name in COMMANDS)]), max_size=12).map(
    "".join
)


@given(TEX)
def test_any_tex_is_well_formed(tex: str) -> None:
    """Also what is no TeX: nothing of it becomes a tag, and every letter is there."""
    text = "".join(_parsed(tspans(tex)).itertext())
    assert text.count("Q") == in_text(tex).count("Q") == tex.count("Q")
    assert size_of(tex).width >= 0


def test_what_nests_far_ends() -> None:
    deep = r"\frac{1}{1 + " * 500 + "x" + "}" * 500
    assert tspans(deep).startswith("1/(1 + ")
