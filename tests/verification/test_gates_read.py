"""A gated cell as tutorials write it in plain lines: δ with its unit right behind it, a rate of any letter, old and new above."""

from __future__ import annotations

from functools import cache

import pytest

from derive.network import build
from derive.specification import loads
from derive.verification.examine import Examiner

SPEC = """
[graph]
output = "E"
parameters = ["W_c", "W_g"]
[graph.values]
x_1 = 0.8
cell_0 = 0.5
want = 0.3
W_c = 0.9
W_g = -0.4
[graph.nodes]
net_c = "W_c*x_1"
c_1 = "tanh(net_c)"
net_g = "W_g*x_1"
g_1 = "sigmoid(net_g)"
cell_1 = "c_1*g_1 + cell_0"
hid_1 = "tanh(cell_1)"
E = "1/2*(hid_1 - want)^2"
[training]
learning_rate = 0.2
"""
# c_1 = 0.616909, g_1 = 0.420676, cell_1 = 0.759519, hid_1 = 0.640831
# dE/dhid_1 = 0.340831, dE/dcell_1 = 0.200858, dE/dnet_c = 0.052339, dE/dnet_g = 0.030198


@cache
def examiner() -> Examiner:
    return Examiner(build(loads(SPEC)))


def judged(text: str, kind: str) -> list[tuple[int, str]]:
    found = examiner().examine(text, kind)  # type: ignore[arg-type]
    assert not found.not_read
    return [(judgement.line, judgement.verdict) for judgement in found.judgements]


TEXT = """**Backward**

δhid_1 = hid_1 − want = 0.6408 − 0.3 = 0.3408

δcell_1 = δhid_1 ⊙ (1 − hid_1²) = 0.3408 × (1 − 0.6408²) = 0.2009

δc_1 = δcell_1 ⊙ g_1 ⊙ (1 − c_1²) = 0.2009 × 0.4207 × (1 − 0.6169²) = 0.0523

δg_1 = δcell_1 ⊙ c_1 ⊙ g_1 ⊙ (1 − g_1) = 0.0302

δW_c = δc_1 · x_1 = 0.0419

**Update** (λ = 0.2)

W_c^new = W_c^old − λ δW_c = 0.9 − 0.2 × 0.0419 = 0.8916
"""


@pytest.mark.parametrize("kind", ["markdown", "text"])
def test_a_cell_backward(kind: str) -> None:
    found = judged(TEXT, kind)
    assert {verdict for _, verdict in found} <= {"holds", "rounding"}
    assert {line for line, _ in found} == {3, 5, 7, 9, 11, 13, 15}


@pytest.mark.parametrize("kind", ["markdown", "text"])
@pytest.mark.parametrize(
    ("line", "right", "wrong"),
    [
        (5, "= 0.2009", "= 0.2090"),
        (9, "= 0.0302", "= 0.0717"),
        (11, "= 0.0419", "= 0.0491"),
        (15, "= 0.8916", "= 0.9084"),
        (7, "⊙ g_1", "⊙ c_1"),
    ],
)
def test_a_wrong_number_is_wrong(kind: str, line: int, right: str, wrong: str) -> None:
    lines = TEXT.splitlines()
    assert right in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(right, wrong)
    assert "wrong" in {verdict for at, verdict in judged("\n".join(lines), kind) if at == line}


@pytest.mark.parametrize("said", ["Update (λ = 0.2)", "Update with γ = 0.2", "- λ = 0.2", "### Update (λ = 0.2)"])
def test_a_rate_of_another_letter(said: str) -> None:
    letter = "γ" if "γ" in said else "λ"
    line = f"W_c^new = W_c^old − {letter} δW_c = 0.8916"
    assert {verdict for _, verdict in judged(f"{said}\n\n{line}", "markdown")} == {"holds"}
    assert judged(f"{said}\n\n{line.replace('0.8916', '0.8961')}", "markdown")[-1][1] == "wrong"


def test_a_letter_of_another_number_is_no_rate() -> None:
    found = examiner().examine("λ = 0.3\nW_c = W_c − λ δW_c", "text").judgements
    assert "holds" not in {judgement.verdict for judgement in found}


def test_a_delta_of_its_own_multiplies() -> None:
    spec = SPEC.replace("want = 0.3", "want = 0.3\ndelta = 2")
    found = Examiner(build(loads(spec))).examine("2*x_1 = δx_1", "text").judgements
    assert [judgement.verdict for judgement in found] == ["holds"]


TEX = r"""
$\delta hid_1 = hid_1 - want = 0.3408$

At $t = 1$, $\delta cell_1 = \delta hid_1 \odot (1 - hid_1^2) = 0.2009$

$$\delta \text{cell}_1 = \delta\text{hid}_1 (1 - \text{hid}_1^2) = 0.2009$$

**Step 1** (t = 1): $\delta c_1 = \delta cell_1 \odot g_1 \odot (1 - c_1^2) = 0.0523$

t = 1, $\delta W_c = \delta c_1 \cdot x_1 = 0.0419$

$W_c^{new} = W_c^{old} - \lambda\,\delta W_c = 0.8916$ with $\lambda = 0.2$
"""


def test_the_same_in_tex() -> None:
    found = judged(TEX, "markdown")
    assert {verdict for _, verdict in found} == {"holds"}
    assert {line for line, _ in found} == {2, 4, 6, 8, 10, 12}


@pytest.mark.parametrize(
    ("line", "right", "wrong"),
    [
        (2, "= 0.3408", "= 0.2009"),
        (6, "= 0.2009", "= 0.2090"),
        (8, r"\odot g_1", r"\odot c_1"),
        (10, "= 0.0419", "= 0.0523"),
        (12, "= 0.8916", "= 0.9084"),
    ],
)
def test_a_wrong_number_in_tex_is_wrong(line: int, right: str, wrong: str) -> None:
    lines = TEX.splitlines()
    assert right in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(right, wrong)
    assert "wrong" in {verdict for at, verdict in judged("\n".join(lines), "markdown") if at == line}


def test_a_delta_in_tex_that_stands_alone_multiplies() -> None:
    text = r"$\delta = 2$, $\delta x_1 = 1.6$"
    found = examiner().examine(text, "markdown").judgements
    assert "holds" not in {judgement.verdict for judgement in found if "x_1" in judgement.claim}
