"""A real TeX on many formulas: all of them compile, and they are as wide as we say."""

import re
import subprocess

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from derive.differentiate import working
from derive.expressions.print_tex import tex, width
from derive.expressions.tree import Derivative, names_in
from tests.support.expressions.trees import trees
from tests.support.tools import need_tool

NAMES = {"x": "w^{1}_{41}", "y": r"\hat y", "z": "z^{2}_1", "w": "{w^{2}_{11}}'", "": r"\alpha"}
PREAMBLE = r"\documentclass[11pt]{article}\usepackage{amsmath}\begin{document}"
FONT_SIZE = 10.95  # points, at 11pt


def many_formulas(count):
    """Random expressions, their derivatives still to be taken, and every line of the working."""
    found = {}

    @settings(max_examples=count, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(trees())
    def collect(tree):
        found[tex(tree, NAMES.__getitem__)] = None
        for by in names_in(tree)[:1]:
            lines = [Derivative(tree, by), *(line.expr for line in working(tree, by).lines)]
            found.update(dict.fromkeys(tex(line, NAMES.__getitem__) for line in lines))

    collect()
    return [formula for formula in found if len(formula) < 2_000]


@pytest.mark.tool
def test_formulas_compile_and_are_as_wide_as_estimated(tmp_path):
    """LaTeX with amsmath sets every formula without an error; our widths are its own, within a tenth or so."""
    need_tool("pdflatex")
    formulas = many_formulas(300)
    assert len(formulas) > 500
    boxes = [rf"\setbox0\hbox{{$\displaystyle {f}$}}\typeout{{W\the\wd0}}" for f in formulas]
    (tmp_path / "all.tex").write_text("\n".join([PREAMBLE, *boxes, r"x\end{document}"]))
    ran = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "all.tex"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert [line for line in ran.stdout.splitlines() if line.startswith("!")] == []
    printed = [float(points) / FONT_SIZE for points in re.findall(r"^W([\d.]+)pt", ran.stdout, re.MULTILINE)]
    assert len(printed) == len(formulas)
    ratios = sorted(width(f) / ems for f, ems in zip(formulas, printed, strict=True) if ems > 3)
    assert ratios[len(ratios) // 50] > 0.93
    assert 1.0 < ratios[len(ratios) // 2] < 1.12
