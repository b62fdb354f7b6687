"""Questions and their answers: each answer is held to a second program that works the changed example again."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from typing import Any

import pytest

from derive.api import loads
from derive.lesson.parts.check_yourself import QUESTIONS
from derive.naming.notation import Notation
from derive.network import Network
from derive.render.document import Press
from derive.results import derive
from tests.support.lesson.documents import notes
from tests.support.reference import reference

pytestmark = pytest.mark.usefixtures("one_proof")

DENSE = """[network]
inputs = 2
loss = "{loss}"
[[network.layers]]
units = 2
activation = "{first}"
weights = [[{w1}, {w2}], [{w3}, {w4}]]
biases = [{b1}, {b2}]
[[network.layers]]
units = {outputs}
activation = "{last}"
weights = {out}
[[data]]
x = [{x1}, {x2}]
t = {t}
[training]
learning_rate = {rate}
iterations = 2
"""
CONVOLUTION = """[network]
inputs = 3
loss = "squared_error"
[[network.layers]]
kind = "conv1d"
filters = 1
kernel = 2
activation = "tanh"
weights = [[{w1}, {w2}]]
biases = [{b1}]
[[network.layers]]
units = 1
weights = [[{w3}, {w4}]]
[[data]]
x = [{x1}, {x2}, {b2}]
t = [1]
[training]
learning_rate = {rate}
"""
GRAPH = """[graph]
[graph.values]
x = {x1}
y = {x2}
w = {w1}
[graph.nodes]
s = "x + w"
p = "s*y"
q = "tanh(s)"
f = "{factor}*(p - q*w)^2"
[training]
learning_rate = {rate}
"""
KINDS: Mapping[str, Mapping[str, Any]] = {
    "sigmoids": {"first": "sigmoid", "last": "sigmoid", "loss": "binary_cross_entropy", "t": "[1]"},
    "tanh": {"first": "tanh", "last": "identity", "loss": "half_squared_error", "t": "[0.5]"},
    "relu": {"first": "relu", "last": "sigmoid", "loss": "squared_error", "t": "[1]"},
    "softmax": {"first": "sigmoid", "last": "softmax", "loss": "cross_entropy", "t": "[0, 1]", "outputs": 2},
}


def drawn(kind: str, seed: int) -> dict[str, Any]:
    """Numbers for the texts above."""
    one = random.Random(f"{kind}{seed}")
    names = ("w1", "w2", "w3", "w4", "b1", "b2", "x1", "x2")
    numbers: dict[str, Any] = {name: one.choice((-1, 1)) * one.randint(1, 12) / 8 for name in names}
    outputs = KINDS.get(kind, {}).get("outputs", 1)
    out = [[one.choice((-1, 1)) * one.randint(1, 9) / 8 for _ in range(2)] for _ in range(outputs)]
    return {**numbers, "out": out, "rate": 0.25, "outputs": outputs, "factor": 1, **KINDS.get(kind, {})}


def text_of(kind: str, numbers: Mapping[str, Any]) -> str:
    return {"convolution": CONVOLUTION, "graph": GRAPH}.get(kind, DENSE).format(**numbers)


def answers(network: Network, **options: Any) -> dict[str, list[Any]]:
    """The formulas of each answer, by the plain words of its question."""
    sections = json.loads(notes(network, to="json", **options))["sections"]
    questions: list[list[dict[str, str]]] = []
    for section in sections[:-1]:
        for before, block in zip(section["blocks"], section["blocks"][1:], strict=False):
            if block["kind"] == "bullets" and _heading(before):
                questions += block["items"]
        questions += [block["text"][2:] for block in section["blocks"] if _heading(block) and len(block["text"]) > 1]
    assert sections[-1]["key"] == "answers"
    (listed,) = sections[-1]["blocks"]
    assert len(listed["items"]) == len(questions)
    return {_words(q): a for q, a in zip(questions, listed["items"], strict=True)}


def _heading(block: Mapping[str, Any]) -> bool:
    return block["kind"] == "paragraph" and "Check yourself" in str(block["text"][:1])


def _words(runs: list[dict[str, str]]) -> str:
    return "".join(run.get("text", "$") for run in runs)


def found(given: Mapping[str, list[Any]], words: str) -> list[str]:
    """The formulas of the answer to the question with these words."""
    (answer,) = [runs for question, runs in given.items() if words in question]
    return [run["math"] for run in answer if "math" in run]


def result_of(formula: str) -> float:
    """The number after the last relation sign."""
    return float(re.split(r"=|\\approx", formula)[-1].replace(r" \times 10^{", "e").rstrip("}. "))


def side(formula: str) -> int:
    return {"<": -1, ">": 1, "=": 0}[re.split(r" ([<>=]) ", formula)[1]]


CASES = [*((kind, 0) for kind in (*KINDS, "convolution")), ("sigmoids", 1)]


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_twice_the_learning_rate(kind: str, seed: int) -> None:
    numbers = drawn(kind, seed)
    (line,) = found(answers(loads(text_of(kind, numbers)), show=["w2_1_1"]), "were doubled")
    updated = reference(text_of(kind, {**numbers, "rate": 0.5})).iterations[0].updated
    assert result_of(line) == pytest.approx(float(updated["w2_1_1"]), rel=6e-4, abs=6e-5)


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_inputs_doubled_and_weights_halved(kind: str, seed: int) -> None:
    numbers = drawn(kind, seed)
    network = loads(text_of(kind, numbers))
    larger, smaller = (("x1", "x2", "b2"), ("w1", "w2")) if kind == "convolution" else (("x2",), ("w2", "w4"))
    changed = {name: 2 * numbers[name] for name in larger} | {name: numbers[name] / 2 for name in smaller}
    before, after = (reference(text_of(kind, {**numbers, **c})).iterations[0].gradients for c in ({}, changed))
    tex = Notation.of(network.spec, network.names).tex
    *weights, _, example, line = found(answers(network), "parameters' derivatives double")
    for name in network.parameters:
        factor = 2 if tex(name) in weights else 1
        assert float(after[name]) == pytest.approx(factor * float(before[name]), rel=1e-12)
    (said,) = [name for name in network.parameters if tex(f"dE/d{name}") == example]
    assert result_of(line) == pytest.approx(float(after[said]), rel=6e-4)


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_one_input_is_zero(kind: str, seed: int) -> None:
    numbers = drawn(kind, seed)
    given = answers(loads(text_of(kind, numbers)))
    changed = {"b2": 0} if kind == "convolution" else {"x2": 0}
    values = reference(text_of(kind, {**numbers, **changed})).iterations[0].samples[0].values
    _, line = found(given, "were 0, what would")
    assert result_of(line) == pytest.approx(float(values["z1_1_2" if kind == "convolution" else "z1_2"]), abs=6e-4)


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_derivatives_and_signs(kind: str, seed: int) -> None:
    """Faded examples, the δ of a bias, signs without a calculation, δ in the second iteration."""
    text = text_of(kind, drawn(kind, seed))
    network, second = loads(text), reference(text)
    given, tex = answers(network), Notation.of(network.spec, network.names).tex
    gradients = {tex(f"dE/d{name}"): value for name, value in second.iterations[0].gradients.items()}
    for words in ("Fill in the gaps", "Which $ gives"):
        for line in [formula for runs in [*_answers_of(given, words)] for formula in runs]:
            assert result_of(line) == pytest.approx(float(gradients[line.partition(" = ")[0]]), rel=6e-4)
    for *factors, result in _answers_of(given, "Without multiplying"):
        signs = [side(formula) for formula in factors]
        assert side(result) == (gradients[re.split(" [<>=] ", result)[0]] > 0) * 2 - 1
        assert signs.count(-1) % 2 == (side(result) < 0)
    for _, line in _answers_of(given, "second iteration"):
        assert result_of(line) == pytest.approx(float(second.iterations[1].samples[0].gradients["z2_1"]), rel=6e-4)
    for activation, z, a in _answers_of(given, "above or below"):
        assert side(z) == side(a)
        assert activation in a.partition(" > ")[2] + a.partition(" < ")[2]


def _answers_of(given: Mapping[str, list[Any]], words: str) -> list[list[str]]:
    return [[run["math"] for run in runs if "math" in run] for question, runs in given.items() if words in question]


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_what_moves(kind: str, seed: int) -> None:
    """Where a parameter goes, what stays with an input of 0, and what depends on a weight, all worked again."""
    numbers = drawn(kind, seed)
    text = text_of(kind, numbers)
    network, given = loads(text), answers(loads(text))
    tex = Notation.of(network.spec, network.names).tex
    start = {tex(name): float(value.text) for name, value in network.start.items()}
    updated = {tex(name): float(value) for name, value in reference(text).iterations[0].updated.items()}
    ((_, moved),) = _answers_of(given, "in the update")
    name = re.split(" [<>=] ", moved)[1]
    assert side(moved) == (updated[name] > start[name]) * 2 - 1
    for *weights, _, _ in _answers_of(given, "stay the same"):
        still = {
            tex(n): float(v) for n, v in reference(text_of(kind, {**numbers, "x2": 0})).iterations[0].updated.items()
        }
        assert set(weights) <= {name for name in start if still[name] == start[name]}
        assert len(weights) == 2
    changed = text_of(kind, {**numbers, "w4": numbers["w4"] + 0.125})
    before, after = (reference(each).iterations[0].samples[0].values for each in (text, changed))
    depending = {tex(node) for node in network.graph.by_name if before[node] != after[node]}
    (listed,) = _answers_of(given, "depend on")
    if kind not in ("relu", "convolution"):  # a dead unit; another weight
        assert set(listed) == depending


@pytest.mark.parametrize("seed", range(2))
def test_a_graph(seed: int) -> None:
    numbers = drawn("graph", seed)
    given = answers(loads(text_of("graph", numbers)))
    once, twice = (reference(text_of("graph", {**numbers, "factor": k})).iterations[0].gradients for k in (1, 2))
    (words,) = [q for q in given if "would double" in q]
    assert "All of them" in str(given[words])
    assert all(float(twice[name]) == pytest.approx(2 * float(once[name]), rel=1e-12) for name in once)
    (line,) = found(given, "were doubled")
    rate = reference(text_of("graph", {**numbers, "rate": 0.5})).iterations[0].updated
    assert result_of(line) == pytest.approx(float(rate["x"]), abs=6e-4)
    values = [
        reference(text_of("graph", {**numbers, **c})).iterations[0].samples[0].values for c in ({}, {"x2": 0.123})
    ]
    changed = {name for name in ("s", "p", "q", "f") if values[0][name] != values[1][name]}
    assert changed == {"p", "f"}
    assert found(given, "depend on") == ["p", "f"]
    (told,) = [answer for question, answer in given.items() if "depend on" in question]
    assert "Only" in str(told)


def test_every_kind_of_question_is_asked_somewhere() -> None:
    """An entry that never fits would be no question."""
    asked = {kind: 0 for kinds in QUESTIONS.values() for kind in kinds}
    dense = text_of("sigmoids", drawn("sigmoids", 0)).replace("units = 2", "units = 3", 1)
    dense = dense.replace("biases = [", "biases = [0.5, ").replace("weights = [[", "weights = [[0.5, 0.25], [", 1)
    dense = re.sub(r"(units = 1\nactivation = .*\nweights = \[\[)", r"\1-0.5, ", dense)
    for text in (dense, text_of("graph", drawn("graph", 0))):
        network = loads(text)
        questions = answers(network)
        assert len(questions) == len(QUESTIONS["layers" if network.layers else "graph"])
        asked.update((kind, 1) for kind in QUESTIONS["layers" if network.layers else "graph"])
    assert all(asked.values())


def test_questions_are_left_out_where_nobody_wants_them() -> None:
    network = loads(text_of("sigmoids", drawn("sigmoids", 0)))
    with_them, without = notes(network), notes(network, questions="none")
    assert "Check yourself" in with_them
    assert "## Answers" in with_them
    assert "Check yourself" not in without
    assert "Answers" not in without
    assert derive(network).notes(questions="none") == without
    with pytest.raises(ValueError, match="'some'"):
        Press(questions="some")  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(3))
def test_questions_are_about_the_sample_that_is_worked_in_full(seed: int) -> None:
    """Beside a first sample with smaller gradients, the second one has the answers that it has alone."""
    alone = text_of("sigmoids", drawn("sigmoids", seed))
    data = alone[alone.index("[[data]]") : alone.index("[training]")]
    quiet = "[[data]]\nx = [-0.001, 0.001]\nt = [0.5]\n"
    batch = alone.replace(data, quiet + data)
    text = notes(loads(batch), to="markdown")
    assert "Sample 2 is worked in full" in text
    assert set(re.findall(r"Check yourself, sample (\d)", text)) == {"2"}
    assert "the values of its forward pass for sample 2" in text
    mine, theirs = answers(loads(alone)), answers(loads(batch))
    of_batch = ("were doubled", "after the first update", "in the update", "stay the same")
    kept = [question for question in mine if not any(words in question for words in of_batch)]
    assert len(kept) > 3
    for question in kept:
        assert str(mine[question]) == str(theirs[question.replace("E", "E[2]")]).replace("E[2]", "E")
