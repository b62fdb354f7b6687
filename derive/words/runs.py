"""Runs of text, before any format: sentences by their keys, the author's words, formulas and links.

A sentence is a :class:`Say`: the key of a sentence in ``templates/wording`` and the facts that it needs.
A formula is :class:`Tex`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, TypeAlias

from derive.records import record


class Tex(str):
    """TeX of a formula, without delimiters. Where a fact of a sentence is Tex, it is set as a formula."""

    __slots__ = ()


@record
class Say:
    """A sentence: ``Say("forward.loss", {"loss": Tex("E")})``."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@record
class Link:
    """Words that lead to a web address; where ``bare`` they are that address as the author wrote it."""

    text: str
    url: str
    bare: bool = False


@record
class Words:
    """The author's own words, literally; formulas among them are :class:`Tex`."""

    parts: tuple[str | Tex | Link, ...]


Text: TypeAlias = Say | Words
Cell: TypeAlias = Say | Words | Tex | str
