"""Layers of several kinds in a spec: what is read, what each message says, and that the schema says the same."""

from __future__ import annotations

from typing import Any

import pytest

from derive import specification
from derive.errors import DeriveError
from derive.specification.json_schema import schema
from tests.support.random_specs import convolutional

GOOD = """
[network]
inputs = 5
loss = "half_squared_error"
[[network.layers]]
kind = "conv1d"
filters = 2
kernel = 3
weights = [[1, 2, 3], [4, 5, 6]]
biases = [0.1, 0.2]
[[network.layers]]
kind = "conv1d"
filters = 1
kernel = 2
weights = 0.5
[[data]]
x = [1, 2, 3, 4, 5]
t = [1, 2]
"""


def test_a_convolution_is_read() -> None:
    network = specification.loads(GOOD).network
    assert network is not None
    first, second = network.layers
    assert (first.kind, dict(first.options)) == ("conv1d", {"filters": 2, "kernel": 3, "stride": 1, "padding": 0})
    assert (first.units, second.units) == (6, 2)
    assert [[given.text for given in row] for row in first.weights] == [["1", "2", "3"], ["4", "5", "6"]]
    assert [[given.text for given in row] for row in second.weights] == [["0.5"] * 4]
    assert [given.text for given in first.biases or ()] == ["0.1", "0.2"]


