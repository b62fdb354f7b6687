"""Documents as text: the four formats of a page, literal text, own templates, fragments."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from derive import DeriveError, network, specification
from derive.network import Network
from derive.render.document import notes

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = r"50% & a_b {{ 7*7 }} <b> \input{x} $"
MARKDOWN = r"50% \& a_b \{\{ 7\*7 \}\} \<b\> \\input\{x\} \$"
LATEX = r"50\% \& a\_b \{\{ 7*7 \}\} \textless{}b\textgreater{} \textbackslash{}input\{x\} \$"
GRAPH = """
title = {title}
author = {title}
date = {title}
source = {title}
remarks = [{title}]
[graph.values]
x = 3
[graph.nodes]
f = "x^2"
"""


def example(name: str) -> Network:
    return network.build(specification.load(ROOT / "examples" / f"{name}.toml"))


def hostile(text: str = HOSTILE) -> Network:
    return network.build(specification.loads(GRAPH.replace("{title}", f"'{text}'")))


@pytest.mark.parametrize(("to", "literal"), [("markdown", MARKDOWN), ("latex", LATEX), ("json", HOSTILE)])
def test_text_appears_literally(to: str, literal: str) -> None:
    """Title, author, date, source and remarks: each is the author's text and nothing else."""
    text = notes(hostile(), to=to).replace(r"<span>\$</span>", r"\$")  # author and date share a line
    escaped = json.dumps(literal)[1:-1] if to == "json" else literal
    assert text.count(escaped) >= 5
    assert "49" not in text.replace(escaped, "")


def test_remarks_have_formulas() -> None:
    built = hostile(r"the slope $df/dx = 2*x$ costs 5 \$ or \$ 6")
    assert r"the slope $\frac{\partial f}{\partial x} = 2x$ costs 5 <span>\$</span> or <span>\$</span> 6" in notes(
        built
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("η", r"\eta"),
        ("α", r"\eta"),
        ("μ", r"\eta"),
        ("δ1_1", r"\delta_{1}^{1}"),
        ("σ'(z)", r"\sigma'(z)"),
        ("sigma'(z)", r"\sigma'(z)"),
        ("relu'(z)", r"\mathop{\mathrm{ReLU}'}(z)"),
        ("tanh'(z1_1)", r"\tanh'(z_{1}^{1})"),
        ("∂ŷ/∂z1_1", r"\frac{\partial \hat{y}}{\partial z_{1}^{1}}"),
        (
            "w1_11′ = w1_11 - η*∂E/∂w1_11",
            r"{w_{11}^{1}}^{+} = w_{11}^{1} - \eta\mathpunct{}\frac{\partial E}{\partial w_{11}^{1}}",
        ),
    ],
)
def test_remarks_know_every_spelling_of_a_quantity(written: str, shown: str) -> None:
    text = f"""
remarks = ["See ${written}$."]
[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = 0.5
[[data]]
x = [1]
t = [1]
"""
    assert f"See ${shown}$." in notes(network.build(specification.loads(text)))


def test_prices() -> None:
    """The last dollar before a digit is one; two of them would be a formula."""
    assert "\ncosts \\$5\n" in notes(hostile("costs $5"))
    assert "\ncosts <span>\\$</span>5 and <span>\\$</span>6\n" in notes(hostile(r"costs \$5 and \$6"))
    with pytest.raises(DeriveError, match=r"remarks\[1\]: \$5 and \$: a formula neither begins nor ends with a space"):
        hostile("costs $5 and $6")


@pytest.mark.parametrize("start", ["- ", "1. ", "+ ", "# ", "> ", "= "])
def test_a_remark_is_no_list(start: str) -> None:
    lines = notes(hostile(f"{start}text")).splitlines()
    assert not any(line.startswith(start + "text") for line in lines)


