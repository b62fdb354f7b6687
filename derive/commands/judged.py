"""Files of claims, judged: one after the other, or several at once in processes of their own."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from derive.commands.claims import read_claims
from derive.commands.common import STANDARD_NAME
from derive.commands.files import STANDARD
from derive.errors import DeriveError

if TYPE_CHECKING:
    from concurrent.futures.process import ProcessPoolExecutor

    from derive.network import Network
    from derive.verification.examine import Examiner
    from derive.verification.judgement import Verification
    from derive.verification.reading import Decimal
    from derive.verification.reading.own_names import OwnNames

MAX_JOBS = 256
"""At most this many processes judge at once."""
TOGETHER = 4
"""So many files are handed to a process at once: each time costs as much as some claims."""
Judging = Callable[[str], "Verification"]
_judge: list[Judging] = []
"""In a process of its own: what judges there."""


@dataclass(frozen=True)
class Manner:
    """How files are judged, and what is wanted of them.

    Attributes:
        strict: what misses the truth by rounding does not hold.
        decimal: how the claims write one half.
        own: names that are given a meaning for all files.
        formulas: the sides of claims are set as formulas afterwards.
        states: marks are given afterwards.
    """

    strict: bool = False
    decimal: Decimal = "auto"
    own: OwnNames | None = None
    formulas: bool = True
    states: bool = True


def judged(network: Network, paths: Sequence[str], jobs: int, manner: Manner) -> Iterator[Verification]:
    """Every file, judged, in their order; one that cannot be read does not stop the others.

    Raises:
        DeriveError: where a process was stopped from outside.
    """
    if min(jobs, len(paths)) < 2:
        yield from map(_judging(network, manner), paths)
        return
    from concurrent.futures.process import BrokenProcessPool

    judge = _judging(network, manner)
    here = {path: judge(path) for path in paths if path == STANDARD}  # standard input is this process's
    others = [path for path in paths if path not in here]
    pool = _pool(min(jobs, len(paths)), network, manner, judge)
    try:
        size = max(1, min(TOGETHER, len(others) // jobs))
        parts = [others[i : i + size] for i in range(0, len(others), size)]
        waiting = [pool.submit(_several, part) for part in parts]
        there = (verification for part in waiting for verification in part.result())
        for path in paths:
            yield here[path] if path in here else next(there)
    except BrokenProcessPool:
        raise DeriveError("derive verify", "a process that judged was stopped", "give fewer --jobs") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(jobs: int, network: Network, manner: Manner, judge: Judging) -> ProcessPoolExecutor:
    """Processes that judge: copies of this one where that is safe, which saves to load and to work everything again."""
    import multiprocessing
    from concurrent.futures.process import ProcessPoolExecutor

    methods = multiprocessing.get_all_start_methods()
    if "fork" in methods and sys.platform == "linux":
        gc.freeze()  # what is here is not looked through there, which would copy it
        return ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _judge.append, (judge,))
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin, (network, manner))


def _begin(network: Network, manner: Manner) -> None:
    _judge.append(_judging(network, manner))


def _several(paths: Sequence[str]) -> list[Verification]:
    return [_judge[-1](path) for path in paths]


def _judging(network: Network, manner: Manner) -> Judging:
    from derive.verification.examine import Examiner

    examiner = Examiner(network)
    return lambda path: _verification(examiner, path, manner)


def _verification(examiner: Examiner, path: str, manner: Manner) -> Verification:
    from derive.verification.judgement import Verification
    from derive.verification.reading.own_names import NO_OWN_NAMES

    name = STANDARD_NAME if path == STANDARD else path
    try:
        read = read_claims(path)
        own = manner.own or NO_OWN_NAMES
        found = examiner.examine(read.text, read.kind, name, strict=manner.strict, decimal=manner.decimal, own=own)
        found = replace(found, file_parts=read.file_parts)
        return found.portable(formulas=manner.formulas, states=manner.states)
    except DeriveError as error:
        return Verification(name, "", (), error.problem, error.hint)
    except (RecursionError, MemoryError):
        return Verification(name, "", (), "is too deep or too large to be judged", "write it in steps")
