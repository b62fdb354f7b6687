"""The author's words appear literally, whatever they hold: as a reader of Markdown sees them, in LaTeX, in JSON.

Markdown is read by a parser of CommonMark, tables included. LaTeX is read back by the table below: every command that an
escaped text may hold, and what it prints; anything else in it fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from derive import DeriveError, network, specification
from derive.render.document import Press, notes

FORMULA = r"50% & a_b {{ 7*7 }} <b> \input{x} $"
HOSTILE = (
    FORMULA,
    r"~^\{}[]()#*_|`",
    "`code` ``more`` ```",
    "${7*7} #{7*7} {{7*7}} {% raw %} {# no #} <% x %> << title >> <# no #> ((* x *)) \\VAR{x}",
    "$$x$$ and $y",
    r"\(x\) and \[y\] and \$5",
    "<script>alert('x')</script> <!-- no --> <img src=x onerror=y> </p>",
    "&amp; &lt; &#35; &copy; &nbsp;",
    "*a* **b** _c_ __d__ ~~e~~ ==f== ^g^ a*b*c x__y__z",
    "[link](http://example.org) ![image](x.png) [ref][1] [^1] <http://example.org> @someone",
    r"\\ \n \begin{document} \end{document} \write18{ls} ^^41 \csname x\endcsname",
    "# no heading",
    "- no item",
    "+ no item",
    "1. no item",
    "2) no item",
    "> no quote",
    "| a | b |",
    "--- no rule",
    "***",
    "===",
    "~~~ no fence",
    ": no definition",
    "% no comment",
    "[x]: http://example.org",
    "a -- b --- c ... 'd' \"e\" ``f'' ,,g ?` !` <<h>>",
    "naïve Ångström œuvre – — “quoted” ‘so’ … € § ± ½ ŷ ≈ α Ω ∂ 中文 日本 Привет שלום 🎉",
    "no\u00a0break soft\u00adhyphen thin\u2009space",
    "e\u0301 o\u0308 combining",
    "word" * 90,
    "a" * 40 + "_" * 40 + "*" * 40 + "\\" * 40,
)
PLAIN = """title = {title}
author = {author}
date = {date}
source = {source}
question = {question}
meaning = {{ x = {meaning} }}
remarks = [{first}, {second}]
differs = [{{ says = {first}, is = {second}, effect = {first} }}]
[graph.values]
x = 3
[graph.nodes]
f = "x^2"
"""
READER = MarkdownIt("commonmark").enable("table")
ids = [f"{k}: {text[:24]}" for k, text in enumerate(HOSTILE)]


@cache
def document(text: str, to: str) -> str:
    words, marked = (json.dumps(each, ensure_ascii=False) for each in (text, typed(text)))  # JSON strings are TOML's
    toml = PLAIN.format(title=marked, author=words, date=words, source=words, first=marked, second=marked,
                        question=marked, meaning=words)  # fmt: skip
    return PRESSES[to].notes(network.build(specification.loads(toml)))


PRESSES = {to: Press(to=to) for to in ("markdown", "latex", "json")}


def typed(text: str) -> str:
    """The text as it is typed in a title or remark, where dollars open formulas: a last one before no letter opens none."""
    alone = text.count("$") == 1 and not re.search(r"\\\$|\$[a-z]", text)
    return text if alone else text.replace("$", r"\$")


HEAD = ("the source says", "correct is", "effect")

# Markdown

APART = {"<span>", "</span>"}
"""Around a dollar of the text that stands beside another one."""


@pytest.mark.parametrize("text", HOSTILE, ids=ids)
def test_markdown(text: str) -> None:
    tokens = READER.parse(document(text, "markdown"))
    kinds = {token.type for token in every(tokens)}
    assert "link_open" not in kinds or "http://example.org" in text  # source and remarks may link to an address
    assert {token.attrs["href"] for token in every(tokens) if token.type == "link_open"} <= {"http://example.org"}
    assert {token.content for token in every(tokens) if token.type == "html_inline"} <= APART
    assert not kinds & {"html_block", "em_open", "blockquote_open", "hr", "fence",
                        "code_block", "code_inline", "s_open", "ordered_list_open"}  # fmt: skip
    assert [token.attrs["src"] for token in every(tokens) if token.type == "image"] == ["notes-graph.svg"]
    assert lists(tokens) == ["Answers"]
    heading, *blocks = (shown(token) for token in tokens if token.type == "inline")
    assert heading == text
    assert blocks[0] == f"{text}, {text}"
    introduction = blocks[1 : blocks.index("The graph")]
    assert introduction[0] == "The question"
    assert introduction[1].startswith(f"{text} At the starting values, ")
    assert introduction[2].endswith(f": {text}")
    assert blocks[blocks.index("The graph") + 1].endswith(f" stands for {text}.")
    assert blocks[-9:] == [text, text, "Where the source differs", *HEAD, text, text, text]


def lists(tokens: list[Token]) -> list[str]:
    """What stands right before each list of bullets."""
    before = [tokens[place - 2] for place, token in enumerate(tokens) if token.type == "bullet_list_open"]
    return [token.content for token in before]


def every(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from every(token.children or [])


def shown(token: Token) -> str:
    """The letters of a paragraph, as they are shown."""
    seen = [child for child in token.children or [] if child.content not in APART or child.type != "html_inline"]
    return "".join("\n" if child.type == "softbreak" else child.content for child in seen)


@pytest.mark.parametrize("text", HOSTILE, ids=ids)
def test_no_dollar_is_left_open(text: str) -> None:
    """GitHub, Jupyter and pandoc find formulas before they read Markdown: a dollar of the author is never one of theirs."""
    lines = document(text, "markdown").splitlines()
    dollars = [re.findall(r"(?<!\\)(?:\\\\)*\$", line) for line in lines]
    assert all(len(found) % 2 == 0 for found in dollars)
    if "$" in text:
        without = [line for line in lines if line.startswith("Source: ")] + lines[lines.index("## Remarks") :]
        assert not any(re.search(r"(?<!\\)(?:\\\\)*\$", line) for line in without)


# LaTeX

PRINTS = {
    r"\textbackslash{}": "\\", r"\{": "{", r"\}": "}", r"\$": "$", r"\&": "&", r"\#": "#", r"\%": "%", r"\_": "_",
    r"\textasciicircum{}": "^", r"\textasciitilde{}": "~", r"\textless{}": "<", r"\textgreater{}": ">",
    r"\ensuremath{|}": "|", r'\string"': '"', r"\`{}": "`", r"\allowbreak{}": "", r"\nolinebreak[2]{}": "", "~": "\u00a0", r"\/": "",
    r"\ensuremath{\approx}": "≈", r"\ensuremath{\alpha}": "α", r"\ensuremath{\Omega}": "Ω", r"\ensuremath{\partial}": "∂",
    r"\ensuremath{\pm}": "±", r"\^{y}": "ŷ",
    r"\oe{}": "œ", r"\textquotedblleft{}": "“", r"\textquotedblright{}": "”",
    r"\textquoteleft{}": "‘", r"\textquoteright{}": "’",
    r"\dots{}": "…", r"\S{}": "§",
}  # fmt: skip
"""What the commands of an escaped text print."""
CODE = re.compile(r"\\texttt\{U\+([0-9A-F]{4,6})\}")
LINK = re.compile(r"\\href\{http://example\.org\}\{([^{}]*(?:\{\}[^{}]*)*)\}")
SPECIAL = set("\\{}$&#%_^~")


@pytest.mark.parametrize("text", HOSTILE, ids=ids)
def test_latex(text: str) -> None:
    source, wanted = document(text, "latex"), text.replace("\u2009", " ")  # a thin space is a space
    for command in ("title", "author", "date"):
        assert printed(argument(source, command)) == wanted
    opening, taken_from = paragraphs_of(source, "The question")
    assert printed(opening.partition(" At the starting values, ")[0]) == wanted
    assert printed(taken_from.partition(": ")[2]) == wanted
    given = paragraphs_of(source, "The graph")[0].partition(" stands for ")[2].rpartition(".\n\\[")[0]
    assert printed(given) == wanted
    assert list(map(printed, paragraphs_of(source, "Remarks"))) == [wanted, wanted]
    cells = source.split("\\midrule\n")[-1].split(" \\\\\n")[0]
    assert list(map(printed, re.split(r" (?<!\\)& ", cells))) == [wanted] * 3


def paragraphs_of(source: str, title: str) -> list[str]:
    """The paragraphs of a section of LaTeX."""
    body = source.split(rf"\section{{{title}}}")[1].split(r"\section{", maxsplit=1)[0]
    return [paragraph.strip() for paragraph in re.split(r"\n\s*\n", body) if paragraph.strip()]


def argument(source: str, command: str) -> str:
    """The argument of a command in the preamble."""
    found = re.search(rf"^\\{command}\{{(.*)\}}$", source, re.MULTILINE)
    assert found is not None
    return found[1]


def printed(escaped: str) -> str:
    """What an escaped text prints, by the table above."""
    escaped = LINK.sub(r"\1", escaped)
    place, letters = 0, []
    while place < len(escaped):
        if code := CODE.match(escaped, place):
            letters.append(chr(int(code[1], 16)))
            place = code.end()
            continue
        known = next((c for c in PRINTS if escaped.startswith(c, place)), "")
        letter = escaped[place]
        assert known or letter not in SPECIAL, f"{escaped[place : place + 20]!r} is not known"
        letters.append(PRINTS[known] if known else letter)
        place += len(known) or 1
    return "".join(letters)


@pytest.mark.parametrize("text", HOSTILE, ids=ids)
def test_no_ligature_joins_the_author_s_signs(text: str) -> None:
    """Two hyphens are not a dash, and ?` is not ¿."""
    title = argument(document(text, "latex"), "title")
    assert not re.search(r"--|''|,,|<<|>>|\?`|!`|``", title)


# JSON


@pytest.mark.parametrize("text", HOSTILE, ids=ids)
def test_json(text: str) -> None:
    data = json.loads(document(text, "json"))
    assert [data["title"], data["author"], data["date"], data["source"]] == [text] * 4
    blocks = {section["key"]: section["blocks"] for section in data["sections"]}
    remarks = (block["text"] for block in blocks["remarks"])
    heading, question, source, *last = (
        "".join(run.get("link", "") or run.get("text", "") for run in runs)
        for runs in (data["heading"], blocks["introduction"][0]["text"][:-1], blocks["introduction"][1]["text"],
                     *remarks, *blocks["differs"][0]["rows"][0])
    )  # fmt: skip
    assert source == f"Source: {text}"
    assert question.startswith(text)
    assert [heading, *last] == [text] * 6


# What is refused, and what is a formula


@pytest.mark.parametrize(
    "control", ["\x00", "\x07", "\x0e", "\x0f", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\n", "\r"]
)
@pytest.mark.parametrize("field", ["title", "author", "date", "source", "question", "meaning", "remarks", "differs"])
def test_control_characters_are_refused(field: str, control: str) -> None:
    """They fence our tokens, and no reader would show them."""
    value = json.dumps(f"a{control}1b")
    if control == "\n" and field == "remarks":
        pytest.skip("a remark may have several lines")
    written = {"remarks": f"[{value}]", "meaning": f"{{ x = {value} }}", "differs": f'[{{ says = {value}, is = "b" }}]'}
    toml = f'{field} = {written.get(field, value)}\n[graph.values]\nx = 3\n[graph.nodes]\nf = "x^2"\n'
    with pytest.raises(DeriveError, match=field):
        specification.loads(toml)


def test_the_lines_of_a_remark_begin_nothing() -> None:
    """A remark of several lines is a paragraph, or several where blank lines stand between them."""
    lines = ["one", "- two", "# three", "1. four", "", "> five"]
    toml = PLAIN.format(
        title='"t"', author='"a"', date='"d"', source='"s"', first='"f"', second='"x"', question='"q"', meaning='"m"'
    ).replace('remarks = ["f"', f"remarks = [{json.dumps(chr(10).join(lines))}")
    tokens = READER.parse(notes(network.build(specification.loads(toml))))
    paragraphs = [shown(token) for token in tokens if token.type == "inline"]
    assert " ".join(lines[:4]) in paragraphs
    assert lines[-1] in paragraphs
    assert not {token.type for token in tokens} & {"ordered_list_open", "blockquote_open"}
    assert lists(tokens) == ["Answers"]


def formula(text: str) -> str:
    words = json.dumps(text)
    plain = PLAIN.format(title=words, author=words, date='"d"', source=words, first=words, second='"r"',
                         question=words, meaning=words)  # fmt: skip
    return notes(network.build(specification.loads(plain)))


def test_a_formula_in_words() -> None:
    """In the title, the question, remarks and differences; source, author and meaning are plain text."""
    text = formula("$x^2$")
    assert text.startswith("# $x^{2}$\n")
    assert text.count(r"<span>\$</span>x\^2<span>\$</span>") == 3  # author, source, meaning
    assert text.count("$x^{2}$") == 5


@pytest.mark.parametrize(
    "inside", [r"\input{x}", r"\write18{ls}", r"\def\x{y}", r"\href{http://x}{y}", "<b>", "a & b", "%"]
)
def test_what_is_no_formula_is_refused(inside: str) -> None:
    with pytest.raises(DeriveError, match="title") as caught:
        formula(f"${inside}$")
    for place in ("question", "remarks[1]", "differs[1].says", "differs[1].effect"):
        assert f"{place}: " in str(caught.value)
