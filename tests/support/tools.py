"""Outside tools, which must be there in CI."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

TOOLS_REQUIRED = bool(os.environ.get("DERIVE_REQUIRE_TOOLS"))
"""In CI every outside tool must be there: what would be skipped fails."""


def need_tool(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails where tools are required."""
    path = shutil.which(name)
    return path or missing(f"{name} is not installed")


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where tools are required."""
    if TOOLS_REQUIRED:
        pytest.fail(f"{reason}, and DERIVE_REQUIRE_TOOLS is set")
    pytest.skip(reason)
