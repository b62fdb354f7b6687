"""A word that other programs use is answered by ours, wherever a word is unknown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from derive import specification
from derive.errors import MAX_OF_A_WORD, DeriveError, shortened
from derive.suggestions import ALSO_CALLED, bare, listed, meant, nearest
from tests.support.program import Ran

Derive = Callable[..., Ran]
NETWORK = """
{top}
[network]
inputs = ["x1", "x2"]
loss = "{loss}"
{network}
[[network.layers]]
units = 1
activation = "{activation}"
weights = [[1, 2]]
{layer}
[[data]]
x = [1, 2]
t = [1]
{data}
[training]
{training}
"""
PLAIN = {
    "top": "", "loss": "squared_error", "network": "", "activation": "tanh", "layer": "", "data": "", "training": "",
}  # fmt: skip


def refused(**parts: str) -> str:
    with pytest.raises(DeriveError) as caught:
        specification.loads(NETWORK.format(**{**PLAIN, **parts}), "s.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("mse", "mean_squared_error"), ("MSE", "mean_squared_error"), ("MSELoss", "mean_squared_error"),
        ("bce", "binary_cross_entropy"), ("BCELoss", "binary_cross_entropy"), ("log_loss", "binary_cross_entropy"),
        ("binary-cross-entropy", "binary_cross_entropy"), ("binary_crossentropy", "binary_cross_entropy"),
        ("mae", "mean_absolute_error"), ("ce", "cross_entropy"), ("xent", "cross_entropy"), ("nll", "cross_entropy"),
        ("NLLLoss", "cross_entropy"), ("categorical_crossentropy", "cross_entropy"), ("CrossEntropy", "cross_entropy"),
        ("l1", "absolute_error"), ("l2", "squared_error"), ("sse", "squared_error"), ("quadratic", "half_squared_error"),
        ("smooth_l1", "huber"), ("logcosh", "log_cosh"), ("svm", "hinge"), ("halfmse", "half_squared_error"),
    ],
)  # fmt: skip
def test_losses(theirs: str, ours: str) -> None:
    assert f"network.loss: unknown loss '{theirs}'\n  did you mean '{ours}'? known: " in refused(loss=theirs)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("logistic", "sigmoid"), ("linear", "identity"), ("none", "identity"), ("lrelu", "leaky_relu"),
        ("LeakyReLU", "leaky_relu"), ("swish", "silu"), ("ReLU", "relu"), ("sigm", "sigmoid"), ("expit", "sigmoid"),
        ("Linear", "identity"), ("tansig", "tanh"), ("soft_plus", "softplus"), ("SoftMax", "softmax"),
    ],
)  # fmt: skip
def test_activations(theirs: str, ours: str) -> None:
    assert f"unknown activation '{theirs}'\n  did you mean '{ours}'?" in refused(activation=theirs)


@pytest.mark.parametrize(
    ("table", "theirs", "ours"),
    [
        ("training", "lr", "learning_rate"), ("training", "learning-rate", "learning_rate"),
        ("training", "learningRate", "learning_rate"), ("training", "eta", "learning_rate"),
        ("training", "epochs", "iterations"), ("training", "steps", "iterations"), ("training", "batch", "batch_size"),
        ("training", "optimiser", "optimizer"), ("data", "target", "t"), ("data", "targets", "t"), ("data", "y", "t"),
        ("data", "label", "t"), ("data", "inputs", "x"), ("data", "X", "x"), ("layer", "bias", "biases"),
        ("layer", "W", "weights"), ("layer", "theta", "weights"), ("layer", "neurons", "units"),
        ("layer", "act", "activation"), ("network", "layer", "layers"), ("network", "features", "inputs"),
        ("top", "comments", "remarks"), ("top", "reference", "source"),
    ],
)  # fmt: skip
def test_keys(table: str, theirs: str, ours: str) -> None:
    said = refused(**{table: f"{theirs} = 1"})
    assert f".{theirs}: unknown key\n  did you mean '{ours}'?" in said or f" {theirs}: unknown key\n  did you" in said
    assert f"did you mean '{ours}'? known: " in said


def test_a_key_of_another_table_under_another_name() -> None:
    said = refused(network="lr = 0.1\nepochs = 3")
    assert "network.lr: unknown key\n  did you mean 'learning_rate'? 'learning_rate' belongs in [training]" in said
    assert "network.epochs: unknown key\n  did you mean 'iterations'? 'iterations' belongs in [training]" in said
    said = refused(top="y = 1\nactivation = 'relu'\noptimizer = 'sgd'\nW = 3")
    assert " y: unknown key\n  did you mean 't'? 't' belongs in [[data]]" in said
    assert " activation: unknown key\n  'activation' belongs in [[network.layers]]" in said
    assert " optimizer: unknown key\n  'optimizer' belongs in [training]" in said
    assert " W: unknown key\n  did you mean 'weights'? 'weights' belongs in [[network.layers]]" in said
    assert "network.learning_rate: unknown key\n  'learning_rate' belongs in [training]" in refused(
        network="learning_rate = 0.1"
    )


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("logistic", "sigmoid"), ("swish", "silu"), ("heaviside", "step"), ("sgn", "sign"), ("maximum", "max"),
        ("fabs", "abs"), ("lg", "log10"), ("Tanh", "tanh"), ("root", "sqrt"), ("lrelu", "leaky_relu"), ("th", "tanh"),
    ],
)  # fmt: skip
def test_functions(theirs: str, ours: str) -> None:
    with pytest.raises(DeriveError) as caught:
        specification.loads(f'[graph.values]\nx = 1\n[graph.nodes]\nf = "{theirs}(x)"\n')
    assert f"unknown function '{theirs}'" in str(caught.value)
    assert f"did you mean '{ours}'? known: abs, clip, cos" in str(caught.value)


def test_keys_of_a_graph() -> None:
    with pytest.raises(DeriveError) as caught:
        specification.loads('[graph]\ntheta = ["x"]\n[graph.value]\nx = 1\n[graph.nodes]\nf = "x"\n')
    assert "graph.theta: unknown key\n  did you mean 'parameters'?" in str(caught.value)
    assert "graph.value: unknown key\n  did you mean 'values'?" in str(caught.value)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("notes s.toml --to md", "did you mean 'markdown'?"),
        ("notes s.toml --to tex", "did you mean 'latex'?"),
        ("notes s.toml --style vectorised", "did you mean 'matrix'?"),
        ("notes s.toml --format latex", "unknown option '--format'\n  did you mean '--to'?"),
        ("notes s.toml --show theta", "did you mean 'w1_1_1'?"),
        ("notes s.toml --show bias", "did you mean 'b1_1'?"),
        ("gradients s.toml --to text", "did you mean 'table'?"),
        ("verify s.toml s.toml --to txt", "did you mean 'text'?"),
        ("grade s.toml", "unknown command 'grade'\n  did you mean 'verify'?"),
        ("grad s.toml", "did you mean 'gradients'?"),
        ("init s.toml", "did you mean 'new'?"),
    ],
)
def test_the_command_line(derive: Derive, tmp_path: Path, argv: str, words: str) -> None:
    (tmp_path / "s.toml").write_text(NETWORK.format(**PLAIN))
    ran = derive(*argv.split())
    assert ran.status == 2
    assert words in ran.err


def test_a_near_spelling_is_found_before_nothing_is() -> None:
    assert meant("half_square_error", ["half_squared_error", "hinge"]) == "half_squared_error"
    assert meant("zzz", ["half_squared_error", "hinge"]) is None
    assert meant("", ["a"]) is None
    assert meant("---", ["--to"]) is None
    assert nearest("zzz", []) == ""


def test_the_table_is_one_of_bare_words_and_never_leads_astray() -> None:
    for theirs, ours in ALSO_CALLED.items():
        assert theirs == bare(theirs)
        assert theirs not in ours
        assert len(set(ours)) == len(ours)


def test_lists_and_words_have_an_end() -> None:
    assert listed(["a" * 300, "b"]) == ""
    assert listed(["b", "a" * 300]) == "known: b, …"
    assert len(listed("x" * 20 for _ in range(100))) < 220
    assert shortened("x" * 100) == "x" * 30 + "…" + "x" * 29
    assert len(shortened("x" * 100)) == MAX_OF_A_WORD
    assert shortened("x" * MAX_OF_A_WORD) == "x" * MAX_OF_A_WORD


def test_an_error_never_floods_a_screen_or_steers_it() -> None:
    error = DeriveError("f" * 500 + "\x1b[2J", "word " * 300 + "9" * 300, "hint " * 300)
    assert len(error.where) == 160
    assert "\x1b" not in str(error)
    assert len(str(error)) < 160 + 2 * 480 + 10
    assert str(error).count("…") == 4  # the file, the number, the problem, the hint
