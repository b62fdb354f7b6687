"""The model of a drawing: what it refuses, and what it knows of its labels."""

from __future__ import annotations

import pytest

from derive.figures.model import Drawing, DrawnEdge, DrawnNode
from derive.words.runs import Tex

X, F = DrawnNode("x", Tex("x")), DrawnNode("f", Tex("f"), (Tex("12"), Tex("-4")))


@pytest.mark.parametrize(
    ("drawing", "problem"),
    [
        (lambda: Drawing((X,), (DrawnEdge("x", "y"),)), "not drawn: y"),
        (lambda: Drawing((X,), highlights=frozenset({"f"})), "not drawn: f"),
        (lambda: Drawing((X, F), highlights=frozenset({("x", "f")})), "not drawn"),
        (lambda: Drawing((X, X)), "one name"),
    ],
)
def test_what_is_not_drawn_is_refused(drawing, problem) -> None:
    with pytest.raises(ValueError, match=problem):
        drawing()


def test_every_label_is_known() -> None:
    """Those of nodes, what stands beside them, and those of arrows."""
    drawing = Drawing((X, F), (DrawnEdge("x", "f", Tex("-4")),), frozenset({"f", ("x", "f")}))
    assert drawing.labels == ("x", "f", "12", "-4", "-4")
