"""What stands in homework: the spellings, the short forms and the layouts of people who have read no manual."""

from __future__ import annotations

import pytest

from derive.api import load, loads
from derive.network import Network
from derive.verification.examine import Examiner
from derive.verification.judgement import Verification
from derive.verification.reading import TextKind
from derive.verification.reports import REPORTS, Report
from tests.support.repository import ROOT
from tests.support.verification.specs import SOFTMAX

ONE = load(ROOT / "examples" / "pass_or_fail.toml")
THREE = loads(SOFTMAX)
LINE = loads("""
[graph]
output = "L"
parameters = ["w", "b"]
[graph.values]
w = 2
b = -0.5
x = 3
y = 4
[graph.nodes]
z = "w*x + b"
L = "(z - y)^2/2"
[training]
learning_rate = 0.01
""")


def judged(network: Network, text: str, kind: TextKind = "markdown") -> Verification:
    return Examiner(network).examine(text, kind)


def verdicts(network: Network, text: str, kind: TextKind = "markdown") -> list[str]:
    return [judgement.verdict for judgement in judged(network, text, kind).judgements]


def problems(network: Network, text: str, kind: TextKind = "text") -> list[str]:
    """What is said of each relation that cannot be read, with the mend."""
    found = [judgement.note for judgement in judged(network, text, kind).judgements if judgement.note is not None]
    return [f"{note.facts['problem']} | {note.facts['hint']}" for note in found if note.key == "unreadable"]


@pytest.mark.parametrize(
    "written",
    [r"\hat y_3", r"\hat{y_3}", r"\hat{y_{3}}", r"\hat{y}_3", r"\widehat y_{3}"],
)
def test_the_index_under_an_accent_belongs_to_the_whole(written: str) -> None:
    assert verdicts(THREE, f"${written} = 0.0674$")[-1] == "holds"


def test_a_sum_over_the_outputs_is_a_formula_like_any() -> None:
    """Its index runs over what has the names."""
    assert verdicts(THREE, r"$E = -\sum_k t_k \ln \hat{y}_k = 2.697$") == ["holds", "holds"]
    assert verdicts(THREE, r"$E = \sum_k t_k \ln \hat{y}_k = 2.697$") == ["wrong", "wrong"]
    assert verdicts(THREE, r"$\hat y_1 = \frac{e^{z^2_1}}{\sum_{j=1}^K e^{z^2_j}} = 0.6976$") == ["holds", "holds"]
    assert verdicts(THREE, "E = -∑ₖ tₖ ln ŷₖ = -∑_k t_k*ln(yhat_k) = 2.697", "text") == ["holds"] * 3


def test_general_formulas_are_counted_and_join_nothing() -> None:
    """What is about any network is not judged, and its neighbours are not compared."""
    text = r"$\delta_j = \sum_k w_{kj}\delta_k$, $E = \sum_i \ln \hat y_{ij} = 3 = 2.697$, $\hat y_1 = 0.6976$"
    found = judged(THREE, text)
    assert [judgement.claim for judgement in found.judgements] == [r"3 = 2.697", r"\hat y_1 = 0.6976"]
    assert found.general == 2
    said = REPORTS["text"](Report("three.toml", THREE, (found,)))
    assert said.endswith("2 general formulas were not judged.\n")
    found = judged(ONE, "z2_1 = w2_11*a1_1 + w2_12*a1_2 + ... = 0.9\nt = 1\n", "text")
    assert ([judgement.claim for judgement in found.judgements], found.general) == (["t = 1"], 1)
    assert judged(THREE, r"$\delta_j = \sum_k w_{kj}\delta_k$").problem == "there are only general formulas in it"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (r"\begin{cases}\hat{y} = 0.9 \\ E = 0.652\end{cases}", ["wrong", "holds"]),
        (r"\begin{cases}\hat{y} &= 0.9 \\ E &= 0.652\end{cases}", ["wrong", "holds"]),
        (r"\left\{\begin{array}{rl}\hat{y} &= 0.9 \\ E &= 0.652\end{array}\right.", ["wrong", "holds"]),
        (r"\boxed{\hat y = 0.9} \quad \boxed{E} = \boxed{0.652}", ["wrong", "holds"]),
    ],
)
def test_equations_in_cases_and_boxes(written: str, expected: list[str]) -> None:
    assert verdicts(ONE, f"$${written}$$") == expected


