"""A made-up language: the English wording with every letter of its sentences replaced, and a comma in its numbers.

What is still English in a document that was written in it did not come from the wording.
"""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment

from derive.words.templates_path import bundled_templates

LANGUAGE = "xx"
LETTER = "ö"
NUMBERS = r"""
{% block decimal_mark %},{% endblock %}
{% block group %}{% endblock %}
{% block minus %}-{% endblock %}
{% block power %}\cdot{% endblock %}
"""
_LETTERS = re.compile(r"[A-Za-z]")
_BEFORE_A_VALUE = ("==", "!=", "[")
"""After these a string is compared or looked up, and is not said."""


def marked(text: str) -> str:
    """A wording file with its sentences marked; tags, names and formulas as they are."""
    parts: list[str] = []
    before = ""
    tokens = list(Environment(autoescape=True).lex(text))
    for i, (_, kind, value) in enumerate(tokens):
        if kind == "data":
            parts.append(_LETTERS.sub(LETTER, value))
        elif kind == "string":
            after = "".join(token[2] for token in tokens[i + 1 : i + 4]).lstrip()
            kept = before.endswith(_BEFORE_A_VALUE) or after.startswith(("|math", "]")) or "\\" in value
            kept = kept or "10^" in value or _is_key(before, after)
            parts.append(value if kept else _LETTERS.sub(LETTER, value))
        else:
            parts.append(value)
        before = (before + value)[-8:].rstrip()
    return "".join(parts)


def _is_key(before: str, after: str) -> bool:
    """Whether a string is a key of a table in braces: ``{"a": 1}``."""
    return before.endswith(("{", ",")) and after.startswith(":")


def write(folder: Path) -> Path:
    """The language, as a folder of templates."""
    place = folder / "wording" / LANGUAGE
    place.mkdir(parents=True)
    for path in sorted((bundled_templates() / "wording" / "en").glob("*.j2")):
        text = NUMBERS if path.stem == "numbers" else marked(path.read_text("utf-8"))
        (place / path.name).write_text(text, "utf-8")
    return folder
