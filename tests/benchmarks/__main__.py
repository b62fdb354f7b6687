"""Run every benchmark, or those whose names are given: ``python -m tests.benchmarks [NAME...]``.

Each compares with something that is measured in turn with it, at least eleven times in the same run, and prints the
ratio of the medians beside the most that it may be. The exit status is 1 where one is more.
"""

from __future__ import annotations

import compileall
import importlib.util
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.measure import ROOT, Result, busy, fresh, growth, memory, program, ratio, seconds, speedup
from tests.benchmarks.networks import layered, named

LARGE = "784-32-10"


def start(folder: Path) -> Iterator[Result]:
    """The command on a small and a middling network against the bare import of what it is made from."""
    bare = program("-c", "import sympy, jinja2")
    middling = folder / "middling.toml"
    middling.write_text(layered(named("16-64-10")), encoding="utf-8")
    for what, spec, limit in (
        ("notes, 21 parameters : import sympy, jinja2", "examples/pass_or_fail.toml", 1.25),
        ("notes, 16-64-10 : import sympy, jinja2", str(middling), 1.5),
    ):
        yield ratio(what, program("-m", "derive", "notes", spec, "-o", f"{folder}/"), bare, limit)


def symbols(_folder: Path) -> Iterator[Result]:
    """Deriving every gradient as an expression against CasADi's SX, and against the naive way."""
    if not found("casadi"):
        return
    for name in ("8-16-16-4", "16-64-10", LARGE):
        yield ratio(f"symbols, {name} : CasADi SX gradient", fresh("symbols", name), fresh("casadi", name), 1.0)
    yield ratio("symbols, 3-4-1 : sympy.diff of the loss", fresh("symbols", "3-4-1"), fresh("sympy", "3-4-1"), None)


def scaling(_folder: Path) -> Iterator[Result]:
    """The time from spec to report, and of the symbols, grows no faster than the network."""
    for task in ("derived", "whole"):
        wide = {size: fresh(task, f"{size}-4-1") for size in (128, 256, 512, 1024)}
        yield growth(f"growth in fan-in, {task}", lambda size, timers=wide: timers[size](), list(wide), 1.1)  # type: ignore[misc]
        deep = {size: fresh(task, "-".join(["8"] * (size + 1))) for size in (8, 16, 32, 64)}
        yield growth(f"growth in depth, {task}", lambda size, timers=deep: timers[size](), list(deep), 1.1)  # type: ignore[misc]


def digits(_folder: Path) -> Iterator[Result]:
    """All 21 gradients with six proven digits against plain loops over floats."""
    from tests.benchmarks.calculations import Numbers, example, floats, printed, proven, with_numbers, without_update

    numbers = Numbers.drawn(random.Random(1))
    made = with_numbers(without_update(example()), numbers)
    plain = ([[float(w) for w in row] for row in numbers.w], *(list(map(float, row)) for row in (numbers.b, numbers.v)))
    x = [float(value) for value in numbers.x]
    arguments = ((*plain, float(numbers.c)), x, 1.0)
    for text, value in zip(sorted(map(float, printed(made))), sorted(floats(*arguments)), strict=True):
        assert math.isclose(text, value, rel_tol=1e-5), (text, value)
    plain_loops = repeated(lambda: floats(*arguments), 100)
    yield ratio("21 gradients, six proven digits : floats", repeated(lambda: proven(made), 100), plain_loops, 15)
    yield ratio("21 gradients, six printed digits : floats", repeated(lambda: printed(made), 100), plain_loops, None)


def documents(_folder: Path) -> Iterator[Result]:
    """A thousand documents with ever other numbers against handcalcs printing the same calculation."""
    if not found("handcalcs"):
        return
    from derive.render.document import Press
    from tests.benchmarks.by_handcalcs import calculation
    from tests.benchmarks.calculations import Numbers, example, with_numbers

    base, by_handcalcs, draw = example(), calculation(), random.Random(2)

    def ours() -> float:
        drawn = [Numbers.drawn(draw) for _ in range(1000)]
        begin = time.perf_counter()
        press = Press(to="markdown")
        for numbers in drawn:
            press.notes(with_numbers(base, numbers))
        return (time.perf_counter() - begin) / len(drawn)

    yield speedup(
        "a document of 1,000 : handcalcs", ours, repeated(lambda: by_handcalcs(*Numbers.drawn(draw).flat()), 3), 100
    )


def size(folder: Path) -> Iterator[Result]:
    """25,450 parameters in less than 1 GB."""
    large = folder / "large.toml"
    large.write_text(layered(named(LARGE)), encoding="utf-8")
    yield memory(
        f"memory of gradients, {LARGE} : 1 GB", 10**9, "gradients", str(large), "--to", "json", "-o", f"{folder}/g"
    )
    yield memory(f"memory of notes, {LARGE} : 1 GB", 10**9, "notes", str(large), "-o", f"{folder}/notes.md")
    assert (folder / "notes.md").stat().st_size < 1_000_000, "the document is not readable any more"


