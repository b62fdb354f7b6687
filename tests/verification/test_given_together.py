"""Several givens with one number: ``w_1 = w_2 = 0.1``."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

GRAPH = Examiner(
    loads(
        """
[graph]
output = "L"
parameters = ["w_1", "w_2", "w_3", "w_4"]
[graph.values]
x = 1
w_1 = 0.2
w_2 = 0.2
w_3 = -0.5
w_4 = -0.5
[graph.nodes]
u = "w_1*x + w_2"
L = "w_3*u + w_4"
"""
    )
)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("w_1 = w_2 = 0.2", ["holds", "holds"]),
        ("w_3 = w_4 = -0.5", ["holds", "holds"]),
        ("w_1 = w_2 = 0.3", ["wrong", "wrong"]),
        ("w_1 = w_3 = 0.2", ["wrong", "wrong"]),
        ("w_1 = w_2", ["wrong"]),
        ("dL/dw_2 = w_3 = w_4 = -0.5", ["holds", "wrong", "holds"]),
        ("u = w_1 = 0.2", ["wrong", "wrong"]),
    ],
)
def test_each_has_the_number_at_the_end(line: str, found: list[str]) -> None:
    verdicts = [str(claim["verdict"]) for claim in GRAPH.examine(line).claims]
    assert ["wrong" if one == "follows" else one for one in verdicts] == found