def test_equations_that_stand_in_a_formula_are_counted() -> None:
    found = judged(ONE, r"$\underbrace{\hat y = 0.9}_{x}$ and $E = \begin{cases} a = 1 \\ b = 2 \end{cases}$; $t = 1$")
    assert ([judgement.claim for judgement in found.judgements], found.general) == (["t = 1"], 2)
    assert judged(ONE, r"$\sum_{k=1}^3 t$ and $t = 1$").general == 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("yhat = sigma(z) = 0.521", "holds holds"),
        ("dyhat/dz2_1 = sigma'(z) = a(1 - a) = da/dz = 0.2496", "holds holds holds holds"),
        ("a1_4 = 1/(1 + e^-z) = 0.3775", "holds holds"),
        ("a1_4 = sigma(z) = 0.521", "holds wrong"),
        ("delta1_4 = delta2_1*w2_14*sigma'(z) = 0.00456", "holds holds"),
        ("delta2_1 = delta = yhat - t", "holds holds"),
        ("sigma'(z) = sigma(z)*(1 - sigma(z))", "holds"),
        ("sigma'(z) = sigma(z)", "wrong"),
        ("z = 0.0836", "unreadable"),
        ("E = -ln(a) = 0.652", "unreadable holds"),
        ("sigma(z) = 1/2", "unreadable"),
        ("delta = yhat - t", "holds"),  # the δ of one unit only is worked so
        ("delta = yhat + t", "unreadable"),
        ("dE/dz = yhat - t", "unreadable"),
        ("z2_1 = w2_11*a + b2_1", "unreadable"),
    ],
)
def test_bare_letters_are_those_of_the_unit(line: str, expected: str) -> None:
    """In a chain about a unit; a rule for any unit stays one; elsewhere nobody knows, and it is never wrong."""
    assert " ".join(verdicts(ONE, line, "text")) == expected
    if "unreadable" in expected:
        assert "write " in problems(ONE, line)[0]


def test_lines_of_one_display_are_equations_of_their_own() -> None:
    r"""Where a line is a whole equation and the next begins with a quantity and a sign, also without ``\\``."""
    text = "```math\n\\hat y = 0.521\nE\n= 0.652\n\\frac{\\partial E}{\\partial w^2_{11}} = \\frac12\n  (-0.81)\nt = 1\n```\n"
    assert [judgement.line for judgement in judged(ONE, text).judgements] == [2, 4, 5, 7]
    assert set(verdicts(ONE, text)) == {"holds"}


def test_bullets_are_no_signs() -> None:
    """A line with a relation of its own begins anew; one that is set in, or has none, goes on with the sum."""
    assert verdicts(ONE, "E = 0.652\n+ yhat = 0.521\n* t = 1\n+ that is all\n", "text") == ["holds"] * 3
    sums = "z2_1 = w2_11*a1_1 + w2_12*a1_2\n+ w2_13*a1_3 + w2_14*a1_4\n   + b2_1 = 0.0836\n"
    assert verdicts(ONE, sums, "text") == ["holds"] * 2
    assert verdicts(ONE, "yhat = 0.5\n * 1.042\nE = 0.326 +\n+ 0.326 = 0.652\n", "text") == ["holds"] * 3


def test_layer_0_is_the_input() -> None:
    text = r"$a^{(0)} = x$ $a^{(0)}_1 = 7$ $z^1_1 = w^1_{11} a^0_1 + w^1_{12} a^0_2 + w^1_{13} h^{[0]}_3 + b^1_1$"
    assert verdicts(ONE, text) == ["holds"] * 3
    assert verdicts(ONE, "a0_1 = 7\na0 = x\ndz1_1/dw1_11 = a0_1 = 7\n", "text") == ["holds"] * 4
    assert problems(ONE, "a0_4 = 7\n") == ["'a0_4': there are 3 inputs | "]


