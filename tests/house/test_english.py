"""No English stands in code that writes documents: what a page says is in ``templates/wording``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.repository import ROOT

ROOMS = ("lesson", "figures", "render", "words", "verification/reports")
FILES = sorted(path for room in ROOMS for path in (ROOT / "derive" / room).rglob("*.py"))
WORD = re.compile(r"[*(]*[A-Za-z]{2,}[,;:!?.)*]*")
IN_FORMULA = re.compile(r"\\(?:text|mathrm)\{[A-Za-z]{2,}")
COMMAND = re.compile(r"\\(?:begin|end|operatorname)\{[A-Za-z]*\}?|\\[A-Za-z]+")
PATTERN = re.compile(r"\(\?|\[\^|\\[swdb]|\]\+|\*\?|\{% block")
"""What only regular expressions have."""
ALLOWED = {
    "desk.py": {"unit "},  # the name of a constant unit, which no page shows
    "figures.py": {"unit "},
    "local_gradients.py": {" by "},  # the name of a local gradient, likewise
    "graph.py": {"local "},
    "routes.py": {" by "},
    "escape.py": {"alpha beta gamma"},  # the letters of TeX
    "signs.py": {"alpha α", "ell ℓ", "ln exp"},  # its commands
    "label_parts.py": {"left right bigl"},
    "styles.py": {"node by node", "one parameter at", "δ of every", "the four equations"},  # for the command line
    "formats.py": {"Callable["},  # types
    "voice.py": {": the sentence "},  # where the mistake of a template is
    "svg.py": {"px ", " middle"},  # what SVG and CSS are written in
    "tikz.py": {"pt, inner sep", "base west", "dash pattern"},  # and TikZ
    "tex_packages.py": {"% needs"},  # a comment of TeX for who puts the fragment into a document
}
"""What no document says, by file: how the strings begin, or all of them."""
ERRORS = ("DeriveError", "ValueError", "TypeError", "FileNotFoundError")
"""Messages are for the command line, and stay where their reasons are."""


def strings(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Every string of the code with its line, and whether it is a part of a longer one; no docstrings, no messages."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {id(part) for node in ast.walk(tree) for part in _not_said(node)}
    for node in ast.walk(tree):
        inside = isinstance(node, ast.JoinedStr)
        for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in skipped:
                skipped.add(id(part))
                yield part.lineno, part.value, inside


def _not_said(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    named = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ERRORS
    if isinstance(node, ast.Raise) or named:
        yield from ast.walk(node)
    if isinstance(node, ast.FunctionDef) and node.name in ("__repr__", "_refused"):
        yield from ast.walk(node)


def english(text: str, *, inside: bool) -> bool:
    """Whether a string holds prose: words beside each other, in a formula, or (``inside`` an f-string) beside a value."""
    if PATTERN.search(text):
        return False
    words = [word for word in COMMAND.sub(" ", text).split() if WORD.fullmatch(word)]
    beside = inside and bool(words) and bool(re.search(r"^ | $", text))
    return len(words) > 1 or beside or bool(IN_FORMULA.search(text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT / "derive").as_posix())
def test_no_english_in_code(path: Path) -> None:
    allowed = tuple(ALLOWED.get(path.name, ()))
    found = [
        f"{path.name}:{line}: {text!r}"
        for line, text, inside in strings(path)
        if english(text, inside=inside) and not text.startswith(allowed or ("\0",))
    ]
    assert not found, f"move it to templates/wording: {found}"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('x = say("forward.loss")', []),
        ('x = f"Iteration {n}, row {m}"', ["Iteration ", ", row "]),
        ('x = f"**Line {n}: {v}**"', ["**Line "]),
        ('x = f"{a} of {b}"', [" of "]),
        ('x = "the other rows"', ["the other rows"]),
        ('x = f"verdict_{v}"', []),
        (r'x = rf"\text{{if }} {z}"', [r"\text{if } "]),
        (r'x = rf"\frac{{\partial {a}}}{{\partial {b}}}"', []),
        ('def f():\n    "Two words."\n    raise ValueError("two words")', []),
        (r'x = r"\begin{bmatrix} " + r" \end{bmatrix}"', []),
    ],
)
def test_the_test_finds_it(code: str, found: list[str], tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(code, encoding="utf-8")
    assert [text for _, text, inside in strings(tmp_path / "code.py") if english(text, inside=inside)] == found


def test_what_is_allowed_is_there() -> None:
    by_name: dict[str, list[str]] = {}
    for path in FILES:
        by_name.setdefault(path.name, []).extend(text for _, text, _ in strings(path))
    for name, beginnings in ALLOWED.items():
        for beginning in beginnings:
            assert any(text.startswith(beginning) for text in by_name[name]), (name, beginning)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates").rglob("*.j2")), ids=lambda path: path.parent.name + path.name
)
def test_no_english_in_the_layout(path: Path) -> None:
    """Templates of blocks hold commands and marks, no words."""
    if "wording" in path.parts:
        return
    text = re.sub(r"<%.*?%>|<<.*?>>|<#.*?#>|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|(?<!\\)%.*", " ", path.read_text("utf-8"))
    body = text.rpartition(r"\begin{document}")[2]
    plain = re.sub(r"\\(?:begin|end)\{[a-z*]+\}|\\@?[A-Za-z]+|\{[^{} ]*\}|\b[0-9.]+(?:pt|em|mm)\b", " ", body)
    assert set(re.findall(r"[A-Za-z]{3,}", plain)) <= {"plus", "section"}, path.name
