"""The one way in which the package makes Jinja environments: strict, compact, errors as :class:`DeriveError`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import CodeType
from typing import Any, TypeAlias

import jinja2

from derive.errors import DeriveError
from derive.words.delimiters import ORDINARY
from derive.words.templates_path import bundled_templates

Codes: TypeAlias = dict[tuple[object, ...], CodeType]
"""What was compiled, by the text of a template and what else it depends on."""
_CODES: Codes = {}
_COMPILED_HERE: Codes = {}
_MAX_CODES = 4_000
"""At most this many compiled templates are kept."""


class _Environment(jinja2.Environment):
    """Compiles a text once in a process: most of a document's time would go into compiling the same sentences again.

    What is compiled depends on the delimiters and options only; filters and ``finalize`` are looked up when it runs.
    """

    is_bundled = False
    """Whether all its templates are our own."""

    def compile(
        self, source: Any, name: Any = None, filename: Any = None, raw: Any = False, defer_init: Any = False
    ) -> Any:
        if raw or not isinstance(source, str):
            return super().compile(source, name, filename, raw, defer_init)
        options = (self.block_start_string, self.variable_start_string, self.trim_blocks, self.finalize is None)
        key = (source, name, filename, *options)
        if key not in _CODES:
            if len(_CODES) >= _MAX_CODES:
                _CODES.clear()
                _COMPILED_HERE.clear()
            _CODES[key] = super().compile(source, name, filename)
            if self.is_bundled:
                _COMPILED_HERE[key] = _CODES[key]
        return _CODES[key]


def know(codes: Codes) -> None:
    """Take what was compiled before."""
    _CODES.update(codes)


def compiled_here() -> Codes:
    """What was compiled of our own templates."""
    return _COMPILED_HERE


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
    found = _Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in folders]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=trim,
        lstrip_blocks=trim,
        keep_trailing_newline=True,
        autoescape=False,  # each format escapes its runs of text itself
        auto_reload=False,
        optimized=False,  # a sentence is said so seldom that folding its constants does not pay
        finalize=finalize,
        **delimiters,  # type: ignore[arg-type]
    )
    found.is_bundled = tuple(folders) == (bundled_templates(),)
    return found


def find(searched: jinja2.Environment, name: str) -> jinja2.Template | None:
    """The template of that name, None where there is none; a mistake in it is a :class:`DeriveError`."""
    try:
        return searched.get_template(name)
    except jinja2.TemplateNotFound:
        return None
    except jinja2.TemplateSyntaxError as error:
        raise _refused(name, error) from error


def compiled(searched: jinja2.Environment, name: str, text: str, path: str | None) -> jinja2.Template:
    """The template of a part of a file; a mistake in it is a :class:`DeriveError`."""
    try:
        template = searched.from_string(text)
    except jinja2.TemplateSyntaxError as error:
        error.filename = path
        raise _refused(name, error) from error
    template.name, template.filename = name, path
    return template


def rendered(template: jinja2.Template, facts: Mapping[str, Any]) -> str:
    """The text of a template; a mistake in it (or in what it includes) is a :class:`DeriveError`."""
    try:
        return template.render(facts)
    except (jinja2.TemplateError, TypeError) as error:
        raise _refused(str(template.name), error) from error


def said(name: str, block: Callable[[Any], Iterable[str]], context: Any) -> str:
    """The text of one block of a template; a mistake in it is a :class:`DeriveError`."""
    try:
        return "".join(block(context))
    except (jinja2.TemplateError, TypeError) as error:
        raise _refused(name, error) from error


def _refused(name: str, error: Exception) -> DeriveError:
    where = name
    if isinstance(error, jinja2.TemplateSyntaxError):
        where = f"{error.filename or name}: line {error.lineno}"
    return DeriveError(where, str(error), "mend the template, or leave --templates out")
