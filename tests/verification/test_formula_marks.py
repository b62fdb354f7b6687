"""Keys that ask for a formula: it is earned by a worked formula in the names of other quantities, and by nothing else."""

from __future__ import annotations

import csv
import io
import json
import os
from functools import cache
from pathlib import Path

import pytest

from derive.cli import main
from derive.errors import DeriveError
from derive.network import Network, build
from derive.specification import load, loads
from derive.specification.document import parse
from derive.verification import marks
from derive.verification.examine import Examiner
from tests.support.repository import ROOT


@cache
def network_of(example: str) -> Network:
    return build(load(ROOT / "examples" / f"{example}.toml"))


def earned(example: str, keys: dict[str, object], text: str) -> list[tuple[str, str, str]]:
    network = network_of(example)
    scheme = marks.parsed(parse(json.dumps(keys), "marks.json", "json"), network, "marks.json")
    found = marks.marked(scheme, Examiner(network).examine(text).judgements, network.names)
    return [(mark.asks, marks.points(mark.points), mark.verdict) for mark in found.marks]


EARN = (
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = (yhat - t)*a1_1"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = delta2_1*a1_1"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = dE/dz2_1*a1_1"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = (yhat - 1)*a1_1"),  # the target put in
    ("pass_or_fail", "dE/dw2_11", "(yhat - t)*sigma(z1_1) = dE/dw2_11"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = -1/yhat*yhat*(1 - yhat)*a1_1"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = dE/dyhat*dyhat/dz2_1*dz2_1/dw2_11 = (yhat - t)*a1_1 = -0.4050"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = (yhat - t)*a1_1 = -0.3"),  # the number has its own points
    ("pass_or_fail", "dE/dw2_11", "dE/dW2 = delta2_1*a1^T"),
    ("pass_or_fail", "delta2_1", "delta2_1 = yhat - t"),
    ("pass_or_fail", "delta2_1", "delta2_1 = dE/dyhat*yhat*(1 - yhat)"),
    ("pass_or_fail", "dE/db2_1", "dE/db2_1 = delta2_1"),
    ("pass_or_fail", "yhat", "yhat = 1/(1 + e^(-z2_1))"),
    ("pass_or_fail", "w2_11'", "w2_11' = w2_11 - eta*dE/dw2_11"),
    ("pass_or_fail", "w2_11'", "w2_11 := w2_11 - eta*delta2_1*a1_1"),
    ("three_inputs", "dg/dx", "dg/dx = y"),
    ("three_inputs", "dg/dx", "dg/dx = dg/df*y"),
    ("xor_batch", "delta2_1", "delta2_1 = yhat - t"),  # of all samples
    ("xor_batch", "delta2_1", "delta2_1[2] = yhat[2] - t[2]"),
    ("momentum", "v_x'", "v_x' = mu*v_x + dE/dx"),
)  # fmt: skip
NOTHING = (
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = -0.4050"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = (0.5209 - 1)*0.8453 = -0.4050"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = dE/dw2_11"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = 2*dE/dw2_11 - dE/dw2_11"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = dE/dyhat*dyhat/dz2_1*dz2_1/dw2_11"),  # still to be worked
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = dE/dw2_12*a1_1/a1_2"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = (w2_11 - w2_11')/eta"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = dE/db2_1*a1_1"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = (yhat - t)*w2_11"),
    ("pass_or_fail", "dE/dw2_11", "dE/dw2_11 = (yhat - t)*a1_1\ndE/dw2_11 = (yhat - t)*w2_11"),  # one of them will do?
    ("pass_or_fail", "delta2_1", "delta2_1 = dE/dz2_1"),
    ("pass_or_fail", "delta2_1", "delta2_1 = dE/db2_1"),
    ("pass_or_fail", "delta2_1", "delta2_1 = dE/dw2_11/a1_1"),
    ("pass_or_fail", "yhat", "yhat = a2_1"),
    ("pass_or_fail", "yhat", "yhat = t - (t - yhat)"),
    ("pass_or_fail", "yhat", "yhat = t + dE/dz2_1"),
    ("pass_or_fail", "w2_11'", "w2_11' = w2_11@1"),
    ("pass_or_fail", "w2_11'", "w2_11' = w2_11 + eta*dE/dw2_11"),
    ("three_inputs", "dg/dx", "dg/dx = -4"),
    ("three_inputs", "dg/dx", "dg/dx = z - 6"),  # the same at the spec's numbers only
    ("three_inputs", "dg/dx", "dg/dx = dg/df*df/dx"),
    ("xor_batch", "delta2_1", "delta2_1 = yhat"),
)  # fmt: skip


