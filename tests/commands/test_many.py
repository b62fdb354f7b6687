"""Many specs on one command line: each document, and each file beside it, is, byte by byte, what its spec gives alone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from derive.cli import main

SPEC = """title = "{title}"
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "{activation}"
weights = [[{0}, {1}], [{2}, {3}]]
biases = [{4}, {5}]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[{6}, {7}]]
biases = [{8}]
[[data]]
x = [{9}, {10}]
t = [{11}]
[training]
learning_rate = {12}
"""
HOSTILE = ("0", "0.0", "-0.5", "0.25", "1", "-1", "40", "-40", "1e9", "-1e-9", "0.1234567890123", '"1/3"', '"-sqrt(2)"')
"""Zeros, signs, what saturates, what is huge or tiny, long numbers, and such as are no decimals."""
KINKED = ("0", "0.5", "-0.5", "1", "-1")
"""With these, units of a relu stand on their kink, or are dead."""


def spec(draw: random.Random, activation: str) -> str:
    ordinary = [f"{draw.uniform(-1, 1):.3f}" for _ in range(13)]
    numbers = [draw.choice(KINKED if activation == "relu" else HOSTILE) if draw.random() < 0.4 else number
               for number in ordinary]  # fmt: skip
    numbers[12] = draw.choice(("0.5", "0.1", "200"))
    return SPEC.format(*numbers, title="Numbers", activation=activation)


def written(folder: Path, activation: str, count: int) -> list[Path]:
    """Specs of one structure and one of another among them; the first and the last are alike."""
    draw = random.Random(f"many {activation}")
    texts = [spec(draw, activation) for _ in range(count - 2)]
    texts.insert(count // 3, spec(draw, "tanh").replace("Numbers", "Others"))
    texts.append(texts[0])
    paths = [folder / f"s{i:02}.toml" for i in range(count)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.mark.parametrize("count", [8, pytest.param(60, marks=pytest.mark.many)])
@pytest.mark.parametrize(
    ("activation", "options"),
    [("sigmoid", ()), ("relu", ()), ("relu", ("--to", "latex", "--style", "matrix")), ("tanh", ("--to", "json"))],
)
def test_many_specs_give_what_each_gives_alone(
    tmp_path: Path, activation: str, options: tuple[str, ...], count: int
) -> None:
    paths = written(tmp_path, activation, count)
    together, alone = tmp_path / "together", tmp_path / "alone"
    assert main(["notes", "-q", *map(str, paths), *options, "-o", f"{together}/"]) == 0
    for path in paths:
        assert main(["notes", "-q", str(path), *options, "-o", f"{alone}/"]) == 0
    documents = sorted(file.name for file in together.iterdir())
    assert documents == sorted(file.name for file in alone.iterdir())
    assert len({name.partition(".")[0] for name in documents if not name.endswith(".svg")}) == count
    assert any(name.endswith(".svg") for name in documents) == (not options)  # figures beside Markdown only
    for name in documents:
        assert (together / name).read_bytes() == (alone / name).read_bytes(), name
