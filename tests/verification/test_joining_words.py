r"""Words in a font between claims of one formula, and norms of weights; the numbers are worked here."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

SPEC = """
[graph]
output = "J"
[graph.values]
a = 0.4
w = -0.3
k = 0.2
[graph.nodes]
L = "a*w"
s = "k/2*(w^2 + a^2)"
J = "L + s"
"""
LAYERED = """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.6, -0.1], [0.3, 0.2]]
[[network.layers]]
units = 1
weights = [[0.8, -0.4]]
[[data]]
x = [0.5, 2]
t = [1]
"""


def verdicts(claims: str, spec: str = SPEC) -> list[str]:
    return [one.verdict for one in Examiner(loads(spec)).examine(claims, "markdown").judgements]


@pytest.mark.parametrize("word", [r"\textrm{and}", r"\mathrm{und}", r"\textit{so}", r"\mathbf{ and }", r"\textrm{et}"])
@pytest.mark.parametrize(("second", "verdict"), [("-0.06", "holds"), ("-0.08", "wrong"), ("0.06", "wrong")])
def test_a_word_in_a_font_parts_claims(word: str, second: str, verdict: str) -> None:
    claims = rf"$$\frac{{\partial s}}{{\partial a}} = 0.08 \; {word} \; \frac{{\partial s}}{{\partial w}} = {second}.$$"
    assert verdicts(claims) == ["holds", verdict]


def test_such_a_word_is_a_name_where_it_is_one() -> None:
    spec = SPEC.replace("L", "then")
    assert verdicts(r"$$J = \mathrm{then} + s = -0.095$$", spec) == ["holds", "holds"]
    assert verdicts(r"$$J = \mathrm{then} - s = -0.095$$", spec)[0] == "wrong"


def test_a_script_in_a_font_is_no_word_between_claims() -> None:
    assert verdicts(r"$$w_{\mathrm{next}} = -0.3$$") != ["holds"]


@pytest.mark.parametrize(
    "norms", [r"\|w\|_\textrm{F}^2 + \|a\|_F^2", r"\|w\|_{\mathrm{F}}^2 + \|a\|_2^2", r"\|w\|^2 + \|a\|^2"]
)
def test_norms_of_numbers(norms: str) -> None:
    assert verdicts(rf"$$s = \frac{{k}}{{2}} \left({norms}\right) = 0.025$$") == ["holds", "holds"]
    assert "wrong" in verdicts(rf"$$s = \frac{{k}}{{2}} \left({norms}\right) = 0.035$$")


def test_the_norm_of_a_matrix_is_that_of_its_entries() -> None:
    assert verdicts(r"$$\|W^{(1)}\|_F^2 = 0.36 + 0.01 + 0.09 + 0.04 = 0.5$$", LAYERED) == ["holds", "holds"]
    assert verdicts(r"$$\|W^{(1)}\|_F^2 = 0.36 + 0.01 + 0.09 - 0.04 = 0.42$$", LAYERED)[0] == "wrong"