def test_one_index_is_the_unit_where_there_is_one_hidden_layer() -> None:
    """``h_1`` beside a number is unit 1; beside a vector it is the layer's."""
    lines = ["h_1 = 0.845", "a_1 = sigma(z_1) = 0.845", "z1 = 1.698", "z_1 = W_1 x + b_1", "a_2 = 0.132", "a_2 = 0.521"]
    assert set(verdicts(ONE, "\n".join(lines), "text")) == {"holds"}
    assert set(verdicts(ONE, "\n".join(f"${line}$" for line in lines))) == {"holds"}
    sums = "z2_1 = w2_11*h_1 + w2_12*h_2 + w2_13*h_3 + w2_14*h_4 + b2_1\ndelta_1 = 0.3\n"
    assert verdicts(ONE, sums, "text") == ["holds", "wrong"]


def test_two_digits_are_layer_and_unit() -> None:
    assert verdicts(THREE, r"$z_{11} = 0.9$ $a_{12} = -0.664$ $b_{23} = -0.1$ $\delta_{23} = -0.9326$") == ["holds"] * 4
    assert verdicts(THREE, "z_11 = 0.9\n", "text") == ["holds"]


def test_a_vector_beside_a_number_is_not_wrong() -> None:
    assert problems(ONE, "$z^{(1)} = 3$", "markdown") == [
        "a vector or matrix stands beside a number | write its entries: a1_1 = …"
    ]
    assert verdicts(ONE, "$b^{(1)} = 0$") == ["holds"]


def test_eqnarray() -> None:
    r"""The sign has a column of its own."""
    text = r"\begin{eqnarray} \hat y &=& 0.521 \\ E &=& -\ln \hat y \\ &=& 0.652 \nonumber \\ t & \approx & 1\end{eqnarray}"
    assert verdicts(ONE, text, "latex") == ["holds"] * 4


def test_commands_of_the_author() -> None:
    """Short ones are put in; the places stay those of the text; those that call others are not read."""
    preamble = r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}\def\yh{\hat y}\DeclareMathOperator{\Sig}{sigmoid}"
    arguments = preamble + r"$\pd{E}{\yh} = -1.92$"
    assert verdicts(ONE, arguments, "latex") == ["holds"]
    text = preamble + "\n\\begin{document}\n$\\pd{E}{w^2_{11}} = -0.405$, $\\yh = \\Sig(z^2_1) = 0.6$\n\\end{document}"
    found = judged(ONE, text, "latex").judgements
    assert [judgement.verdict for judgement in found] == ["holds", "holds", "wrong"]
    assert [(judgement.line, judgement.claim) for judgement in found][:2] == [
        (3, r"\pd{E}{w^2_{11}} = -0.405"),
        (3, r"\yh = \Sig(z^2_1)"),
    ]
    recursive = r"\newcommand\a{\b\b}\newcommand\b{\a\a} $\a = 3$"
    assert problems(ONE, recursive, "latex")[0].startswith(r"'\a' is not read here | commands of your own")


def test_the_change_of_a_parameter() -> None:
    """What is added to it; or what is taken away, where the whole chain says so."""
    rate = r"\eta \frac{\partial E}{\partial w^2_{11}}"
    text = rf"$\Delta w^2_{{11}} = -{rate} = 0.2025$ $\Delta w^2_{{11}} = {rate} = -0.2025$ $\Delta w^2_{{11}} = {rate} = 0.2025$"
    assert verdicts(ONE, text) == ["holds"] * 4 + ["wrong", "wrong"]
    assert verdicts(ONE, "Δw2_11 = -η*dE/dw2_11 = 0.2025\n∆w2_11 = 0.3\n", "text") == ["holds"] * 2 + ["wrong"]


def test_verbatim_text_is_no_formula() -> None:
    assert verdicts(ONE, r"\verb|$E = 5$| and \verb*+$E = 6$+ $t = 1$", "latex") == ["holds"]


def test_letters_side_by_side_are_a_product() -> None:
    """Where all of them are names of the spec and the whole is none."""
    text = "z = wx + b = 5.5\nw' = w - ηdL/dw\nz = 2wx - wx + b\nL = (wx + b - y)^2/2\n"
    assert verdicts(LINE, text, "text") == ["holds"] * 5
    assert verdicts(LINE, "w_new = w - 0.01*dL/dw\nb_new = b - 0.01*dL/db\n", "text") == ["holds"] * 2
    assert problems(LINE, "1/wx = 1/6\nL = wq\n")[1].startswith("unknown quantity 'wq'")


