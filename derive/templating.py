"""The one way in which the package makes Jinja environments: strict, compact, errors as :class:`DeriveError`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import jinja2

from derive.errors import DeriveError

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


def environment(
    folders: Sequence[Path],
    delimiters: Mapping[str, str] = ORDINARY,
    finalize: Callable[[object], object] | None = None,
    *,
    trim: bool = True,
) -> jinja2.Environment:
    """An environment that searches these folders in order and refuses undefined names.

    ``trim``: a line with nothing but a block tag leaves no line behind.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=trim,
        lstrip_blocks=trim,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - each format escapes its runs of text itself
        auto_reload=False,
        finalize=finalize,
        **delimiters,  # type: ignore[arg-type]
    )


def find(searched: jinja2.Environment, name: str) -> jinja2.Template | None:
    """The template of that name, None where there is none; a mistake in it is a :class:`DeriveError`."""
    try:
        return searched.get_template(name)
    except jinja2.TemplateNotFound:
        return None
    except jinja2.TemplateSyntaxError as error:
        raise DeriveError(f"{error.filename or name}: line {error.lineno}", str(error.message)) from error
