"""Files of claims, judged: one after the other, or several at once in processes of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from derive.commands.claims import read_claims
from derive.commands.common import STANDARD_NAME
from derive.commands.files import STANDARD
from derive.errors import DeriveError

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    from derive.network import Network
    from derive.verification.examine import Examiner
    from derive.verification.judgement import Verification
    from derive.verification.reading import Decimal

MAX_JOBS = 256
"""At most this many processes judge at once."""
Judging = Callable[[str], "Verification"]
_judge: list[Judging] = []
"""In a process of its own: what judges there."""


def judged(
    network: Network, paths: Sequence[str], jobs: int, *, strict: bool, decimal: Decimal = "auto"
) -> Iterator[Verification]:
    """Every file, judged, in their order; one that cannot be read does not stop the others.

    Raises:
        DeriveError: where a process was stopped from outside.
    """
    if min(jobs, len(paths)) < 2:
        yield from map(_judging(network, strict, decimal), paths)
        return
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    first = [path for path in paths if path == STANDARD]
    here = {path: _judging(network, strict, decimal)(path) for path in first}  # standard input is this process's
    pool = ProcessPoolExecutor(min(jobs, len(paths)), _context(), _begin, (network, strict, decimal))
    try:
        waiting = {path: pool.submit(_one, path) for path in paths if path not in here}
        for path in paths:
            yield here[path] if path in here else waiting[path].result()
    except BrokenProcessPool:
        raise DeriveError("derive verify", "a process that judged was stopped", "give fewer --jobs") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _context() -> BaseContext:
    """A copy of this process where that is safe, which saves to load and to work everything again."""
    import multiprocessing

    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if "fork" in methods and sys.platform == "linux" else "spawn")


def _begin(network: Network, strict: bool, decimal: Decimal) -> None:
    _judge.append(_judging(network, strict, decimal))


def _one(path: str) -> Verification:
    return _judge[0](path).portable()


def _judging(network: Network, strict: bool, decimal: Decimal) -> Judging:
    from derive.verification.examine import Examiner

    examiner = Examiner(network)
    return lambda path: _verification(examiner, path, strict, decimal)


def _verification(examiner: Examiner, path: str, strict: bool, decimal: Decimal) -> Verification:
    from derive.verification.judgement import Verification
    from derive.verification.reading import kind_of

    name = STANDARD_NAME if path == STANDARD else path
    try:
        return examiner.examine(read_claims(path), kind_of(path), name, strict=strict, decimal=decimal)
    except DeriveError as error:
        return Verification(name, "", (), error.problem, error.hint)
    except (RecursionError, MemoryError):
        return Verification(name, "", (), "is too deep or too large to be judged", "write it in steps")
