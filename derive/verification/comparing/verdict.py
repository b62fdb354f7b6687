"""The verdicts, and why a claim has the one that it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, TypeAlias

from derive.records import record

Verdict: TypeAlias = Literal["holds", "rounding", "follows", "wrong", "unreadable"]
VERDICTS: tuple[Verdict, ...] = ("holds", "rounding", "follows", "wrong", "unreadable")


@record
class Reason:
    """Why a claim is judged as it is: ``key`` of the wording, with its facts."""

    key: str
    facts: Mapping[str, str] = field(default_factory=dict)
