"""A text that is filled with other numbers is the text that would be written afresh, byte by byte."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from derive import network, specification
from derive.lesson.printed_number import Printed
from derive.lesson.quantity import Quantity
from derive.lesson.remembered import Slot
from derive.lesson.skeleton import Parted, Skeleton
from derive.render.document import Press
from derive.words.filling import IN_JSON, IN_TEX, Filling

pytestmark = pytest.mark.usefixtures("one_proof")

ROOT = Path(__file__).resolve().parents[2]
NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d+(?![\w.])")


def variants(text: str, count: int, seed: int) -> list[str]:
    """The same spec with other numbers; a 0, a tiny and a long one now and then."""
    chance = random.Random(seed)

    def another(_: re.Match[str]) -> str:
        kind = chance.random()
        if kind < 0.05:
            return "0.0"
        if kind < 0.1:
            return f"{chance.uniform(-1e-6, 1e-6):.12f}"
        return f"{chance.uniform(-2, 2):.{chance.randrange(1, 6)}f}"

    return [re.sub(r"(weights|values|w\d|x) = .*", lambda m: NUMBER.sub(another, m[0]), text) for _ in range(count)]


@pytest.mark.parametrize("to", ["markdown", "latex", "json"])
@pytest.mark.parametrize("name", ["pass_or_fail", "mazur", "dead_relu", "softmax_three_classes", "sigmoid_neuron"])
def test_filled_is_written(name: str, to: str) -> None:
    text = (ROOT / "examples" / f"{name}.toml").read_text(encoding="utf-8")
    press = Press(to=to)
    first, *others = (network.build(specification.loads(each)) for each in variants(text, 6, seed=len(name)))
    press.notes(first)
    for net in others:
        assert Press(to=to).notes(net) == press.notes(net)


def test_the_press_fills() -> None:
    """Not every document is written afresh: the second one of a structure takes a fraction of the time."""
    text = (ROOT / "examples" / "pass_or_fail.toml").read_text(encoding="utf-8")
    press = Press()
    first, second = (
        network.build(specification.loads(text.replace("0.0885", number))) for number in ("0.0885", "0.0882")
    )
    press.notes(first)
    written = press.page().skeleton
    press.page().skeleton = None  # type: ignore[assignment,method-assign]
    assert "0.0882" in press.notes(second)
    press.page().skeleton = written  # type: ignore[method-assign]


class Two:
    """Figures of two constants: e, and π."""

    def print(self, quantity: Quantity) -> Printed:
        return Printed({"e": "e", "pi": r"\pi"}[quantity.name])


CONSTANTS = {0: Quantity("value", "e"), 1: Quantity("value", "pi")}


@pytest.mark.parametrize(
    ("pieces", "escaped", "filled"),
    [
        ((r"\cdot", "x", "y"), False, r"\cdot ex\pi y"),
        ((r"a \\", "+", "("), False, r"a \\e+\pi("),
        ((r"\\cdot", " ", "y"), True, r"\\cdot e \\pi y"),
        ((r"\\\\", " ", r"\\to"), True, r"\\\\e \\pi\\to"),
    ],
)
def test_a_command_beside_a_number_never_touches_a_letter(pieces: tuple[str, ...], escaped: bool, filled: str) -> None:
    slots = (Slot("never", (0,)), Slot("never", (1,)))
    parted = Parted(pieces, slots, IN_JSON if escaped else IN_TEX)
    assert Skeleton(parted, CONSTANTS, ()).fill(Two()) == (filled, {})  # type: ignore[arg-type]


def test_a_number_is_spelled_as_the_format_wants_it() -> None:
    slots = (Slot("never", (0,)), Slot("always", (1,)))
    skeleton = Skeleton(Parted(("", "", ""), slots, Filling(write=str.upper)), CONSTANTS, ())
    assert skeleton.fill(Two()) == (r"E(\PI)", {})  # type: ignore[arg-type]