def claims(folder: Path) -> Iterator[Result]:
    """Judging one claim against SymPy on the same one, a class of students against the bare import, long files."""
    import derive
    from tests.benchmarks import claims as of_claims

    network = derive.load(str(of_claims.SPEC))

    def judging(text: str, *, holds: bool = True) -> Callable[[], float]:
        assert derive.verify(network, text).holds is holds
        return repeated(lambda: derive.verify(network, text), 5)

    right = {name: judging(f"dE/d{name} = {formula}") for name, formula in of_claims.FORMULAS.items()}
    wrong = judging("dE/dw1_4_3 = (t - yhat)*w2_1_4*a1_4*(1 - a1_4)*x3", holds=False)
    unexplained = judging("dE/dw1_4_3 = 17*yhat^2*x3", holds=False)
    yield ratio("a right claim, 3-4-1 : 10 ms", right["w1_4_3"], lambda: 0.01, 1.0)
    yield ratio("a wrong claim and its cause, 3-4-1 : 10 ms", wrong, lambda: 0.01, 1.0)
    yield ratio("a wrong claim without a cause, 3-4-1 : 10 ms", unexplained, lambda: 0.01, None)
    for name, ours in right.items():
        for method in of_claims.METHODS:
            theirs = of_claims.by_sympy(method, name)
            yield speedup(f"a claim about dE/d{name} : sympy {method}", ours, theirs, 100, pairs=3)
    files = of_claims.classroom(folder)
    bare = program("-c", "import sympy")
    yield ratio(f"{len(files)} students x 21 gradients : import sympy", of_claims.verified(files), bare, 60, pairs=3)
    texts = {count: of_claims.long_file(count) for count in (250, 500, 1000, 2000)}
    timers = {count: repeated(lambda text=text: derive.verify(network, text), 1) for count, text in texts.items()}  # type: ignore[misc]
    yield growth("growth in lines of a file", lambda count: timers[count](), list(texts), 1.1)


def jobs(folder: Path) -> Iterator[Result]:
    """A class of students in two processes against one, as far as the machine has two cores to give at the time."""
    from tests.benchmarks import claims as of_claims

    files = of_claims.classroom(folder)
    timers = of_claims.verified(files, 2), of_claims.verified(files), busy(2), busy(1)
    rounds = [[timer() for timer in timers] for _ in range(3)]
    two, one, loops, loop = (statistics.median(column) for column in zip(*rounds, strict=True))
    faster, possible = one / two, 2 * loop / loops
    said = f"{faster:.2f} times faster: {seconds(two)} : {seconds(one)}; two busy loops: {possible:.2f} times"
    yield Result(f"{len(files)} students, --jobs 2 : one process", possible / 2 / faster, 1 / 1.6, said)


def homework(folder: Path) -> Iterator[Result]:
    """An honest homework with one slip, 364 lines over seven iterations, against the time before work was bounded."""
    from tests.benchmarks import homework as of_homework

    old = of_homework.before(folder / "before")
    if old is None:
        print(f"skipped: {of_homework.BEFORE} is not in this clone (git fetch --unshallow)")
        return
    spec, claims_ = folder / "homework.toml", folder / "homework.txt"
    spec.write_text(of_homework.spec(), encoding="utf-8")
    claims_.write_text("\n".join(of_homework.lines()) + "\n", encoding="utf-8")
    now, then = of_homework.verified(spec, claims_), of_homework.verified(spec, claims_, old)
    yield ratio("homework, 20-20-5, seven iterations, one slip : before", now, then, 0.05, pairs=1)


def repeated(work: Callable[[], object], times: int) -> Callable[[], float]:
    """The time of one of so many calls in a row."""

    def timer() -> float:
        begin = time.perf_counter()
        for _ in range(times):
            work()
        return (time.perf_counter() - begin) / times

    return timer


def found(library: str) -> bool:
    """Whether a library to compare with is here; says so where it is not."""
    if importlib.util.find_spec(library) is None:
        print(f"skipped: {library} is not installed (pip install '.[bench]')")
        return False
    return True


BENCHMARKS = {
    each.__name__: each for each in (start, symbols, scaling, digits, documents, size, claims, jobs, homework)
}


def main(names: list[str]) -> int:
    """Run them and print the table; 1 where a limit is not held."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    compileall.compile_dir(ROOT / "derive", quiet=1)  # as an installed package is, and what we compare with
    missed = 0
    print(f"{'what':50}  {'ratio':>7}  {'at most':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for name in names or BENCHMARKS:
            for result in BENCHMARKS[name](Path(folder)):
                limit = "" if result.limit is None else f"{result.limit:7.3g}"
                mark = "" if result.held else "  MISSED"
                print(f"{result.what:50}  {result.value:7.3f}  {limit:>7}{mark}  ({result.detail})", flush=True)
                missed += not result.held
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