def test_json_is_the_document_as_data() -> None:
    data = json.loads(notes(example("three_inputs"), to="json"))
    assert data["title"] == "Three inputs, one output"
    keys = [section["key"] for section in data["sections"]]
    assert keys == [
        "introduction", "network", "derivatives", "forward", "backward", "backward.gradient_z",
        "backward.gradient_x", "backward.gradient_y", "backward.all", "update", "helped", "checked", "summary", "mistakes",
        "answers", "remarks", "differs",
    ]  # fmt: skip
    displays = [block for section in data["sections"] for block in section["blocks"] if block["kind"] == "display"]
    assert {"left", "relation", "right"} <= displays[0]["rows"][0].keys()
    assert "\x0e" not in json.dumps(data, ensure_ascii=False)


def test_fragment_has_no_preamble() -> None:
    text = notes(example("three_inputs"), to="latex", fragment=True)
    assert r"\documentclass" not in text
    assert r"\begin{document}" not in text
    first, group, rest = text.split("\n", 2)
    assert first.startswith("% needs: ")
    assert group.startswith(r"\begingroup")  # what it sets ends with it
    commands, _, body = rest.partition("\n")
    assert commands == r"\providecommand{\texorpdfstring}[2]{#1}"  # for the formulas in headings
    assert body.startswith(r"\section{Three inputs, one output}")
    assert rest.endswith("\n\\endgroup\n")


def test_no_tokens_are_left() -> None:
    for to in ("markdown", "latex"):
        assert not any(character < " " and character != "\n" for character in notes(example("mazur"), to=to))


def test_own_words(tmp_path: Path) -> None:
    """A folder of templates may say one sentence in other words, and lay out one block otherwise."""
    (tmp_path / "wording" / "en").mkdir(parents=True)
    (tmp_path / "wording" / "en" / "forward.j2").write_text("{% block title %}Vorwärts & weiter{% endblock %}")
    (tmp_path / "markdown").mkdir()
    (tmp_path / "markdown" / "note.j2").write_text("NOTE {{ block.text }}\n")
    text = notes(example("dead_relu"), templates=tmp_path)
    assert r"## Vorwärts \& weiter" in text
    assert "NOTE $z_{2}^{1}$ is exactly at the kink" in text
    assert "## Backward pass" in text
    assert "## Forward pass" in notes(example("dead_relu"))


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("wording/en/forward.j2", "{% block title %}{{ nobody }}{% endblock %}"),
        ("wording/en/forward.j2", "{% block title %}{% endif %}{% endblock %}"),
        ("wording/en/forward.j2", "{% block title %}{{ 1|nofilter }}{% endblock %}"),
        ("markdown/paragraph.j2", "{{ block.text.nothing }}"),
        ("markdown/paragraph.j2", "{% for %}"),
        ("markdown/document.j2", "{{ title + 1 }}"),
    ],
)
def test_a_wrong_template_is_one_message(tmp_path: Path, file: str, content: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(content)
    with pytest.raises(DeriveError):
        notes(example("three_inputs"), templates=tmp_path)


def test_a_missing_sentence_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", copy)
    (copy / "wording" / "en" / "summary.j2").write_text("{% block title %}End{% endblock %}")
    monkeypatch.setattr("derive.render.document.bundled_templates", lambda: copy)
    with pytest.raises(DeriveError, match=r"summary\.opening"):
        notes(example("three_inputs"))


@pytest.mark.parametrize(("style", "fits"), [("graph", True), ("routes", True), ("delta", False), ("matrix", False)])
def test_styles_of_a_graph(style: str, *, fits: bool) -> None:
    if fits:
        assert notes(example("fan_out"), style=style)
    else:
        with pytest.raises(DeriveError, match="layers"):
            notes(example("fan_out"), style=style)


def test_show_chooses_what_is_worked() -> None:
    text = notes(example("pass_or_fail"), show=["w1_23", "b2_1"])
    assert "### The weight $w_{23}^{1}$\n" in text
    assert "### The weight $w_{11}^{2}$\n" not in text


@pytest.mark.parametrize("name", ["z1_1", "w9_1_1", "nobody", "E"])
def test_show_wants_parameters(name: str) -> None:
    with pytest.raises(DeriveError):
        notes(example("pass_or_fail"), show=[name])
