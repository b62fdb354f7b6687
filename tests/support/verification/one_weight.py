"""One unit with one weight, worked from update to update: 0.5 (w x + b - t)² with x = 2, t = 1; w = 0.4, b = 0.1; η = 0.1."""

from __future__ import annotations

from functools import cache

from derive.api import loads
from derive.verification.examine import Examiner

SPEC = """
[network]
inputs = ["x"]
loss = "half_squared_error"
[[network.layers]]
units = 1
weights = [[0.4]]
biases = [0.1]
[[data]]
x = [2]
t = [1]
[training]
learning_rate = 0.1
iterations = 3
"""


def after(k: int) -> tuple[float, float, float]:
    """The loss, the weight and its derivative after ``k`` updates."""
    w, b = 0.4, 0.1
    for _ in range(k):
        gap = w * 2 + b - 1
        w, b = w - 0.1 * gap * 2, b - 0.1 * gap
    gap = w * 2 + b - 1
    return gap**2 / 2, w, gap * 2


@cache
def examiner() -> Examiner:
    """What judges texts about it."""
    return Examiner(loads(SPEC))
