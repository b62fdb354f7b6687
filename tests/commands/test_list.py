"""``derive list`` prints what a spec accepts, and nothing that it does not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from derive import specification
from derive.commands.list import TABLES
from derive.expressions.functions import CONSTANTS, FUNCTIONS
from derive.expressions.grammar import parse
from derive.lesson import STYLES
from derive.naming.notation import PRESETS
from derive.ops import ACTIVATIONS, LOSSES, OPTIMIZERS
from derive.render.formats import FORMATS
from derive.specification.fields import TABLES as KEYS
from tests.support.program import Ran

Derive = Callable[..., Ran]
WRITABLE = [name for name, entry in FUNCTIONS.items() if not entry.internal]
NETWORK = """
[network]
inputs = 2
loss = {loss}
[[network.layers]]
kind = "{kind}"
units = 2
activation = {activation}
weights = [[0.1, 0.2], [0.3, 0.4]]
[[data]]
x = [1, 2]
t = [1, 1]
[training]
learning_rate = 0.5
optimizer = "{optimizer}"
[notation]
preset = "{preset}"
"""
PLAIN = {
    "loss": '"squared_error"', "activation": '"softmax"', "kind": "dense", "optimizer": "sgd", "preset": "flat",
}  # fmt: skip


OPTIONS = {"dense": ("units",), "conv1d": ("filters", "kernel")}
"""The keys that a kind of layer must have."""


@pytest.fixture
def sections(derive: Derive) -> dict[str, str]:
    """The printed tables by their headings."""
    ran = derive("list")
    assert (ran.status, ran.err) == (0, "")
    return dict(table.split("\n", 1) for table in ran.out.rstrip("\n").split("\n\n"))


def first_words(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines() if line[:3].strip() and not line.startswith("  {")]


def test_every_table_is_a_section_with_every_entry(sections: dict[str, str]) -> None:
    assert list(sections) == [
        "activations", "losses", "functions", "constants", "optimizers", "layers", "conventions", "styles", "formats",
        "notations", "quantities", "keys of a spec",
    ]  # fmt: skip
    for heading, known in {
        "activations": ACTIVATIONS, "losses": LOSSES, "constants": CONSTANTS, "optimizers": OPTIMIZERS,
        "styles": STYLES, "notations": PRESETS, "conventions": ["relu_at_zero", "update_order"],
        "formats": [*FORMATS, "table", "csv", "text"],
    }.items():  # fmt: skip
        assert sorted(first_words(sections[heading])) == sorted(known)
    functions = [word.partition("(")[0] for word in first_words(sections["functions"])[1:]]
    assert functions == WRITABLE
    for word in ("sqrt", "log2", "sinh", "sign", "step", "leaky_relu(z, slope)", "elu(z, alpha)"):
        assert word in sections["functions"]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_can_be_written(activation: str) -> None:
    specification.loads(NETWORK.format(**{**PLAIN, "activation": f'"{activation}"'}))
    parameters = ", ".join(f"{name} = 2" for name in ACTIVATIONS[activation].parameters)
    table = f'{{name = "{activation}"{", " + parameters if parameters else ""}}}'
    specification.loads(NETWORK.format(**{**PLAIN, "activation": table}))


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_can_be_written(loss: str) -> None:
    parameters = "".join(f", {name} = 2" for name in LOSSES[loss].parameters)
    specification.loads(NETWORK.format(**{**PLAIN, "loss": f'{{name = "{loss}"{parameters}}}'}))


@pytest.mark.parametrize(("key", "section"), [("optimizer", "optimizers"), ("kind", "layers"), ("preset", "notations")])
def test_every_other_name_can_be_written(sections: dict[str, str], key: str, section: str) -> None:
    for name in first_words(sections[section]):
        text = NETWORK.format(**{**PLAIN, key: name})
        if key == "kind":
            text = text.replace("units = 2", "\n".join(f"{option} = 2" for option in OPTIONS[name]))
        specification.loads(text)


def test_every_style_and_format_can_be_asked_for(derive: Derive, sections: dict[str, str]) -> None:
    derive("new", "s.toml")
    derive("notes", "s.toml", "-o", "c.md")
    for style in first_words(sections["styles"]):
        assert derive("notes", "s.toml", "--style", style, "-o", "-").status == 0
    for line in sections["formats"].splitlines():
        name, commands = line.split("(")[0].split(maxsplit=1)
        for command in commands.replace(",", " ").split():
            claims = ["c.md"] if command == "verify" else []
            out = ["-o", "-"] if command == "notes" else []
            assert derive(command, "s.toml", *claims, "--to", name, *out).status in (0, 1)


def formulas(text: str) -> list[str]:
    """What stands in a section as a formula: everything but names at the head of a row and phrases of words."""
    found = []
    for line in text.splitlines():
        body = line[2:].split("  ", 1)[-1].strip() if line[2:3].strip() else line.strip()
        body = re.sub(r"^slope: ", "", body)
        for part in re.split(r"; |, (?![^()]*\))| for | where ", body):
            term = re.sub(r"^(minus the )?(sum|mean) of ", "", part.strip())
            sides = re.split(r" (?:<=|>=|<|>|=) ", term)
            found += [side for side in sides if not re.search(r"[A-Za-z]{2,}'? [A-Za-z]", side)]
    return found


@pytest.mark.parametrize("heading", ["activations", "losses", "functions", "optimizers"])
def test_every_formula_can_be_written_by_an_author(sections: dict[str, str], heading: str) -> None:
    text = sections[heading]
    body = "\n".join(line for line in text.splitlines() if not line.startswith(("  {", "  + -")))
    checked = 0
    for formula in formulas(body):
        if formula.replace(" ", "").isalpha() and len(formula) > 6:  # a name in one word: "exponential"
            continue
        parse(formula, marks=True)
        checked += any(sign in formula for sign in "+-*/(")
    assert checked >= {"activations": 5, "losses": 8, "functions": 25, "optimizers": 1}[heading]
    for name in re.findall(r"([A-Za-z_][A-Za-z0-9_]*)'?\(", text):
        assert name in WRITABLE, name


def test_no_word_that_a_spec_refuses_is_printed(derive: Derive) -> None:
    out = derive("list").out
    for word in ("normal_cdf", "normal_pdf", "exercise", "theta"):
        assert word not in out


def test_every_key_is_there_and_no_hidden_one(sections: dict[str, str]) -> None:
    text = sections["keys of a spec"]
    for head, table in KEYS.items():
        for entry in table.fields:
            assert (f"  {f'{head} {entry.key}'.strip()} " in text) == entry.offered


def test_slopes_at_kinks_are_as_the_program_takes_them(derive: Derive, sections: dict[str, str]) -> None:
    for line in (
        "slope: 0 for z < 0, relu_at_zero for z = 0, 1 for z > 0",
        "slope: slope for z < 0, slope + relu_at_zero*(1 - slope) for z = 0, 1 for z > 0",
        "slope: -1 for z < 0, 0 for z = 0, 1 for z > 0",
        "0 for z < 0, 1 for z >= 0",
        "slope: 1 by the largest, 0 by the others; equal ones share it equally",
    ):
        assert line in sections["functions"]


def test_all_tables_have_rows() -> None:
    assert all(rows() for rows in TABLES.values())
