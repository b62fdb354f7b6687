"""A format that the program does not have, as a newcomer would write it: an entry, its functions and one template."""

from __future__ import annotations

import html
import re
from pathlib import Path

from derive.lesson.blocks import Figure
from derive.render.export import Drawn, Writer
from derive.render.formats import Format
from derive.words.filling import STEM, TOKEN, Draft, Filling

DOCUMENT = """<link rel="stylesheet" href="look.css">
<h1>{{ title }}</h1>
{% for section in sections %}
<h2>{{ section.title }}</h2>
{% for block in section.blocks %}
{% if block.kind == "display" %}
{% for row in block.rows %}
<div>{{ row.left }} {{ row.relation }} {{ row.right }} {{ row.reason }}</div>
{% endfor %}
{% elif block.kind == "table" %}
<table><caption>{{ block.caption }}</caption>
{% for row in [block.head] + block.rows %}
<tr>{% for cell in row %}<td>{{ cell }}{% endfor %}

{% endfor %}
</table>
{% elif block.kind == "bullets" %}
{% for item in block["items"] %}
<li>{{ item }}
{% endfor %}
{% elif block.kind == "figure" %}
<img src="{{ block.source }}" alt="{{ block.description }}" title="{{ block.title }}">
{% else %}
<p class="{{ block.kind }}">{{ block.text }}</p>
{% endif %}
{% endfor %}
{% endfor %}
"""
"""All of the layout in one file; a format may as well have a file for each kind of block, as ours have."""
NUMBER = re.compile(r"-?[0-9.]+")


def number(tex: str) -> str:
    """A number as an element, anything else as it is."""
    return NUMBER.sub(lambda found: f"<mn>{found[0]}</mn>", html.escape(tex))


def drawn(writer: Writer, figure: Figure) -> Drawn:
    """A list of the labels as a file of text, whose numbers are plain."""
    name = f"{STEM}-{figure.name}.txt"
    lines = [f"{node.name}: {' '.join(node.beside)}" for node in figure.drawing.nodes]
    files = {name: Draft("\n".join(lines)), f"{STEM}-{figure.name}.png": Draft(b"\x89PNG\x0e0\x0f")}
    return Drawn({"source": name}, {**files, "look.css": Draft("h1 { margin: 0 }")})


PAGES = Format(
    "pages",
    "Pages",
    ("pages", "pgs"),
    text=html.escape,
    math=html.escape,
    display=html.escape,
    filling=Filling(TOKEN, write=number, address=lambda name: name.replace(" ", "%20")),
    marks={"math": ("<i>", "</i>"), "strong": ("<b>", "</b>"), "em": ("<em>", "</em>"), "code": ("<tt>", "</tt>")},
    draw=drawn,
)


def templates(folder: Path) -> Path:
    """The format's layout, written into a folder."""
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "document.j2").write_text(DOCUMENT, encoding="utf-8")
    return folder
