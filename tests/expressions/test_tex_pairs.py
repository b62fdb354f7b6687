r"""Any factor beside any other: a command never touches a letter that is not its own, and the value can be read."""

import re
import subprocess
from itertools import product

import pytest
from flint import fmpq

from derive.arithmetic.numbers import as_ball
from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import parse
from derive.expressions.print_tex import broken, pieces, substituted, tex
from derive.expressions.tex_words import begins_with_letter, ends_in_command, joined, words
from derive.expressions.tree import names_in
from derive.words.markdown_tex import spelled
from tests.support.expressions.tex_reader import FUNCTIONS, value_of_tex
from tests.support.tools import need_tool

KINDS = (
    "abs(a)", "abs(a/m)", "abs(a*m)", "exp(m)", "exp(-(a*m + k)/m)", "ln(m)", "ln(m/k)", "log2(m)", "sqrt(m)",
    "sqrt(m/k)", "sin(a)", "sin(a)^2", "tanh(m)", "tanh(a/m)", "sigmoid(m)", "softplus(a)", "relu(m)", "max(a, m)",
    "min(a, m/k)", "2", "0.5", "1", "pi", "a", "m", "theta", "theta^2", "m^2", "rate", "(a + m)", "(a - m/k)", "a/m",
    "1/m", "-a", "-abs(a)", "abs(theta)^2", "m^a", "abs(a)^m",
)  # fmt: skip
"""Every kind of factor: functions with and without brackets, numbers, letters, words, powers, sums, quotients."""
LETTERS = {"a": "a", "m": "m", "k": "k", "theta": r"\theta", "rate": r"\mathrm{rate}"}
VALUES = {"a": fmpq(-3, 2), "m": fmpq(2), "k": fmpq(5), "theta": fmpq(-1, 4), "rate": fmpq(3)}
KNOWN = {
    r"\frac", r"\cdot", r"\times", r"\left", r"\right", r"\lvert", r"\rvert", r"\biggl", r"\biggr", r"\bigl", r"\bigr",
    r"\sqrt", r"\pi", r"\theta", r"\mathrm", r"\operatorname", r"\log", *FUNCTIONS,
}  # fmt: skip
SIGNS = {r"\,", r"\;", r"\!"}
JOINTS = ("*", "/", "+", "-")


def formulas():
    """Every pair of kinds with every sign between them."""
    for (left, right), sign in product(product(KINDS, repeat=2), JOINTS):
        yield f"{left}{sign}({right})"


def read(shown):
    """The value that a person reads: a word as one letter, log₂ as a function of its own."""
    shown = shown.replace(r"\mathrm{rate}", " r").replace(r"\log_{2}", r"\operatorname{binary}")
    letters = {"a": VALUES["a"], "m": VALUES["m"], "k": VALUES["k"], r"\theta": VALUES["theta"], "r": VALUES["rate"]}
    return value_of_tex(shown, {key: float(value.p) / float(value.q) for key, value in letters.items()})


def unknown_words(shown):
    r"""Commands that are none, as ``\rvertm``, and signs after a backslash that we do not use."""
    return [w for w in words(shown) if w[0] == "\\" and w not in KNOWN | SIGNS and w != "\\ "]


@pytest.mark.parametrize("left", KINDS)
def test_a_command_never_touches_a_letter(left):
    for right, sign in product(KINDS, JOINTS):
        tree = parse(f"{left}{sign}({right})")
        shown = tex(tree, LETTERS.__getitem__)
        numbers = substituted(tree, lambda name, brackets: str(VALUES[name].p) if brackets == "never" else "(7)")
        assert unknown_words(shown) == [] == unknown_words(numbers), (left, sign, right)
        rows = broken(pieces(tree, LETTERS.__getitem__), 1.0)
        assert [word for row in rows for word in unknown_words(row)] == [], rows
        assert unknown_words(re.sub(r"\\(?:mathop|mathopen|mathpunct)(?![A-Za-z])", "", spelled(shown))) == []


@pytest.mark.parametrize("left", KINDS)
def test_what_is_read_is_what_was_meant(left):
    for right, sign in product(KINDS, JOINTS):
        tree = parse(f"{left}{sign}({right})")
        exact = evaluate(tree, {name: VALUES[name] for name in names_in(tree)})
        shown = tex(tree, LETTERS.__getitem__)
        assert read(shown) == pytest.approx(float(as_ball(exact).mid())), shown


def test_three_factors():
    """Between two letters, too, each kind keeps to itself."""
    for kind in KINDS:
        for text in (f"a*{kind}*m", f"theta*({kind})*theta", f"abs(a)*({kind})*abs(m)"):
            assert unknown_words(tex(parse(text), LETTERS.__getitem__)) == [], text


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ((r"\rvert", "m"), r"\rvert m"),
        ((r"\rvert", r"\lvert"), r"\rvert\lvert"),
        ((r"\cdot", "5"), r"\cdot5"),
        ((r"\alpha", "", "x"), r"\alpha x"),
        ((r"\alpha ", "x"), r"\alpha x"),
        (("a", "b"), "ab"),
        ((r"a \\", "b"), r"a \\b"),
        ((r"\,", "b"), r"\,b"),
        ((), ""),
    ],
)
def test_pieces_are_joined(parts, whole):
    assert joined(*parts) == whole


def test_ends_and_beginnings():
    assert ends_in_command(r"x\pi") and not ends_in_command(r"\pi_1") and not ends_in_command("pi")
    assert begins_with_letter("x^2") and not begins_with_letter(r"\pi") and not begins_with_letter("")


@pytest.mark.tool
def test_a_real_tex_sets_all_pairs(tmp_path):
    pdflatex = need_tool("pdflatex")
    shown = [tex(parse(text), LETTERS.__getitem__) for text in formulas()]
    assert len(shown) == len(KINDS) ** 2 * len(JOINTS)
    boxes = [rf"\setbox0\hbox{{$\displaystyle {formula}$}}" for formula in (*shown, *map(spelled, shown))]
    preamble = r"\documentclass{article}\usepackage{amsmath}\begin{document}"
    (tmp_path / "all.tex").write_text("\n".join([preamble, *boxes, r"x\end{document}"]))
    ran = subprocess.run(
        [pdflatex, "-interaction=nonstopmode", "all.tex"], cwd=tmp_path, capture_output=True, check=False
    )
    assert [line for line in ran.stdout.decode("latin-1").splitlines() if line.startswith("!")] == []
    assert ran.returncode == 0
