"""Options of the whole test run."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--refresh``: accept what the program writes now as the committed documents."""
    parser.addoption("--refresh", action="store_true", help="rewrite the committed documents in output/")
