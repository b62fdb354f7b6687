"""The delimiters of Jinja in templates."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ORDINARY: Mapping[str, str] = MappingProxyType({})
FOR_TEX: Mapping[str, str] = MappingProxyType(
    {
        "block_start_string": "<%",
        "block_end_string": "%>",
        "variable_start_string": "<<",
        "variable_end_string": ">>",
        "comment_start_string": "<#",
        "comment_end_string": "#>",
    }
)
"""Delimiters for TeX, whose own ``{{`` and ``{#`` would be taken for Jinja's."""
