"""The JSON Schema agrees with the reader."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from derive import specification
from derive.errors import DeriveError
from tests.support.specification.mistakes import GRAPHS, KEYS, SHAPES
from tests.support.specification.spoilt import GOOD_GRAPH, GOOD_NETWORK, Bad

EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/*.toml"))
FITTING_ONLY = ("rows of weights", "row 2 has", "row 1 has", "biases, ", "the network has", "does not fit")


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(specification.schema())
    return Draft202012Validator(specification.schema())


def test_schema_is_json() -> None:
    assert json.loads(json.dumps(specification.schema())) == specification.schema()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_valid(path: Path, validator: Draft202012Validator) -> None:
    validator.validate(tomllib.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("text", [GOOD_NETWORK, GOOD_GRAPH, specification.starter()])
def test_other_good_specs_are_valid(text: str, validator: Draft202012Validator) -> None:
    validator.validate(tomllib.loads(text))


def test_every_form_of_a_value_is_valid(validator: Draft202012Validator) -> None:
    text = GOOD_NETWORK.replace("[[0.5, 0.6]]", '{random = "normal", std = 0.1}').replace(
        '"sigmoid"', '{name = "elu", alpha = "1/2"}'
    )
    text += '[conventions]\nrelu_at_zero = "1/2"\n[marks]\nyhat = 1\n'
    text = text.replace("units = 2", 'units = 2\nkind = "dense"').replace("= 0.5\n", '= 0.5\noptimizer = "sgd"\n')
    for source in ("", 'source = "x"\n', 'source = {text = "x", url = "https://x.org/a_(b)#c"}\n'):
        specification.loads(source + text)
        validator.validate(tomllib.loads(source + text))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "x.org", "https://x.org/a b", "https://", 3, ["https://x.org"]])
def test_an_address_in_the_schema(url: object, validator: Draft202012Validator) -> None:
    good = tomllib.loads(GOOD_NETWORK)
    assert not validator.is_valid({**good, "source": {"text": "x", "url": url}})


def wrong_in_kind() -> list[Bad]:
    """Bad specs whose fault can be seen without comparing shapes or names."""
    names = {
        "misspelt activation", "misspelt loss", "misspelt key", "misspelt table", "no loss", "no weights", "no data",
        "no target", "data called y", "neither network nor graph", "both network and graph", "no layers",
        "unknown preset", "biases true", "a bare input", "data as one table", "no inputs", "zero units", "half a unit",
        "units as text", "parameter that relu has not", "unknown random", "negative learning rate", "no iterations",
        "slope at the kink", "learning rate of zero", "input in Greek", "negative deviation", "a name in Greek",
    }  # fmt: skip
    return [bad for bad in (*KEYS, *SHAPES, *GRAPHS) if bad.name in names]


@pytest.mark.parametrize("bad", wrong_in_kind(), ids=lambda bad: bad.name)
def test_bad_kinds_are_not_valid(bad: Bad, validator: Draft202012Validator) -> None:
    tree: dict[str, Any] = tomllib.loads(bad.content)
    assert not validator.is_valid(tree)


def test_every_field_says_what_it_is() -> None:
    def fields(schema: Any) -> list[Any]:
        if not isinstance(schema, dict):
            return []
        here = list(schema.get("properties", {}).values()) if schema.get("type") == "object" else []
        return here + [field for part in here for field in fields(part)]

    assert all("description" in field for field in fields(specification.schema()))


def test_what_no_command_does_is_not_promised(validator: Draft202012Validator) -> None:
    """A spec may have the table already; an author is told that nothing uses it."""
    assert "exercise" not in json.dumps(specification.schema())
    text = GOOD_NETWORK + '[exercise]\nvary = ["weights"]\nask = ["dE/dw1_1_1"]\n'
    assert not validator.is_valid(tomllib.loads(text))
    read = specification.loads(text, "s.toml")
    assert read.exercise is not None
    assert read.notes == ("s.toml: exercise: there is no 'derive exercise' yet: it is checked, and not used",)
    with pytest.raises(DeriveError) as caught:
        specification.loads(GOOD_NETWORK + "[exercize]\nlow = 1\n")
    assert "known: author, conventions, data, date, differs, graph, language, marks" in str(caught.value)
