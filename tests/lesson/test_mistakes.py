"""Common mistakes: what a document says of each is what ``derive verify`` says of the number that it gives."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from derive.api import loads
from derive.arithmetic.rounding import Policy
from derive.checked.proof import Proven, worked
from derive.errors import DeriveError
from derive.lesson.contents import Contents
from derive.lesson.figures import Figures
from derive.lesson.in_full import in_full
from derive.lesson.parts import mistakes
from derive.lesson.styles import style_of
from derive.network import Network
from derive.render.layout import figures_of, laid_out
from derive.verification.causes.predictions import Predictions
from derive.verification.examine import Examiner
from tests.support.random_specs import convolutional, graph, layered
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof")

EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.toml"))
MAKERS = {"layered": layered, "graph": graph, "convolutional": convolutional}


def told(network: Network) -> list[tuple[str, str, str, str]]:
    """The cause, the quantity, the wrong and the right number of each mistake of a document."""
    chosen: list[Any] = []
    telling = mistakes._telling

    def use(work: Proven) -> list[tuple[str, str, str, str]]:
        def kept(figures: Figures, found: Sequence[Any]) -> tuple[int, ...]:
            answer = telling(figures, found)
            chosen[:] = [found[i] for i in answer]
            return answer

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mistakes, "_telling", kept)
            layout = laid_out(
                work, figures_of(work), style_of(network, None), word=lambda key: key,
                contents=Contents(questions=False),
            )  # fmt: skip
        return [_row(network, layout.figures, mistake) for mistake in chosen]

    return worked(network, use, in_full=partial(in_full, named=None), symbolic=False)


def _row(network: Network, figures: Figures, mistake: Any) -> tuple[str, str, str, str]:
    kind, name, iteration, sample, *_ = mistake.right
    mark = f"[{sample + 1}]" if len(network.rows) > 1 else ""
    names = {
        "value": name + mark,
        "updated": f"{name}@{iteration + 1}",
        "batch": f"d{network.output}/d{name}",
        "gradient": f"d{network.output}/d{name}{mark}",
    }
    return mistake.cause, names[kind], *(_digits(figures.truth.number(q)) for q in (mistake.wrong, mistake.right))


def _digits(value: Any) -> str:
    return Policy("significant", 9).shown(value).text


def check(network: Network, *, named: bool) -> int:
    """Every mistake told gives a number that is wrong, for this cause; the right one holds.

    ``named``: the report names that very cause; otherwise the catalogue has a mistake of this cause with this number.
    """
    rows, catalogue = told(network), Predictions(network)
    for cause, name, wrong, right in rows:
        (holds,) = Examiner(network).examine(f"{name} = {right}\n", "text").judgements
        (judged,) = Examiner(network).examine(f"{name} = {wrong}\n", "text").judgements
        assert (holds.holds, judged.verdict) == (True, "wrong"), (cause, name, wrong)
        predicted = [_digits(p.value) for p in catalogue.predictions(name) if p.is_of(frozenset((cause,)))]
        assert wrong in predicted, (cause, name, wrong, predicted)
        assert judged.cause == cause or not named, (cause, name, wrong, judged.cause)
    assert len({wrong for _, _, wrong, _ in rows}) == len({name for _, name, _, _ in rows}) == len(rows)
    return len(rows)


@pytest.mark.parametrize("stem", EXAMPLES)
def test_the_numbers_are_those_of_the_catalogue(stem: str) -> None:
    assert check(loads((ROOT / "examples" / f"{stem}.toml").read_text("utf-8")), named=True) >= 2


@pytest.mark.parametrize("seed", [2, 12, 20])
@pytest.mark.parametrize("kind", MAKERS)
def test_random_networks(kind: str, seed: int) -> None:
    check(loads(MAKERS[kind](seed)), named=False)


@pytest.mark.many
@pytest.mark.parametrize("seed", range(100, 140))
@pytest.mark.parametrize("kind", MAKERS)
def test_many_random_networks(kind: str, seed: int) -> None:
    try:
        check(loads(MAKERS[kind](seed)), named=False)
    except DeriveError as error:
        pytest.skip(f"this network has no document: {error.problem}")


@pytest.mark.parametrize("number", ["-0.4791", "0.4791"])
def test_what_a_page_calls_wrong_is_no_claim(number: str) -> None:
    """Neither wrong nor right: nobody earns anything by a table of wrong values, and its lines are told."""
    network = loads((ROOT / "examples" / "pass_or_fail.toml").read_text("utf-8"))
    table = f"| mistake | quantity | wrong value | right value |\n|--|--|--|--|\n| sign | $\\delta_1^2$ | ${number}$ | $1$ |\n"
    found = Examiner(network).examine(table, "markdown")
    assert not found.judgements
    assert found.not_read == (3,)