@pytest.mark.parametrize(("example", "key", "text"), EARN)
def test_a_formula_earns_its_points(example: str, key: str, text: str) -> None:
    assert [points for _, points, _ in earned(example, {key: {"formula": 1}}, text)] == ["1"]


@pytest.mark.parametrize(("example", "key", "text"), NOTHING)
def test_what_is_no_formula_earns_none(example: str, key: str, text: str) -> None:
    assert [points for _, points, _ in earned(example, {key: {"formula": 1}}, text)] == ["0"]


def test_number_and_formula_have_points_of_their_own() -> None:
    keys: dict[str, object] = {"delta2_1": {"value": 1, "formula": "1/2"}}
    assert earned("pass_or_fail", keys, "delta2_1 = yhat - t") == [("value", "0", "none"), ("formula", "0.5", "holds")]
    assert earned("pass_or_fail", keys, "delta2_1 = -0.4791") == [("value", "1", "holds"), ("formula", "0", "none")]
    assert earned("pass_or_fail", keys, "yhat = 0.5") == [("value", "0", ""), ("formula", "0", "")]


def test_a_vector_shares_the_points_of_its_formulas_out() -> None:
    text = "delta1_1 = delta2_1*w2_11*a1_1*(1 - a1_1)\ndelta1_2 = delta2_1*w2_12*a1_2*(1 - a1_2)"
    assert earned("pass_or_fail", {"delta1": {"formula": 4}}, text) == [("formula", "2", "holds")]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"yhat": {}}, "no points are given"),
        ({"yhat": {"points": 1}}, "unknown key"),
        ({"yhat": {"value": -1}}, "negative"),
        ({"yhat": {"formula": "sqrt(2)"}}, "rational"),
        ({"follow_through": {"value": 1}}, "a number is expected"),
        ({"x1": {"formula": 1}}, "x1 is given"),
        ({"yhat": {"formula": 1}, "a2_1": {"formula": 1}}, "twice"),
    ],
)
def test_a_bad_key_says_what_is_wrong(keys: dict[str, object], problem: str) -> None:
    with pytest.raises(DeriveError, match=problem):
        earned("pass_or_fail", keys, "")


def test_reports_name_the_formula(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = (ROOT / "examples" / "three_inputs.toml").read_text() + '\n[marks]\n"dg/dx" = { value = 1, formula = 2 }\n'
    assert build(loads(spec))
    Path("spec.toml").write_text(spec)
    Path("own.md").write_text("$dg/dx = y = -4$\n\n$dg/dx = x$\n")
    command = ["verify", "spec.toml", "own.md"]
    main([*command, "--to", "csv"])
    row = next(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert (row["dg/dx"], row["dg/dx (formula)"]) == ("1", "0")
    main(command)
    assert "dg/dx (formula): 0 of 2 (the file has different formulas for it)" in capsys.readouterr().out
    main([*command, "--to", "markdown"])
    said = capsys.readouterr().out
    assert "| `dg/dx (formula)` | 0 | 2 | the file has different formulas for it |" in said
    assert "| **all** | **1** | **3** |  |" in said
    main([*command, "--to", "latex"])
    said = capsys.readouterr().out
    assert "why nothing" in said
    assert "(formula) & 0 & 2 & the file has different formulas for it" in said
    main([*command, "-o", f"sheets{os.sep}"])
    assert "dg/dx (formula)" in Path("sheets/summary.md").read_text()
