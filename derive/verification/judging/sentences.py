"""Sentences that stand in a judgement itself, because programs read them: hints and notes, as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from derive.words.runs import Say
from derive.words.templates_path import bundled_templates
from derive.words.voice import Span, Voice


@cache
def _voice() -> Voice:
    """One for all, because its sentences take longer to load than to say."""
    return Voice([bundled_templates()])


def sentence(say: Say) -> str:
    """A sentence as plain text."""
    return _plain(_voice().spans(say))


@cache
def of_a_report(key: str, **facts: str) -> str:
    """A sentence of the report, with these facts in it."""
    return sentence(Say(f"report.{key}", facts))


def _plain(spans: Sequence[object]) -> str:
    parts = []
    for span in spans:
        assert isinstance(span, Span)
        parts.append(span.content if isinstance(span.content, str) else _plain(span.content))
    return "".join(parts)


__all__ = ["of_a_report", "sentence"]
