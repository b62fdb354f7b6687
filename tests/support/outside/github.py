"""What GitHub's reader of Markdown (cmark-gfm) leaves of a document for its reader of formulas.

It knows nothing of dollars: what it takes for Markdown between them is lost to the formula.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options

from tests.support.outside.markdown import formulas

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\x00]+?)\$", re.DOTALL)
QUOTE = re.compile(r"^ *(?:> ?)+", re.MULTILINE)
FENCED = re.compile(r"^( *)(`{3,}|~{3,}).*?^ *\2 *$", re.MULTILINE | re.DOTALL)
ROW_END = re.compile(r"\\\\[ \t]*\n")
INLINE = frozenset("em strong del a img br".split())
APART = "\x00"
"""Where a block or an element ends: a dollar is not joined with one beyond it."""
BEFORE, AFTER = re.compile(r"[\s(\[\"*|>“]"), re.compile(r"[^\w]")
LONGEST = 1000


class _Text(HTMLParser):
    """The text of a page without code, tags of inline Markdown left in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.code = 0

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.code += tag in ("code", "pre")
        self.parts.append(f"<{tag}>" if tag in INLINE else APART)

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in ("code", "pre")
        self.parts.append(f"</{tag}>" if tag in INLINE else APART)

    def handle_data(self, data: str) -> None:
        self.parts.append("" if self.code else data)


def left_by_github(text: str) -> list[str]:
    """The formulas between dollars after Markdown was read."""
    page = _Text()
    page.feed(cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))  # it keeps `<span>`
    page.close()
    return [found[1] or found[2] for found in FORMULA.finditer("".join(page.parts))]


def plain(formula: str) -> str:
    """Without what GitHub makes good: spaces, and a backslash of the two that end a source line."""
    return " ".join(ROW_END.sub("\\\\\n", formula).split())


def written(text: str) -> list[str]:
    """The formulas of a document as they were written; quotes are read like the rest."""
    return [formula.tex for formula in formulas(FENCED.sub("", QUOTE.sub("", text)))]


def faults(text: str) -> list[str]:
    """What a reader on GitHub or Gitea would not see as it was written."""
    asked, got = written(text), left_by_github(text)
    found = [f"{a} became {b}" for a, b in zip(asked, got, strict=False) if plain(a) != plain(b)]
    found += [f"{len(asked)} formulas, {len(got)} of them left"] * (len(asked) != len(got))
    return found + too_long(text) + touching(text)


def too_long(text: str) -> list[str]:
    """Displayed formulas of so many characters that Gitea shows their source."""
    shown = QUOTE.sub("", text)
    return [f"{len(block)} characters: {block[:60]}" for block in shown.split("$$")[1::2] if len(block) >= LONGEST]


def touching(text: str) -> list[str]:
    """Formulas in a sentence with a letter or digit at one of their dollars."""
    prose = re.sub(r"(`+).+?\1", " ", FENCED.sub("", QUOTE.sub("", text)))
    prose = re.sub(r"\$\$.+?\$\$", " ", prose, flags=re.DOTALL).replace("\\$", " ")
    inside = re.finditer(r"\$[^$\n]+\$", prose)
    beside = (
        (found[0], prose[max(found.start() - 1, 0) : found.start()] + prose[found.end() :][:1]) for found in inside
    )
    return [f"touched: {formula}" for formula, signs in beside if re.search(r"\w", signs)]
