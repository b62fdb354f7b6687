"""What is read from good specs, and how files are read."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest
from flint import fmpq

from derive import specification
from derive.errors import DeriveError, SeveralErrors
from derive.expressions.tree import Name, Negative, Number, Quotient
from derive.model import DataRow, GraphRow, Spec
from derive.specification.numerals import value_of
from tests.support.specification.spoilt import GOOD_GRAPH, GOOD_NETWORK

EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/*.toml"))


def network(text: str) -> Spec:
    """A network of one input and one unit, with something added."""
    return specification.loads(
        '[network]\ninputs = 1\nloss = "half_squared_error"\n'
        + (text if "[[network.layers]]" in text else f"[[network.layers]]\nunits = 1\nweights = 1\n{text}")
        + "\n[[data]]\nx = [2]\nt = [1]\n"
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_say_where_they_come_from(path: Path) -> None:
    example = specification.load(path)
    assert example.title
    assert example.source
    assert example.remarks


def test_numbers_are_exact_as_written() -> None:
    read = specification.loads(
        '[graph.values]\na = 0.10\nb = 1e-3\nc = "1/3"\nd = +2_000.5\ne = -0.1\n[graph.nodes]\nf = "a"\n'
    )
    assert read.graph is not None
    values = dict(read.graph.values)
    assert [given.text for given in values.values()] == ["0.10", "1e-3", "1/3", "2000.5", "-0.1"]
    assert values["a"].expression == Number(fmpq(1, 10))
    assert values["b"].expression == Number(fmpq(1, 1000))
    assert isinstance(values["c"].expression, Quotient)
    assert value_of(values["d"]) == fmpq(4001, 2)
    assert values["e"].expression == Negative(Number(fmpq(1, 10)))


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e10000", fmpq(10) ** 10000), ("0.0", fmpq(0)), ("-0.0", fmpq(0)), ("0x10", fmpq(16)), ('"0.5"', fmpq(1, 2))],
)
def test_edges_of_numbers(text: str, value: fmpq) -> None:
    read = specification.loads(f'[graph.values]\na = {text}\n[graph.nodes]\nf = "a"\n')
    assert read.graph is not None
    assert value_of(read.graph.values[0][1]) == value


def test_one_number_fills_weights_and_biases() -> None:
    read = network(
        "[[network.layers]]\nunits = 2\nweights = 0.5\nbiases = 1\n[[network.layers]]\nunits = 1\nweights = 2\n"
    )
    assert read.network is not None
    first, second = read.network.layers
    assert [[w.text for w in row] for row in first.weights] == [["0.5"], ["0.5"]]
    assert [b.text for b in first.biases or ()] == ["1", "1"]
    assert [b.text for b in second.biases or ()] == ["0"]
    assert first.activation.name == "identity"


def test_biases_can_be_left_out_or_shared() -> None:
    layer = network("biases = false").network.layers[0]  # type: ignore[union-attr]
    assert layer.biases is None
    layer = network("biases = [3]\nshared_bias = true\ntrain_biases = false").network.layers[0]  # type: ignore[union-attr]
    assert layer.shared_bias
    assert not layer.train_biases
    assert [b.text for b in layer.biases or ()] == ["3"]


def test_own_loss_is_in_the_names_of_the_network() -> None:
    text = '[network]\ninputs = ["t"]\nloss = {name = "mine", expression = "(yhat - t1)^2"}\n'
    read = specification.loads(text + "[[network.layers]]\nunits = 1\nweights = 1\n[[data]]\nx = [1]\nt = [1]\n")
    assert read.network is not None
    assert read.network.loss.expression is not None
    assert read.network.loss.expression == (Name("yhat") - Name("t1")) ** Number(fmpq(2))


def test_parameters_of_activations_and_losses() -> None:
    read = network('activation = {name = "leaky_relu", slope = 0.2}')
    activation = read.network.layers[0].activation  # type: ignore[union-attr]
    assert [(key, given.text) for key, given in activation.parameters] == [("slope", "0.2")]
    assert network('activation = {name = "leaky_relu"}').network.layers[0].activation.parameters == ()  # type: ignore[union-attr]


def test_nodes_come_in_an_order_of_calculation() -> None:
    read = specification.loads('[graph.values]\nx = 1\n[graph.nodes]\nc = "a + b"\na = "x"\nb = "a*x"\n')
    assert read.graph is not None
    assert [name for name, _ in read.graph.nodes] == ["a", "b", "c"]
    assert read.graph.output == "b"  # the last of the file


def test_names_of_the_author_win() -> None:
    names = ("I", "E", "N", "S", "Q", "O", "beta", "gamma", "lambda", "zeta", "e", "pi", "exp", "dx", "d", "as")
    values = "".join(f"{name} = 2\n" for name in names)
    read = specification.loads(f'[graph.values]\n{values}[graph.nodes]\nf = "{" * ".join(names)}"\n')
    assert read.graph is not None
    assert read.graph.parameters == names
    assert read.graph.nodes[0][1].factors == tuple(Name(name) for name in names)  # type: ignore[attr-defined]


def test_data_of_a_graph_is_filled_up_and_is_no_parameter() -> None:
    read = specification.loads(
        '[graph.values]\nw = 2\nx = 1\n[graph.nodes]\nf = "w*x + u"\n[[data]]\nx = 3\nu = 1\n[[data]]\nu = 5\n'
    )
    assert read.graph is not None
    assert read.graph.parameters == ("w",)
    rows = [{name: given.text for name, given in row.values} for row in read.data if isinstance(row, GraphRow)]
    assert rows == [{"x": "3", "u": "1"}, {"x": "1", "u": "5"}]


def test_a_parameter_from_data_becomes_a_value() -> None:
    read = specification.loads('[graph]\nparameters = ["x"]\n[graph.nodes]\nf = "x^2"\n[[data]]\nx = 3\n')
    assert read.graph is not None
    assert [(name, given.text) for name, given in read.graph.values] == [("x", "3")]
    assert read.data == (GraphRow(()),)


def test_a_graph_without_data_has_one_empty_row() -> None:
    assert specification.loads(GOOD_GRAPH).data == (GraphRow(()),)


def test_defaults() -> None:
    read = specification.loads(GOOD_NETWORK.replace("[training]\nlearning_rate = 0.5", ""))
    assert read.training.learning_rate is None
    assert read.training.iterations == 1
    assert read.training.reduction == "mean"
    assert (read.numbers.kind, read.numbers.digits, read.numbers.rounding) == ("significant", 4, "end")
    assert (read.notation.preset, read.notation.loss, read.notation.names) == ("superscript", "E", ())
    assert value_of(read.conventions.relu_at_zero) == 0


def test_title_from_the_file_name() -> None:
    assert specification.loads(GOOD_GRAPH, "specs/my_first-graph.toml").title == "My first graph"
    assert specification.loads(GOOD_GRAPH).title == "A worked example"


def test_notation_and_exercise_take_aliases() -> None:
    read = specification.loads(
        GOOD_NETWORK
        + '[notation]\nloss = "J"\n[notation.names]\nw1_11 = "w_1"\na2_1 = "o"\n'
        + '[exercise]\nvary = ["weights", "x1"]\nask = ["∂E/∂w1_11", "w1_1_1\'"]\n'
        + "[marks]\nyhat = 1\nfollow_through = 0.5\n"
    )
    assert read.notation.names == (("w1_1_1", "w_1"), ("yhat", "o"))
    assert read.exercise is not None
    assert read.exercise["vary"] == ("weights", "x1")
    assert read.marks is not None
    assert read.marks["follow_through"].text == "0.5"


def test_date_with_and_without_quotes() -> None:
    assert specification.loads("date = 2024-05-01\n" + GOOD_GRAPH).date == "2024-05-01"
    assert specification.loads('date = "May 2024"\n' + GOOD_GRAPH).date == "May 2024"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_json_of_the_same_shape(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "spec.JSON"
    other.write_text(json.dumps(tomllib.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")
    from_json, from_toml = specification.load(other), specification.load(path)
    assert from_json.remarks == from_toml.remarks
    assert from_json.network is None or from_json.network.inputs == from_toml.network.inputs  # type: ignore[union-attr]
    rows = [[value_of(n) for n in row.x] for row in from_toml.data if isinstance(row, DataRow)]
    assert [[value_of(n) for n in row.x] for row in from_json.data if isinstance(row, DataRow)] == rows


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD_GRAPH.replace("\n", "\r\n").encode())
    assert specification.load(path).graph is not None
    assert specification.loads("\ufeff" + GOOD_GRAPH).graph is not None


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD_GRAPH, encoding="utf-8")
    latin = tmp_path / "latin.toml"
    latin.write_bytes('title = "Übung"\n'.encode("latin-1"))
    large = tmp_path / "large.toml"
    with large.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    for path, says in (
        (tmp_path / "god.toml", ("there is no such file", "good.toml")),
        (tmp_path, ("this is a folder",)),
        (latin, ("line 1: this is not UTF-8", "0xdc")),
        (large, ("larger than 64 MiB",)),
        (Path("a\0b.toml"), ("not a file name",)),
        (tmp_path / ("x" * 5000), ("cannot be read",)),
        (latin / "below.toml", ("cannot be read",)),
    ):
        with pytest.raises(DeriveError) as caught:
            specification.load(path)
        assert all(fragment in str(caught.value) for fragment in says), str(caught.value)


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.toml"
    path.write_text(GOOD_GRAPH, encoding="utf-8")
    path.chmod(0)
    with pytest.raises(DeriveError, match="cannot be read"):
        specification.load(path)


def test_all_independent_errors_at_once() -> None:
    text = (
        GOOD_NETWORK.replace('"sigmoid"', '"sigmod"', 1)
        .replace("[[0.5, 0.6]]", "[[0.5]]")
        .replace("t = [1]", "t = [1, 2]")
        .replace("learning_rate = 0.5", "learning_rate = -1\niterations = 0")
        .replace('title = "Pass"', "title = 3")
    )
    with pytest.raises(SeveralErrors) as caught:
        specification.loads(
            text + "[notation.names]\nq = 'w'\nw1_1_1 = '\\input'\n[numbers]\ndecimals = -1\n", "bad.toml"
        )
    places = [error.where for error in caught.value.errors]
    assert places == [
        f"bad.toml: {place}"
        for place in (
            "title", "network.layers[1].activation", "training.learning_rate", "training.iterations",
            "numbers.decimals", "notation.names.w1_1_1", "network.layers[2].weights", "data[1].t",
        )
    ]  # fmt: skip


def test_very_many_errors_are_cut() -> None:
    layers = "".join("[[network.layers]]\nunits = 1\nweights = 'a'\n" for _ in range(100))
    with pytest.raises(SeveralErrors) as caught:
        specification.loads(f"[network]\ninputs = 1\nloss = 'hinge'\n{layers}")
    assert len(caught.value.errors) == 21
    assert "more errors" in str(caught.value)


def test_starter_runs_as_it_is() -> None:
    read = specification.loads(specification.starter())
    assert read.network is not None
    assert [layer.units for layer in read.network.layers] == [2, 1]


def test_the_other_starter_is_a_graph_with_data() -> None:
    read = specification.loads(specification.starter(graph=True))
    assert read.graph is not None
    assert read.graph.parameters == ("w", "b")
    assert len(read.data) == 1
    assert read.notes == ()
