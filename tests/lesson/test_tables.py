"""Tables are no wider than a page."""

from __future__ import annotations

from derive import network, specification
from derive.expressions.widths import width
from derive.render.document import notes

GAP = 1.1
PAGE = 41.0


def layer(units: int, inputs: int, activation: str) -> str:
    rows = [[round(0.1 + 0.07 * i - 0.03 * j, 2) for i in range(inputs)] for j in range(units)]
    return f'[[network.layers]]\nunits = {units}\nactivation = "{activation}"\nweights = {rows}\n'


def test_a_long_slope_beside_two_digit_indices() -> None:
    text = (
        '[network]\ninputs = 12\nloss = "mean_absolute_error"\n'
        + layer(12, 12, "silu")
        + layer(11, 12, "softplus")
        + f"[[data]]\nx = {[0.1 * k for k in range(12)]}\nt = {[1] * 11}\n".replace("000000000000001", "")
        + '[notation]\npreset = "flat"\n'
    )
    rows = [
        line for line in notes(network.build(specification.loads(text))).splitlines() if line.startswith(r"| $\delta_")
    ]
    cells = [[cell.strip().strip("$") for cell in row.strip("|").split(" | ")] for row in rows]
    assert any(r"\cdots" in row[1] for row in cells)
    assert max(sum(map(width, row)) + 2 * GAP * len(row) for row in cells) < PAGE
