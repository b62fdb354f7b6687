"""A style is one entry: what else knows of it, reads it there."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from derive import load, loads
from derive.checked.proof import Proven, worked
from derive.errors import DeriveError
from derive.lesson import styles
from derive.lesson.styles import GRAPH_STYLES, STYLES, default_style, part
from derive.network import Network
from derive.ops import ACTIVATIONS
from derive.ops.shortcuts import SHORTCUTS
from derive.render.document import notes
from tests.support.program import Ran
from tests.support.repository import ROOT

Derive = Callable[..., Ran]


def proven(network: Network) -> Proven:
    """The network, worked."""
    return worked(network, lambda work: work)


RENAMED = {"routes": "paths", "delta": "errors", "matrix": "vectors", "graph": "circuit"}


@pytest.mark.parametrize("name", STYLES)
def test_every_part_is_there(name: str) -> None:
    style = STYLES[name]
    named = [*style.backward.values(), *filter(None, (style.layer, style.update))]
    assert all(callable(part(each)) for each in named)
    assert style.needs_layers == (name not in GRAPH_STYLES)


def test_each_form_has_one_default() -> None:
    for form in ("layers", "graph"):
        assert [form in style.default_for for style in STYLES.values()].count(True) == 1
        assert form in STYLES[default_style(form)].backward  # type: ignore[arg-type]


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_style_is_renamed_in_one_place(
    old: str, new: str, derive: Derive, monkeypatch: pytest.MonkeyPatch, examples: Path
) -> None:
    """The command line, ``derive list`` and the documents follow."""
    spec = examples / "mazur.toml"
    before = notes(load(spec), to="json", style=old)
    table = {(new if name == old else name): style for name, style in STYLES.items()}
    table[new] = replace(STYLES[old], name=new)
    for module in ("derive.lesson.styles", "derive.lesson", "derive.render.layout"):
        monkeypatch.setattr(f"{module}.STYLES", table)
    ran = derive("notes", spec, "--to", "json", "--style", new, "-o", "-")
    assert json.loads(ran.out) == {**json.loads(before), "style": new}
    if styles.default_style("layers") == new:
        assert derive("notes", spec, "--to", "json", "-o", "-").out == ran.out
    assert f"unknown style '{old}'" in derive("notes", spec, "--style", old).err
    assert re.search(rf"^  {new} +{re.escape(STYLES[old].about)}$", derive("list").out, re.MULTILINE)
    assert new in " ".join(derive("notes", "--help").out.split())


def test_no_code_asks_a_style_for_its_name() -> None:
    for path in (ROOT / "derive").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                asked = any(isinstance(side, ast.Attribute) and side.attr == "style" for side in sides)
                words = {side.value for side in sides if isinstance(side, ast.Constant)}
                assert not (asked and words & set(STYLES)), f"{path.name}:{node.lineno}"


def test_the_readme_names_every_style() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    row = next(line for line in text.splitlines() if "--style" in line)
    assert set(re.findall(r"`(?:--style )?(\w+)`", row)) == set(STYLES)


def test_the_update_order_is_asked_in_one_place() -> None:
    asked = {
        path.relative_to(ROOT / "derive").as_posix()
        for path in (ROOT / "derive").rglob("*.py")
        if re.search(r'update_order"?\]? == "', path.read_text("utf-8"))
    }
    assert asked == {"model.py", "specification/build.py"}


PAIR = """
[network]
inputs = 1
loss = "{loss}"
[[network.layers]]
units = 2
activation = "{activation}"
weights = [[0.3], [-0.7]]
[[data]]
x = [1.5]
t = [{targets}]
"""


@pytest.mark.parametrize("activation", [name for name, entry in ACTIVATIONS.items() if not entry.parameters])
@pytest.mark.parametrize("loss", ["half_squared_error", "binary_cross_entropy", "cross_entropy", "squared_error"])
@pytest.mark.parametrize("targets", ["0.25, 0.75", "0.5, 0.75"])
def test_exactly_these_pairs_have_the_short_delta(loss: str, activation: str, targets: str) -> None:
    """By the chain rule's own numbers: δ = ŷ - t for the pairs of the table, and for no other."""
    try:
        (iteration,) = proven(loads(PAIR.format(loss=loss, activation=activation, targets=targets))).run.iterations
    except DeriveError:  # the logarithm of a negative output
        return
    sample = iteration.samples[0]
    short = all(
        float(sample.gradients[f"z1_{i}"]) == pytest.approx(float(sample.values[f"yhat{i}"] - sample.values[f"t{i}"]))
        for i in (1, 2)
    )
    entry = SHORTCUTS.get((activation, loss))
    assert short == (entry is not None and (not entry.targets_sum_to_one or targets == "0.25, 0.75"))
