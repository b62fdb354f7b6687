"""Every bad spec gets one clear message, quickly."""

from __future__ import annotations

import time

import pytest

from derive import specification
from derive.errors import DeriveError
from tests.support.specification.bad_specs import BAD_SPECS
from tests.support.specification.spoilt import GOOD_GRAPH, GOOD_NETWORK, Bad


@pytest.mark.parametrize("text", [GOOD_NETWORK, GOOD_GRAPH])
def test_the_specs_that_are_spoilt_are_good(text: str) -> None:
    specification.loads(text)


def test_there_are_many_bad_specs_each_with_its_own_name() -> None:
    assert len({bad.name for bad in BAD_SPECS}) == len(BAD_SPECS) >= 60


@pytest.mark.parametrize("bad", BAD_SPECS, ids=lambda bad: bad.name)
def test_message(bad: Bad) -> None:
    content = bad.content
    start = time.process_time()
    with pytest.raises(DeriveError) as caught:
        specification.loads(content, f"bad.{bad.format}", bad.format)  # type: ignore[arg-type]
    assert time.process_time() - start < 5
    message = str(caught.value)
    for fragment in bad.says:
        assert fragment in message
    assert message.startswith(f"bad.{bad.format}: ")
    assert len(message) < 5_000
    assert all(character.isprintable() or character == "\n" for character in message)