MISTAKES = {
    "too long a kernel": (
        "kernel = 3", "kernel = 6", "network.layers[1].kernel: a kernel of 6 is longer than what it moves along (5)",
        "it is at most 5",
    ),
    "nothing left for the next": (
        "kernel = 3", "kernel = 5", "network.layers[2].kernel: a kernel of 2 is longer than what it moves along (1)",
    ),
    "too much padding": (
        "kernel = 3", "kernel = 3\npadding = 3", "network.layers[1].padding", "it is at most one less than the kernel",
    ),
    "no kernel": ("kernel = 3\n", "", "network.layers[1]: the key 'kernel' is missing"),
    "no filters": ("filters = 2\n", "", "network.layers[1]: the key 'filters' is missing", "how many kernels"),
    "a kernel of nothing": ("kernel = 3", "kernel = 0", "network.layers[1].kernel"),
    "half a step": ("kernel = 3", "kernel = 3\nstride = 1.5", "network.layers[1].stride"),
    "no step": ("kernel = 3", "kernel = 3\nstride = 0", "network.layers[1].stride"),
    "units of a convolution": (
        "filters = 2", "filters = 2\nunits = 6", "network.layers[1].units: unknown key",
        """'units' belongs in a layer of kind = "dense\"""",
    ),
    "a kernel of a dense layer": (
        'kind = "conv1d"\nfilters = 2', 'kind = "dense"\nunits = 2', "network.layers[1].kernel: unknown key",
        """'kernel' belongs in a layer of kind = "conv1d\"""",
    ),
    "the kind forgotten": (
        'kind = "conv1d"\nfilters = 2', "filters = 2", "network.layers[1]: the key 'units' is missing",
        """'filters' belongs in a layer of kind = "conv1d\"""",
    ),
    "another kind": ('"conv1d"\nfilters = 2', '"conv2d"\nfilters = 2', "network.layers[1].kind", "did you mean 'conv1d'?"),
    "a kind that is a number": ('"conv1d"\nfilters = 2', "1\nfilters = 2", "network.layers[1].kind"),
    "too few taps": (
        "[[1, 2, 3], [4, 5, 6]]", "[[1, 2], [4, 5, 6]]",
        "network.layers[1].weights: row 1 has 2 numbers, layer 1 has 3 taps", "one column per tap",
    ),
    "too few filters": (
        "[[1, 2, 3], [4, 5, 6]]", "[[1, 2, 3]]", "network.layers[1].weights: 1 row of weights, layer 1 has 2 filters",
        "one row per filter, one column per tap",
    ),
    "channels forgotten": (
        "weights = 0.5", "weights = [[1, 2]]",
        "network.layers[2].weights: row 1 has 2 numbers, layer 2 has 4 taps (2 for each of 2 channels)",
    ),
    "a bias for each unit": (
        "[0.1, 0.2]", "[0.1, 0.2, 0.3, 0, 0, 0]", "network.layers[1].biases: 6 biases, layer 1 has 2 filters",
    ),
    "too few targets": ("t = [1, 2]", "t = [1]", "data[1].t: 1 number, the network has 2 outputs"),
    "too many products": (
        "inputs = 5", "inputs = 600000", "network.layers: the weights stand in", "they may stand in 1,000,000",
    ),
    "an input with the name of a unit": (
        "inputs = 5", 'inputs = ["a", "b", "c", "z1_2_3", "e"]', "network.inputs[4]",
        "'z1_2_3' is the name of a weighted input of layer 1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_mend(name: str) -> None:
    right, wrong, *said = MISTAKES[name]
    assert right in GOOD
    with pytest.raises(DeriveError) as raised:
        specification.loads(GOOD.replace(right, wrong, 1), "spec.toml")
    for words in said:
        assert words in str(raised.value)


def test_an_input_may_have_a_name_that_no_unit_has() -> None:
    """Layer 1 has 2 filters at 3 positions."""
    specification.loads(GOOD.replace("inputs = 5", 'inputs = ["a", "b", "c", "z1_2", "z1_2_4"]'))


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    return jsonschema.Draft202012Validator(schema())


def parsed(text: str) -> Any:
    import tomllib

    return tomllib.loads(text)


@pytest.mark.parametrize("seed", range(10))
def test_the_schema_accepts_random_convolutions(validator: Any, seed: int) -> None:
    assert validator.is_valid(parsed(convolutional(seed)))


@pytest.mark.parametrize(
    "name",
    ["no kernel", "no filters", "a kernel of nothing", "half a step", "no step", "units of a convolution",
     "a kernel of a dense layer", "the kind forgotten", "another kind", "a kind that is a number"],
)  # fmt: skip
def test_the_schema_refuses_what_the_reader_refuses(validator: Any, name: str) -> None:
    right, wrong, *_ = MISTAKES[name]
    assert validator.is_valid(parsed(GOOD))
    assert not validator.is_valid(parsed(GOOD.replace(right, wrong, 1)))


@pytest.mark.parametrize(
    ("line", "problem", "mend"),
    [
        ("dilation = 2", "dilation: unknown key", "the taps of a kernel stand side by side here: leave it out"),
        ("groups = 1", "groups: unknown key", "every filter sees all channels here: leave it out"),
        ('padding_mode = "reflect"', "padding_mode: unknown key", "padding is with zeros here: leave it out"),
        (
            'padding = "same"',
            "padding: the text 'same' where a whole number",
            "stand before and after the input: write one from 0 on",
        ),
        (
            "kernel = 2.5",
            "kernel: the number 2.5 where a whole number",
            "taps a kernel has for each channel before it: write one from 1 on",
        ),
        ('kernel = "3"', "kernel: the text '3' where a whole number", "before it: write 3"),
        ("stride = 2.0", "stride: the number 2.0 where a whole number", "from one position to the next: write 2"),
        ("stride = 0", "stride: 0 is too small", "it is at least 1"),
        ("padding = -1", "padding: -1 is too small", "it is at least 0"),
    ],
)
def test_a_message_about_a_convolution_says_field_and_mend(line: str, problem: str, mend: str) -> None:
    key = line.partition(" ")[0]
    keys = {"filters": "filters = 1", "kernel": "kernel = 3", "weights": "weights = [[1, 2, 3]]", key: line}
    layer = "\n".join(("[[network.layers]]", 'kind = "conv1d"', *keys.values()))
    text = (
        f'[network]\ninputs = 5\nloss = "half_squared_error"\n{layer}\n[[data]]\nx = [1, 2, 3, 4, 5]\nt = [1, 2, 3]\n'
    )
    with pytest.raises(DeriveError) as raised:
        specification.loads(text, "s.toml")
    assert f"s.toml: network.layers[1].{problem}" in str(raised.value)
    assert mend in str(raised.value)
