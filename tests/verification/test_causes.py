"""The catalogue of causes: what each mistake predicts, what explains a wrong number, and the words for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from flint import fmpq

from derive.arithmetic.precision import precision
from derive.arithmetic.reals import Value
from derive.equations.run import run
from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import parse
from derive.expressions.tree import Expr, names_in
from derive.network import Network, build
from derive.specification import loads
from derive.verification.causes import CATALOGUE, Causes, rounding_cause, words
from derive.verification.causes.catalogue import ARITHMETIC, MIXED_UP, ROUNDING
from derive.verification.causes.diagnose import Diagnosis
from derive.verification.causes.entry import Mistake
from derive.verification.causes.quantities import value_of
from derive.verification.examine import Examiner
from derive.verification.points.slips import Slip
from derive.verification.points.training import Training
from derive.verification.reports import REPORTS, Report
from derive.words.templates_path import bundled_templates
from derive.words.voice import Voice
from tests.support.repository import ROOT


@dataclass(frozen=True)
class Wrong:
    """``subject = … left = written``, a decimal number on the right."""

    network: Network
    subject: str | None
    written: str
    left: Expr | None = None
    settled: tuple[tuple[str, tuple[fmpq, fmpq] | None], ...] = ()
    stated: tuple[tuple[str, tuple[fmpq, fmpq]], ...] = ()

    @property
    def unit(self) -> fmpq:
        return fmpq(1, 10 ** len(self.written.partition(".")[2]))

    @property
    def interval(self) -> tuple[fmpq, fmpq]:
        value = self.evaluate(parse(self.written))
        return value - self.unit / 2, value + self.unit / 2

    @property
    def digits(self) -> int:
        return len(self.written.lstrip("-").replace(".", "").lstrip("0"))

    right = None
    size = 2
    points: frozenset[fmpq] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        return () if self.subject is None else (self.subject,)

    def believed(self, slips: tuple[Slip, ...]) -> Value | None:
        return None

    def evaluate_believed(self, expr: Expr) -> Value | None:
        return None

    def misfit(self, formulas: object) -> None:
        return None

    is_right_after_all = False

    def holds(self, slips: tuple[Slip, ...]) -> bool:
        return False

    def evaluate(self, expr: Expr) -> Value:
        names, truth = self.network.names, causes_of(self.network).truth if names_in(expr) else None
        values = {name: value_of(truth, names.resolve(name)) for name in names_in(expr) if truth is not None}
        return evaluate(expr, values)


@cache
def causes(text: str) -> Causes:
    """The catalogue at an example (by its name), or at a spec given as text."""
    if "\n" not in text:
        text = (ROOT / "examples" / f"{text}.toml").read_text()
    return Causes(build(loads(text)))


def causes_of(network: Network) -> Causes:
    return next(found for spec in SPECS if (found := causes(spec)).network is network)


def cause_of(spec: str, subject: str | None, written: str, left: str = "") -> str | None:
    found = causes(spec)
    wrong = Wrong(found.network, subject, written, parse(left) if left else None)
    with precision(128):
        diagnosis = found.diagnose(wrong)
    return diagnosis.cause if diagnosis is not None else None


@pytest.mark.parametrize(
    ("spec", "subject", "written", "cause"),
    [
        ("mazur", "E@1", "0.291027924", "updated_weights_used"),
        ("mazur", "w1_1_1'", "0.14982", "updated_weights_used"),
        ("pass_or_fail", "E", "0.941", "logarithm_base_2"),
        ("pass_or_fail", "yhat@1", "0.701", "logarithm_base_2"),
        ("pass_or_fail", "yhat@2", "0.831", "logarithm_base_2"),
        ("pass_or_fail", "yhat@1", "0.662", "updated_weights_used"),
        ("pass_or_fail", "yhat@2", "0.794", "updated_weights_used"),
        ("pass_or_fail", "yhat@2", "0.648", "step_miscounted"),
        ("xor_first", "E", "-4", "error_for_loss"),
        ("xor_first", "delta2_1", "-4", "loss_sign"),
        ("xor_first", "b1_1'", "1.4", "plus_in_update"),
        ("xor_first", "w1_1_1'", "0.6", "zero_input_overlooked"),
        ("xor_first", "w1_1_1'", "1.4", "plus_in_update + zero_input_overlooked"),
        ("xor_first", "yhat@1", "7.28", "loss_sign"),
        ("xor_first", "delta1_1", "-4", "loss_sign"),
        ("three_inputs", "dg/dx", "3", "own_factor"),
        ("three_inputs", "x'", "2.6", "plus_in_update"),
    ],
)
def test_what_is_known_to_be_wrong_in_the_articles_has_its_cause(
    spec: str, subject: str, written: str, cause: str
) -> None:
    assert cause_of(spec, subject, written) == cause


@pytest.mark.parametrize(
    ("left", "written", "cause"),
    [
        ("(0.521 - 1)*0.845", "0.4048", "sign_lost"),
        ("(0.521 - 1)*0.845", "-4.048", "decimal_point"),
        ("(0.521 - 1)*0.845", "-0.4084", "digits_swapped"),
        ("(0.521 - 1)*0.845", "-0.324", "brackets_ignored"),
        ("0.3*0.25 + 0.2*0.5 + 0.1", "0.175", "term_left_out"),
        ("0.3*0.25*0.5", "0.075", "factor_lost"),
        ("0.3*0.25*0.5", "0.0391", None),
    ],
)
def test_slips_of_the_pen(left: str, written: str, cause: str | None) -> None:
    assert cause_of("pass_or_fail", None, written, left) == cause


@pytest.mark.parametrize(
    ("written", "true", "carried", "cause"),
    [
        ("0.66", fmpq(2, 3), False, "truncated"),
        ("0.67", fmpq(2, 3), False, None),
        ("0.68", fmpq(2, 3), False, "last_place"),
        ("0.68", fmpq(2, 3), True, "rounded_early"),
        ("0.00", fmpq(-1, 300), False, "rounded_to_zero"),
        ("0.00", fmpq(-1, 100), False, "rounded_to_zero"),
        ("-1.2e-5", fmpq(-129, 10**7), False, "truncated"),
        ("1/3", fmpq(1, 2), True, "rounded_early"),
    ],
)
def test_degrees_of_rounding(written: str, true: fmpq, carried: bool, cause: str | None) -> None:
    assert rounding_cause(written, true, carried=carried) == cause


CHAINED = """
[graph.values]
x = 2
y = 3
[graph.nodes]
p = "x*exp(-x*y)"
q = "sin(x^2)/(1 + y)"
r = "ln(2 + p + q^3/4)"
"""
RARE = """
[network]
inputs = 2
loss = "squared_error"
[[network.layers]]
units = 2
activation = "relu"
weights = [[0.5, -0.25], [-1, 0.75]]
biases = [0.125, 0.5]
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.3, 0.2], [-0.4, 0.1]]
biases = [0.05, -0.1]
[[data]]
x = [1, 0]
t = [0.5, -0.5]
[[data]]
x = [0.5, 2]
t = [1, 0]
[training]
learning_rate = 0.1
reduction = "sum"
"""
ENTROPY = """
[network]
inputs = 1
loss = "binary_cross_entropy"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.7]]
biases = [0.2]
[[data]]
x = [2]
t = [0.25]
"""
MEANS = """
[network]
inputs = 2
loss = "mean_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.5, -0.25], [-1, 0.75]]
[[data]]
x = [1, 2]
t = [0.5, 1]
"""
MOMENTUM = """
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.5, -0.25], [-1, 0.75]]
[[network.layers]]
units = 1
weights = [[0.3, -0.4]]
[[data]]
x = [1, 2]
t = [0.5]
[training]
learning_rate = 0.3
iterations = 2
optimizer = {name = "momentum", momentum = 0.7}
"""
CONVOLUTION = """
[network]
inputs = 5
loss = "half_squared_error"
[[network.layers]]
kind = "conv1d"
filters = 1
kernel = 3
stride = 2
padding = 1
activation = "tanh"
weights = [[0.5, -0.25, 0.75]]
[[network.layers]]
units = 1
weights = [[0.3, -0.4, 0.6]]
[[data]]
x = [1, 2, -1, 0.5, 3]
t = [0.5]
[training]
learning_rate = 0.3
"""
RECURRENT = """
[graph]
output = "L"
parameters = ["w", "u", "b"]
[graph.values]
w = 0.5
u = 0.8
b = 0.1
x_1 = 1
x_2 = 0.5
x_3 = -1
t = 0.7
[graph.nodes]
h_1 = "tanh(w*x_1 + b)"
h_2 = "tanh(w*x_2 + u*h_1 + b)"
h_3 = "sigmoid(w*x_3 + u*h_2 + b)"
L = "1/2*(h_3 - t)^2"
"""
SPECS = (
    "dead_relu", "fan_out", "mazur", "pass_or_fail", "sigmoid_neuron", "softmax_three_classes", "three_inputs",
    "xor_batch", "xor_first", CHAINED, RARE, ENTROPY, MEANS, MOMENTUM, CONVOLUTION, RECURRENT,
)  # fmt: skip


def subjects(network: Network) -> list[str]:
    """Quantities in which a mistake shows."""
    names = network.names
    row = "[1]" if len(network.rows) > 1 else ""
    found = [names.gradient(name) for name in network.parameters]
    found += [name + "'" for name in network.parameters if name in network.trained]
    found += [name + "@2" for name in network.parameters if name in network.trained and network.states]
    found += [f"{name}@2" for name in network.states]
    found += [names.gradient(node.name) + row for node in network.graph.nodes if node.name in network.graph.ancestors]
    return [*found, *(node.name + row for node in network.graph.nodes)]


def shown_mistakes(spec: str) -> dict[Mistake, str]:
    """Every mistake that changes a quantity, with one that it changes."""
    found = causes(spec)
    with precision(128):
        return {p.mistakes[0]: name for name in subjects(found.network) for p in found.predictions(name)}


def test_every_entry_of_the_catalogue_changes_some_number_somewhere() -> None:
    shown = {mistake.cause for spec in SPECS for mistake in shown_mistakes(spec)}
    planned = {mistake.cause for spec in SPECS for mistake in causes(spec).singles}
    assert planned - shown == set()
    for entry in CATALOGUE:
        assert any(tuple(entry.mistakes(causes(spec).network)) for spec in SPECS), entry.name


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.split("\n")[0] or spec[1:20])
def test_without_slips_the_passes_give_the_numbers_of_the_run(spec: str) -> None:
    network = causes(spec).network
    with precision(128):
        numbers, passes = run(network), causes(spec).truth
        for iteration in numbers.iterations:
            k = iteration.number - 1
            assert close(passes.loss(k), iteration.loss)
            for sample in iteration.samples:
                at = passes.at(k, sample.row)
                assert all(close(at.value(name), value) for name, value in sample.values.items())
                for name, value in sample.gradients.items():
                    assert close(at.derivative(network.output, name), value)
            assert all(close(passes.gradient(name, k), value) for name, value in iteration.gradients.items())
            assert all(close(passes.parameters(k + 1)[name], value) for name, value in iteration.updated.items())
            assert all(close(passes.parameter(name, k + 1), value) for name, value in iteration.new_states.items())


def close(one: Value, other: Value) -> bool:
    return bool(abs(one - other) <= fmpq(1, 10**25))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.split("\n")[0] or spec[1:20])
def test_every_mistake_is_told_in_words_that_differ_from_the_hint(spec: str) -> None:
    voice = Voice((bundled_templates(),))
    network = causes(spec).network
    for mistake, name in shown_mistakes(spec).items():
        diagnosis = Diagnosis(network, (mistake,), name, "0.123")
        told = words.told(diagnosis)
        said, hinted = text(voice, told.sentence), text(voice, told.hint)
        assert said.endswith((".", "?", "!"))
        assert hinted.endswith(("?", "."))
        assert said != hinted
        assert "weighted_sum" not in said + hinted
        formula = str(words.facts(diagnosis, mistake)["right"])
        assert formula not in hinted or len(formula) < 8


def text(voice: Voice, say: object) -> str:
    return "".join(str(span.content) for span in voice.spans(say))  # type: ignore[arg-type]


@pytest.mark.parametrize("cause", [*ARITHMETIC, *MIXED_UP])
def test_slips_of_the_pen_are_told_in_words(cause: str) -> None:
    mistake = Mistake(cause, Slip(), facts={"power": "1"})
    diagnosis = Diagnosis(causes("mazur").network, (mistake,), "yhat1", "0.123", other="yhat2")
    voice = Voice((bundled_templates(),))
    assert text(voice, words.told(diagnosis).sentence)
    assert text(voice, words.told(diagnosis).hint)


@pytest.mark.parametrize("cause", ROUNDING)
def test_roundings_are_told_in_words(cause: str) -> None:
    voice = Voice((bundled_templates(),))
    assert "0.67" in text(voice, words.rounding(cause, "0.66", "0.67"))
    assert "0.67" not in text(voice, words.rounding(cause, "0.66", "0.67", hinted=True))


def test_a_cause_agrees_with_what_was_right_before() -> None:
    found = causes("pass_or_fail")
    with precision(128):
        subject, number = "dE/dw1_4_3", f"{float(-found.truth.gradient('w1_4_3')):.6f}"
        free = found.diagnose(Wrong(found.network, subject, number))
        right = (("dE/dyhat", None), ("delta1_4", None))
        bound = found.diagnose(Wrong(found.network, subject, number, parse(subject, marks=True), right))
    assert free is not None
    assert free.cause == "loss_sign"
    assert bound is not None
    assert bound.cause == "sign_lost"


def test_two_mistakes_are_told_one_after_the_other() -> None:
    found = causes("xor_first")
    with precision(128):
        diagnosis = found.diagnose(Wrong(found.network, "w1_1_1'", "1.4"))
    assert diagnosis is not None
    said = text(Voice((bundled_templates(),)), words.told(diagnosis).sentence)
    assert said.startswith("Two things at once.")
    assert "The step was added" in said
    assert "The input x1 is 0 here" in said


@pytest.mark.parametrize(
    ("spec", "change", "subject"),
    [
        ("mazur", {"slope_left_out", "plus_in_update"}, "w2_1_1'"),
        ("pass_or_fail", {"loss_sign", "activation_for_slope"}, "dE/dw1_4_3"),
        ("pass_or_fail", {"logarithm_base_2", "learning_rate_left_out"}, "w1_2_1'"),
        ("softmax_three_classes", {"slope_left_out", "plus_in_update"}, "w1_2_1'"),
    ],
)
def test_two_mistakes_at_once(spec: str, change: set[str], subject: str) -> None:
    found = causes(spec)
    with precision(128):
        pair = next(p for p in found.predictions(subject, pairs=True) if {m.cause for m in p.mistakes} == change)
        shown = f"{float(pair.value):.9f}"
    assert set(cause_of(spec, subject, shown).split(" + ")) == change


def test_a_large_network_is_not_searched() -> None:
    ones = ", ".join(["1"] * 200)
    text = f"""
    [network]
    inputs = 200
    loss = "half_squared_error"
    [[network.layers]]
    units = 200
    weights = 0.5
    [[data]]
    x = [{ones}]
    t = [{ones}]
    """
    found = causes(text)
    assert found.singles == ()
    assert cause_of(text, "dE/dw1_1_1", "0.123") is None


@pytest.mark.parametrize(
    ("spec", "cause", "subject", "value"),
    [
        ("pass_or_fail", "loss_sign", "dE/dyhat", lambda p: -p.at().derivative("E", "yhat")),
        ("mazur", "half_lost", "E", lambda p: 2 * p.loss()),
        ("mazur", "mean_for_sum", "dE/dyhat1", lambda p: p.at().derivative("E", "yhat1") / 2),
        ("xor_batch", "sum_for_mean", "dE/dw2_1_1", lambda p: 4 * p.gradient("w2_1_1")),
        (RARE, "mean_for_sum", "dE/dw2_1_1", lambda p: p.gradient("w2_1_1") / 2),
        (RARE, "two_lost", "delta2_1[1]", lambda p: p.at().derivative("E", "z2_1") / 2),
        ("three_inputs", "learning_rate_left_out", "x'", lambda p: p.parameters(0)["x"] - p.gradient("x")),
        ("fan_out", "path_left_out", "df/ds", lambda p: p.at().derivative("f", "q") * p.at().derivative("q", "s")),
        (CHAINED, "function_for_derivative", "dr/dp", lambda p: p.at().value("r")),
    ],
)
def test_what_a_mistake_predicts(spec: str, cause: str, subject: str, value: Callable[[Training], Value]) -> None:
    with precision(128):
        found = causes(spec)
        predicted = [p.value for p in found.predictions(subject) if p.mistakes[0].cause == cause]
        right = value(found.truth)
        assert any(close(one, right) for one in predicted)


@pytest.mark.parametrize(
    ("spec", "text", "cause"),
    [
        # Of another quantity
        ("mazur", "w_5' = 0.35891648\ndelta1_1 = (0.138498562*0.35891648 - 0.0380982366*0.5)*0.241300709",
         "updated_weights_used"),
        ("pass_or_fail", "w2_14' = 0.0499\n-delta1_4 = 0.4791*0.0499*0.235", "updated_weights_used"),
        ("mazur", "h_1 = sigma(0.3925)", "wrong_value"),
        # Weights are not said to be exchanged where they are spelled rightly
        ("mazur", "z1_1 = w_1*i1 + w_2*i2 + 0.355", "wrong_value"),
        ("mazur", "z1_1 = 0.15*0.05 + 0.20*0.10 + 0.355", "wrong_value"),
        ("mazur", "z1_1 = 0.15*0.05 + 0.25*0.10 + 0.35", "weight_transposed"),
        ("mazur", "z1_1 = w_1*i1 + w_3*i2 + b_1", "weight_transposed"),
        # Slopes
        (RECURRENT, "dL/db = dL/dh_3*h_3*(1 - h_3)", "path_left_out"),
        (RECURRENT, "dL/du = dL/dh_3*h_3*(1 - h_3)*h_2", "path_left_out"),
        (RECURRENT, "dh_1/db = 1 - h_1", "square_left_out"),
        (RECURRENT, "dh_1/dx_1 = w*h_1*(1 - h_1)", "slope_of_another_function"),
        (RECURRENT, "dL/dh_2 = dL/dh_3*(1 - h_3)*u", "half_of_slope"),
        (RARE, "da2_1/dz2_1[1] = 1 - a2_1[1]", "square_left_out"),
        ("mazur", "delta1_1 = dE/da1_1*h_2*(1 - h_2)", "slope_of_another_layer"),
        ("mazur", "delta2_1 = (o_1 - t1)*h_1*(1 - h_1)", "slope_of_another_layer"),
        # Brackets
        ("mazur", "delta2_1 = o_1 - t1*o_1*(1 - o_1)", "brackets_ignored"),
        ("mazur", "dE/dw_5 = o_1 - t1*o_1*(1 - o_1)*h_1", "brackets_ignored"),
        ("pass_or_fail", "dE/dw2_11 = yhat - t*a1_1", "brackets_ignored"),
    ],
)  # fmt: skip
def test_lines_as_they_are_written(spec: str, text: str, cause: str) -> None:
    judgements = Examiner(causes(spec).network).examine(text).judgements
    assert next(j.cause for j in judgements if j.verdict == "wrong") == cause


def test_whose_number_stands_there_is_said() -> None:
    network = causes("mazur").network
    verification = Examiner(network).examine("h_1 = sigma(0.3925)")
    assert "0.3925 is the number of z1_2." in REPORTS["text"](Report("mazur.toml", network, (verification,)))
