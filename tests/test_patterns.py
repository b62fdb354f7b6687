"""Patterns are compiled when they are first used, and every one of them can be."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import pytest

import derive
from derive.patterns import regex

NAMES = sorted(found.name for found in walk_packages(derive.__path__, "derive.") if "__main__" not in found.name)


def test_a_pattern_is_what_re_makes_of_it() -> None:
    late = regex("(?P<one>[a-z])=", 0)
    assert late.pattern == "(?P<one>[a-z])="
    assert dict(late.groupindex) == {"one": 1}
    assert late.flags == late.search("a=").re.flags  # type: ignore[union-attr]
    assert late.sub("x", "a=b=") == "xx"


@pytest.mark.parametrize("module", NAMES)
def test_all_patterns_of_a_module_can_be_compiled(module: str) -> None:
    kind = type(regex(""))
    for name, value in vars(import_module(module)).items():
        if isinstance(value, kind):
            assert value.groups >= 0, name
