"""The program against an older checkout of it, side by side: ``python -m tests.benchmarks.against OLD [NAME...]``.

Both are compiled first, then run in turn, each time in a process of its own. What counts is CPU (user and system) and
the peak of memory, each the least of its runs: what else the machine does adds to a run and never takes from it. The
exit status is 1 where a ratio is more than its limit.
"""

from __future__ import annotations

import compileall
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import ROOT, seconds
from tests.benchmarks.networks import layered, named, numbers

LARGE = "784-32-10"
ROWS = 30_000
SPECS = 60


@dataclass(frozen=True)
class Case:
    """What is run, how often, and the most that its CPU may be of the old program's.

    ``line``: what Python is given; ``{out}`` is a folder of the program's own. ``other`` is run in place of the old
    program where it is another one: both are tasks, and count what these count, not the reading of a spec.
    """

    what: str
    line: tuple[str, ...]
    limit: float
    runs: int = 7
    other: tuple[str, ...] | None = None


@dataclass
class Least:
    """The least CPU in seconds and memory in bytes of several runs."""

    cpu: float = float("inf")
    memory: float = float("inf")

    def run(self, line: Sequence[str], folder: Path, *, task: bool) -> None:
        child = subprocess.Popen(
            [sys.executable, *line], cwd=folder, stdout=subprocess.PIPE if task else subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": ""},
        )  # fmt: skip
        told = float(child.stdout.read()) if child.stdout else None
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode in (0, 1), line
        self.cpu = min(self.cpu, usage.ru_utime + usage.ru_stime if told is None else told)
        self.memory = min(self.memory, usage.ru_maxrss * 1024)


def cases(folder: Path) -> Iterator[Case]:
    """All that is compared; the specs are written to the folder."""
    derive = ("-m", "derive")
    example, out = "examples/pass_or_fail.toml", "{out}/"
    yield Case("notes, 21 parameters", (*derive, "notes", example, "-o", out), 0.75)
    alike = [layered(named("3-4-1"), seed) for seed in range(SPECS)]
    yield Case(
        f"notes, {SPECS} of one structure", (*derive, "notes", *_written(folder, "a", alike), "-o", out), 0.15, 3
    )
    unlike = list(_structures())
    line = (*derive, "notes", *_written(folder, "b", unlike), "-o", out)
    yield Case(f"notes, {SPECS} structures", line, 0.5, 3)
    (large,) = _written(folder, "large", [layered(named(LARGE))])
    yield Case(f"gradients, {LARGE}", (*derive, "gradients", large, "--to", "json", "-o", "{out}/g.json"), 1.0, 3)
    for name in ("16-64-10", LARGE):
        tasks = ("-m", "tests.benchmarks.tasks")
        yield Case(f"symbols, {name} : CasADi SX", (*tasks, "symbols", name), 0.6, 7, (*tasks, "casadi", name))
    yield Case(
        "verify, pass_or_fail.md", (*derive, "verify", example, "output/pass_or_fail.md", "-o", "{out}/v.txt"), 0.75
    )
    (rows,) = _written(folder, "rows", [_of_rows(ROWS)])
    yield Case(f"notes, {ROWS:,} samples", (*derive, "notes", rows, "-o", out), 0.4, 2)
    yield Case(f"gradients, {ROWS:,} samples", (*derive, "gradients", rows, "--to", "json", "-o", "{out}/r"), 0.4, 2)


def _written(folder: Path, name: str, texts: Sequence[str]) -> list[str]:
    paths = [folder / f"{name}{i}.toml" for i in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return list(map(str, paths))


def _structures() -> Iterator[str]:
    """Networks of different sizes, activations and iterations, none twice."""
    draw = random.Random(9)
    known: set[object] = set()
    while len(known) < SPECS:
        sizes = tuple(draw.randint(1, 5) for _ in range(draw.choice((3, 3, 4))))
        activation = draw.choice(("sigmoid", "tanh", "relu", "softplus", "identity"))
        iterations = draw.choice((1, 1, 2))
        if (sizes, activation, iterations) in known:
            continue
        known.add((sizes, activation, iterations))
        text = layered(sizes, len(known)).replace('"sigmoid"', f'"{activation}"', 1)
        yield f"{text}iterations = {iterations}\n"


def _of_rows(count: int) -> str:
    draw = random.Random(3)
    text, found, _ = layered((2, 2, 1)).partition("[[data]]")
    assert found
    rows = "".join(f"[[data]]\nx = {numbers(draw, 2)}\nt = {numbers(draw, 1)}\n" for _ in range(count))
    return f"{text}{rows}[training]\nlearning_rate = 0.5\niterations = 2\n"


def compared(case: Case, old: Path, folder: Path) -> bool:
    """Run a case in turn and print its line of the table; whether both ratios are held."""
    now, then = Least(), Least()
    for _ in range(case.runs):
        for least, program, line in ((then, old, case.other or case.line), (now, ROOT, case.line)):
            out = folder / ("new" if program == ROOT else "old")
            out.mkdir(exist_ok=True)
            filled = [part.replace("{out}", str(out)) for part in line]
            least.run(filled, ROOT if case.other else program, task=case.other is not None)
    ratio, memory = now.cpu / then.cpu, now.memory / then.memory
    held = ratio <= case.limit and (memory <= 1 or case.other is not None)
    times = f"{seconds(now.cpu)} : {seconds(then.cpu)}, {now.memory / 1e6:.0f} : {then.memory / 1e6:.0f} MB"
    print(
        f"{case.what:40}  {ratio:7.3f}  {case.limit:7.3g}  {memory:6.2f}{'' if held else '  MISSED'}"
        f"  ({times}, best of {case.runs})", flush=True,
    )  # fmt: skip
    return held


def main(argv: Sequence[str]) -> int:
    """Compare with the checkout in the first argument; of the cases whose names begin with the others, or of all."""
    old, names = Path(argv[0]).resolve(), tuple(argv[1:])
    for program in (old, ROOT):
        compileall.compile_dir(program / "derive", quiet=1)
    print(f"{'what':40}  {'ratio':>7}  {'at most':>7}  {'memory':>6}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        chosen = [case for case in cases(folder) if not names or case.what.startswith(names)]
        held = [compared(case, old, folder) for case in chosen]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
