"""Options of the whole test run: ``--refresh``, and how many processes share the work."""

from __future__ import annotations

import contextlib
import gc
import os

import pytest

from tests.support.program import compiled_once

os.environ.setdefault("SYMPY_CACHE_SIZE", "30000")  # by far not all that the tests ask of SymPy fits in its usual 1000

with contextlib.suppress(ImportError):
    from hypothesis import settings

    # the same examples in every run: what one run finds, the next one must not pass over
    settings.register_profile("fixed", derandomize=True, database=None)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

APART = ("--pdb", "--trace", "--collect-only", "--co", "-s", "--refresh", "--durations")
"""With these options one process runs all: its output, or its state, is what is asked for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--refresh``: accept what the program writes now as the committed documents."""
    parser.addoption("--refresh", action="store_true", help="rewrite the committed documents in output/")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """The whole suite runs on all cores, file by file, where pytest-xdist is there and nothing else is asked for."""
    options = config.option
    if "PYTEST_XDIST_WORKER" in os.environ or not config.pluginmanager.hasplugin("xdist"):
        return
    os.environ.update(compiled_once())  # for the workers, which compile the tests
    if options.numprocesses is not None or options.dist != "no":
        return
    everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    alone = any(word.startswith(APART) for word in config.invocation_params.args)
    if everything and not alone and cores() > 1:
        options.numprocesses, options.dist = cores(), "loadfile"
        options.loadscopereorder = False  # in their own order: the quick ones come last, and no core waits for another


LONG = ("test_wheel.py", "test_github.py", "test_documents.py", "test_heavy.py")
"""Files whose slow tests take as long as those by outside tools."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, TeX before all: else one core would do it when the others are done."""
    items.sort(
        key=lambda item: (
            "outside" not in item.path.parts and item.path.name not in LONG,
            not item.path.name.startswith("test_tex"),
        )
    )


def pytest_collection_finish() -> None:
    """What is there when the tests begin stays to the end: not to be searched for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(500_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """What a file of tests leaves behind goes with it: a few numbers of a million bits fill gigabytes."""
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()  # what is left is kept for more than a file: caches, which every search would walk through


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