NEW_PLAIN = ("w2_11_new", "w2_11new", "w2_11(new)", "w2_11+", "w2_11⁺", "w2_11'")
NEW_TEX = (
    r"w^{2}_{11,\text{new}}",
    "(w^2_{11})^{+}",
    "w^{2+}_{11}",
    r"(w^2_{11})^{\text{new}}",
    r"w^{2,\text{new}}_{11}",
)


@pytest.mark.parametrize("written", [*NEW_PLAIN, *(f"${tex}$" for tex in NEW_TEX)])
def test_the_new_value(written: str) -> None:
    kind: TextKind = "markdown" if written.startswith("$") else "text"
    line = written.removesuffix("$") + " = 0.2906" + "$" * written.startswith("$")
    assert verdicts(ONE, line, kind) == ["holds"]


def test_the_bias_as_a_weight_in_plain_text() -> None:
    text = "w2_10 = 0\ndE/dw2_10 = -0.479\nz2_1 = w2_10*a1_0 + w2_11*a1_1 + w2_12*a1_2 + w2_13*a1_3 + w2_14*a1_4\n"
    assert verdicts(ONE, text, "text") == ["holds"] * 3


def test_the_names_of_tutorials() -> None:
    text = (
        "E_total = 0.652\ndE_total/dout_o1 = -1.92\nnet_h1 = 1.698\nout_h2 = 0.1323\ndelta_o1 = -0.479\ntarget_o1 = 1\n"
    )
    assert verdicts(ONE, text, "text") == ["holds"] * 6
    tex = (
        r"$\frac{\partial E_{total}}{\partial out_{o1}} = -1.92$ $E_{\text{total}} = 0.652$ $\mathrm{net}_{h1} = 1.698$"
    )
    assert verdicts(ONE, tex) == ["holds"] * 3
    assert problems(ONE, "out_h5 = 3\n") == ["'a1_5': layer 1 has 4 units | "]


def test_derivatives_with_brackets() -> None:
    assert verdicts(ONE, "(∂E)/(∂ŷ) = (dE)/(dyhat) = -1.92\n", "text") == ["holds", "holds"]


@pytest.mark.parametrize(
    "line",
    [
        "Step 1: yhat = 0.521", "so yhat = 0.521 ✓", "so (yhat - t) = -0.479", "Therefore, E = 0.652", "Let t = 1", "yhat = 0.521 and E = 0.652",
        "yhat = 0.521, so E = 0.652", "dE/dw2_11 = −0.479 x 0.845 = -0.405", "dE/dw2_11 = 0.845 x (-0.479)",
        "w2_11 := w2_11 - eta*dE/dw2_11 = 0.2906", "w2_11 := 0.0881",
    ],
)  # fmt: skip
def test_lines_as_people_talk(line: str) -> None:
    assert set(verdicts(ONE, line, "text")) == {"holds"}


def test_x_is_a_sign_between_numbers_only() -> None:
    assert verdicts(LINE, "z = 2 x 3 - 0.5 = 2 x - 0.5\nz = w x + b\n", "text") == ["holds"] * 3


def test_unequal_is_no_relation() -> None:
    assert [j.claim for j in judged(ONE, "yhat != 3\nt = 1\n", "text").judgements] == ["t = 1"]


def test_what_is_too_long_says_so() -> None:
    text = "E = " + "1+" * 150_000 + "1\nt = 1\n"
    assert problems(ONE, text) == ["this line is too long to be read | at most 200,000 characters"]


def test_the_entries_of_a_vector_stand_apart() -> None:
    """With commas, or as programs print them in square brackets; in round ones blanks say nothing."""
    assert (
        verdicts(ONE, "x = [7, 8, 10]\nx = [7 8 10]\nx = [7 8 11]\nx = [7 8]\n", "text")
        == ["holds"] * 2 + ["wrong"] * 2
    )
    assert "commas" in problems(ONE, "x = (7 8 10)\n")[0]


def test_a_power_of_a_quantity_is_no_general_rule():
    """n is a node of this graph, and no index."""
    network = load(ROOT / "examples" / "sigmoid_neuron.toml")
    found = Examiner(network).examine("$$h = e^{n} = 0.367879$$", "markdown")
    assert [judgement.verdict for judgement in found.judgements] == ["holds", "holds"]
