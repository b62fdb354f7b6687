"""Programs as students write them, with results that NumPy printed: read whole, right ones right, wrong ones wrong."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import derive
from derive.verification.examine import Examiner
from derive.verification.judgement import Verification
from derive.verification.reading.sources import kind_of

FOLDER = Path(__file__).parent / "programs"
PROGRAMS = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".toml")
_PRINTED = re.compile(r"(?<![\w.])[0-9]+\.[0-9]{4,}")
_WRONG = ("wrong", "follows")


@cache
def examiner(spec: str) -> Examiner:
    return Examiner(derive.load(FOLDER / f"{spec}.toml"))


def examined(program: str, text: str) -> Verification:
    return examiner(program.partition("_")[0].partition(".")[0]).examine(text, kind_of(program))


def wrong_lines(found: Verification) -> list[int]:
    return [judgement.line for judgement in found.judgements if judgement.verdict in _WRONG]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_right_program_is_read_whole_and_holds(program: str) -> None:
    found = examined(program, (FOLDER / program).read_text())
    assert not [j for j in found.judgements if j.verdict not in ("holds", "rounding")]
    assert not found.not_read
    assert len(found.judgements) >= 13


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_wrong_digit_is_found_where_it_stands(program: str) -> None:
    text = (FOLDER / program).read_text()
    last = [found for found in _PRINTED.finditer(text) if float(found.group())][-1]
    place = last.start() + re.search("[1-9]", last.group()).start() + 1  # type: ignore[union-attr]
    place += text[place] == "."
    wrong = text[:place] + str((int(text[place]) + 4) % 10) + text[place + 1 :]
    line = text.count("\n", 0, place) + 1
    assert any(line - 4 <= at <= line for at in wrong_lines(examined(program, wrong)))


MISTAKES = [
    ("n221_cols.txt", "* sigmoid_prime(Z1)", "* sigmoid(Z1)"),
    ("n221_cols.txt", "np.dot(W2.T, dZ2)", "np.dot(W2, dZ2)"),
    ("n221_cols.txt", "W2 -= learning_rate", "W2 += learning_rate"),
    ("n221_rows.txt", "error = a2 - y", "error = a2"),
    ("n221_rows.txt", "* a1 * (1 - a1)", "* (1 - a1)"),
    ("n221_torchlike.txt", "return a * (1 - a)", "return a * (1 + a)"),
    ("n221_repl.txt", "* h*(1-h)", "* h"),
    ("s342.txt", "(1 - h1**2)", "(1 - h1)"),
    ("s342.txt", "dz2 = p - t", "dz2 = t - p"),
    ("b3_cols.txt", "dW1 = 1/m * np", "dW1 = np"),
    ("b3_cols.txt", "dA1 * (Z1 > 0)", "dA1 * (Z1 > 1)"),
    ("b3_rows.md", "np.where(z1 > 0, 1, 0)", "1"),
    ("b3_rows.md", "dW2 = a1.T @ dz2", "dW2 = z1.T @ dz2"),
    ("b3_dict.txt", "- 0.1*grads", "+ 0.1*grads"),
    ("b3_class.txt", "dZ1 = (self.W2.T @ dZ2) * (self.Z1 > 0)", "dZ1 = self.W2.T @ dZ2"),
    ("unit_script.txt", "dw = dz * x", "dw = dz * a"),
    ("unit_script.txt", "a*(1-a)", "a*(1+a)"),
    ("logit_cells.txt", "np.exp(-z)", "np.exp(z)"),
    ("logit_cells.txt", "np.mean(err * x)", "np.sum(err * x)"),
    ("logit_cells.txt", "err = p - y", "err = y - p"),
    ("logit_cells.txt", "w_new * x + b_new", "w_new * x - b_new"),
    ("logit_cells.txt", "(1 - y) * np.log(1 - p_new)", "(1 - y) * np.log(p_new)"),
    ("logit_cells.txt", "w, b, lr = 0.6, -0.2", "w, b, lr = 0.9, -0.2"),
    ("logit_cells.txt", "0.01151848", "0.02151848"),
    ("logit_cells.txt", "loss before 0.49", "loss before 0.48"),
    ("n21_octave.txt", ".*a1.*(1-a1)", ".*a1"),
    ("n21_torch.txt", "z2 = W2 @ a1 + b2", "z2 = W2 @ a1 - b2"),
]

NAMED = [
    ("chain_arrows.txt", "dL_da2 * (1 - a2**2)", "dL_da2 * (1 - a2)", "square_left_out"),
    ("relu3_docstring.txt", "dW1 = dZ1 @ X.T / m", "dW1 = dZ1 @ X.T", "sum_for_mean"),
    ("mazur_notebook.txt", "W2.T.dot(delta_o) * out_h", "W2.dot(delta_o) * out_h", "weight_transposed"),
    ("deep_repl.txt", "d2 = d3 * W3 * (h2 > 0)", "d2 = d3 * W3 * h2", "activation_for_slope"),
    ("soft2_rows.txt", "dH * (1 - H**2)", "dH * H * (1 - H)", "another_activation"),
    ("tanh2_words.txt", "* (1 - h**2)", "* (1 - h)**2", None),
    ("three_new.txt", "delta3 * w3 *", "delta3 * w3_new *", "updated_weights_used"),
    ("three_new.txt", "w2_new = w2 - lr * dw2", "w2_new = w2 + lr * dw2", "plus_in_update"),
    ("xor_popular.txt", "np.sum(d_hidden_layer, axis=0", "np.sum(d_hidden_layer, axis=1", None),
    ("xor_popular.txt", "hidden_weights += inputs", "hidden_weights -= inputs", "plus_in_update"),
    ("n221_repl.txt", "d1 = W2.T @ d2 * h*(1-h)", "d1 = W2.T @ d2 * (1-h**2)", "another_activation"),
    ("n221_repl.txt", "W1 - 0.5*dW1", "W1 + 0.5*dW1", None),
]


@pytest.mark.parametrize(("program", "right", "wrong", "cause"), NAMED)
def test_a_wrong_statement_is_wrong_where_it_stands_with_its_cause(
    program: str, right: str, wrong: str, cause: str | None
) -> None:
    text = (FOLDER / program).read_text()
    place = text.index(right)
    found = examined(program, text[:place] + wrong + text[place + len(right) :])
    first = next(j for j in found.judgements if j.verdict in _WRONG)
    line = text.count("\n", 0, place) + 1
    assert (first.line, first.verdict) == (line, "wrong") or (cause is None and line < first.line <= line + 1)
    assert cause is None or first.cause == cause


@pytest.mark.parametrize(("printed", "verdict"), [("-0.675824", "follows"), ("-0.681778", "holds"), ("-0.5", "wrong")])
def test_what_a_program_prints_follows_from_its_wrong_statement(printed: str, verdict: str) -> None:
    """The first is what NumPy makes of the wrong statement; the second is right."""
    lines = (
        "import numpy as np",
        "a1 = np.tanh(w1 * x + b1)",
        "delta2 = delta3 * w3_new * (1 - a2 ** 2)",
        "print(delta2)",
        f"# {printed}",
    )
    found = examiner("tanh111").examine("\n".join(lines))
    assert [(j.line, j.verdict) for j in found.judgements] == [(2, "holds"), (3, "wrong"), (5, verdict)]


def test_a_printed_matrix_is_a_claim_for_each_of_its_lines() -> None:
    text = (FOLDER / "n221_repl.txt").read_text()
    lines = text.split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(" ") and "-0.02091636" in line) + 1
    found = examined("n221_repl.txt", text.replace("-0.02146581", "-0.03146581"))
    assert wrong_lines(found) == [at]
    assert at - 1 in {j.line for j in found.judgements}


def test_what_rounding_left_of_zero_is_zero_and_nothing_else_is() -> None:
    text = (FOLDER / "deep_repl.txt").read_text()
    assert "e-17" in text
    assert wrong_lines(examined("deep_repl.txt", re.sub(r"e-17\b", "e-07", text)))


def test_a_name_that_another_line_multiplies_by_the_slope_is_no_delta() -> None:
    program = "import numpy as np\nd2 = yhat - t\ndz2 = d2 * yhat * (1 - yhat)\n"
    found = examiner("n221").examine(program + "dW2 = np.outer(dz2, h)\n")
    assert [j.verdict for j in found.judgements] == ["holds", "holds"]
    found = examiner("n221").examine("import numpy as np\nd2 = yhat - t\ndW2 = np.outer(d2, h)\n")
    assert (found.judgements[0].line, found.judgements[0].verdict) == (2, "wrong")


def test_prompts_are_no_quotations_and_quotations_no_prompts() -> None:
    prompts = ">>> import numpy as np\n>>> z1 = W1 @ x + b1\n>>> z1[0]\nnp.float64(0.3775)\n"
    assert [j.verdict for j in examiner("n221").examine(prompts).judgements] == ["holds", "holds"]
    quoted = "> z1_1 = 0.3775\n>> z1_2 = 0.4425\n"
    assert [j.verdict for j in examiner("n221").examine(quoted).judgements] == ["holds", "holds"]


@pytest.mark.parametrize(("program", "right", "wrong"), MISTAKES)
def test_a_wrong_statement_is_found(program: str, right: str, wrong: str) -> None:
    text = (FOLDER / program).read_text()
    assert right in text
    found = examined(program, text.replace(right, wrong, 1))
    assert [j for j in found.judgements if j.verdict not in ("holds", "rounding")]


PLAIN = [
    ("n21", "W1 = [0.5 -0.3\n      0.2 0.8]", True),
    ("n21", "W1 = [[0.5, -0.3],\n      [0.2, 0.8]]", True),
    ("n21", "W1 = [[0.5, -0.3],\n      [0.2, 0.9]]", False),
    ("n21", "delta1 = (W2^T @ delta2) .* a1 .* (1 - a1)", True),
    ("n21", "delta1 = (W2^T @ delta2) .* a1", False),
    ("n21", "z1_2 = [0.3 -0.1]*8", True),
    ("b3", "yhat = (0.4526, 0.5830, 0.6584)", True),
    ("b3", "a1_2 = relu(z1_2) = (1.1, 0.45, 0)", True),
    ("b3", "a1_2 = relu(z1_2) = (1.1, 0.45, 0.1)", False),
    ("b3", "yhat = (0.5830, 0.4526, 0.6584)", False),
]


@pytest.mark.parametrize(("spec", "line", "holds"), PLAIN)
def test_lists_of_plain_text(spec: str, line: str, holds: bool) -> None:
    found = examiner(spec).examine(line + "\n")
    assert found.judgements
    assert all(j.verdict in ("holds", "rounding") for j in found.judgements) is holds
    assert holds or any(j.verdict == "wrong" for j in found.judgements)


def test_a_small_w_with_a_layer_is_its_matrix() -> None:
    lines = r"\[ z^2 = w^2 a^1 + b^2 \] \[ \delta^2 = \nabla_a C \odot \sigma'(z^2) \] \[ z^2 = w^1 a^1 + b^2 \]"
    verdicts = [j.verdict for j in examiner("n21").examine(lines, "latex").judgements]
    assert verdicts[:2] == ["holds", "holds"]
    assert verdicts[2] != "holds"


def test_a_new_name_is_the_value_after_the_update_where_it_is_worked_with_new_values() -> None:
    """``p_new`` of a new sample is a program's own; worked with ``w_new``, it is the output after the update."""
    text = (FOLDER / "logit_cells.txt").read_text()
    assert "(w_new * x + b_new)" in text
    found = examined("logit_cells.txt", text.replace("(w_new * x + b_new)", "(w_new * x + b_new + 1)"))
    assert wrong_lines(found)[0] == 39
    own = "In [1]: z_new = 3.0\n        p_new = 1 / (1 + np.exp(-z_new))\n        p_new\nOut[1]: np.float64({})\n"
    assert not wrong_lines(examined("logit_cells.txt", own.format(0.9525741268224334)))


def test_a_function_in_a_cell_ends_where_its_lines_are_no_longer_set_in() -> None:
    text = (FOLDER / "logit_cells.txt").read_text()
    spoilt = text.replace("z = w * x + b\n", "z = w * x - b\n")
    assert wrong_lines(examined("logit_cells.txt", spoilt))[0] == 11
