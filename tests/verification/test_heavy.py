"""No file up to a megabyte takes more than ten seconds of CPU or 500 MB, and what is judged of it is judged rightly."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import derive
from derive.render.gradients import gradients_json
from tests.support.limits import in_cpu
from tests.support.verification.heavy import MEGABYTE, SMALL, Heavy
from tests.support.verification.heavy_lines import of_lines
from tests.support.verification.heavy_networks import of_networks

SECONDS, MEMORY = 10, 500_000_000
QUICK = ("updates late", "one chain", "huge identity")
NOT_WRONG, NOT_RIGHT = frozenset({"holds", "rounding", "unreadable"}), frozenset({"wrong", "follows", "unreadable"})
JUDGED = frozenset({"holds", "rounding", "wrong", "follows"})


@cache
def known(spec: str) -> tuple[str, str]:
    """A line about a spec that is right, and one that is wrong: its loss, and twice that."""
    found = json.loads(gradients_json(derive.loads(spec.replace("iterations = 100", "iterations = 1")), 6))
    output, loss = found["output"], found["iterations"][0]["loss"]
    return f"{output} = {loss}", f"{output} = {2 * float(loss) + 1:.6g}"


def planted(case: Heavy) -> str:
    """The text of a case behind a right line and a wrong one; both begin it, because what comes last may be too much."""
    right, wrong = known(case.spec)
    lines = {"txt": f"{right}\n{wrong}\n", "md": f"${right}$\n\n${wrong}$\n\n", "tex": f"${right}$\n\n${wrong}$\n\n"}
    return (lines[case.ending] + case.text)[: MEGABYTE - 1]


def check(case: Heavy, folder: Path) -> None:
    """What is promised of every file."""
    spec, claims, report = folder / "spec.toml", folder / f"claims.{case.ending}", folder / "report.json"
    spec.write_text(case.spec, encoding="utf-8")
    claims.write_text(planted(case), encoding="utf-8")
    line = [sys.executable, "-m", "derive", "verify", str(spec), str(claims), "--to", "json", "-o", str(report)]
    ended = in_cpu(line, folder, SECONDS)
    assert ended.status == 1, ended
    assert ended.memory < MEMORY
    found: list[Mapping[str, object]] = json.loads(report.read_text(encoding="utf-8"))["claims"]
    first = {line: [claim["verdict"] for claim in found if claim["line"] == line] for line in (1, 2, 3)}
    assert set(first[1]) <= NOT_WRONG & JUDGED, first
    assert set(first[2] or first[3]) <= NOT_RIGHT & JUDGED, first


def cases() -> Iterator[Heavy]:
    """All shapes."""
    yield from of_networks()
    yield from of_lines()


ALL = {case.name: case for case in cases()}


def test_there_are_enough() -> None:
    """Shapes of every kind, each with a name of its own, none above a megabyte."""
    assert len(ALL) == len(list(cases())) >= 40
    sizes = [len(case.text.encode()) for case in ALL.values()]
    assert max(sizes) < MEGABYTE
    assert sum(size > MEGABYTE // 2 for size in sizes) >= 20
    assert SMALL in {case.spec for case in ALL.values()}


@pytest.mark.parametrize("name", QUICK)
def test_a_sample(name: str, tmp_path: Path) -> None:
    """A fixed few, in every run of the tests."""
    check(ALL[name], tmp_path)


OTHERS = sorted(ALL.keys() - set(QUICK))
NEAR_THE_LIMIT = ("macros", "what follows in a long chain")
"""They take nine of their ten seconds: on a machine that does other work as well, they would tell of that."""
FOURTH = [name for name in OTHERS[::4] if name not in NEAR_THE_LIMIT]


@pytest.mark.slow
@pytest.mark.parametrize("name", FOURTH)
def test_every_fourth(name: str, tmp_path: Path) -> None:
    """Ten and more; the others run with -m many."""
    check(ALL[name], tmp_path)


@pytest.mark.many
@pytest.mark.parametrize("name", [name for name in OTHERS if name not in FOURTH])
def test_the_others(name: str, tmp_path: Path) -> None:
    check(ALL[name], tmp_path)
