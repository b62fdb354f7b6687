"""A document in another language has no English in it and no decimal point, in every style and format."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from derive import load, loads, network, specification
from derive.errors import DeriveError
from derive.network import Network
from derive.render.document import Press, document, notes
from derive.render.formats import FORMATS
from derive.words.number_format import NumberFormat
from tests.support.lesson.pages import styles_of
from tests.support.marked_language import LANGUAGE, write
from tests.support.program import Ran
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof")

Derive = Callable[..., Ran]
WORD = re.compile(r"[A-Za-z]{2,}")
POINT = re.compile(r"[0-9]\.[0-9]")
FUNCTIONS = {"diag", "softmax", "ReLU", "LReLU", "ELU", "gelu", "softplus", "swish", "sign", "min", "max"}
"""Names of functions that are the same in every language."""
GROUP = re.compile(r"\\(?:text|mathrm|operatorname)\{([^{}]*)\}")
"""Where words stand in a formula."""
EXAMPLES = {path.stem: path for path in sorted((ROOT / "examples").glob("*.toml"))}
VARIANTS = {
    "large": """
[network]
inputs = 12
loss = {name = "huber", delta = 1.5}
[[network.layers]]
units = 14
activation = {name = "leaky_relu", slope = 0.02}
weights = {random = "normal", mean = 0, std = 0.5, decimals = 2, seed = 1}
shared_bias = true
[[network.layers]]
units = 3
activation = "gelu"
train_weights = false
weights = {random = "normal", mean = 0, std = 0.5, decimals = 2, seed = 2}
[[network.layers]]
units = 2
activation = {name = "swish", expression = "z*sigmoid(z)"}
weights = 0.3
biases = false
[[data]]
x = [1,2,3,4,5,6,7,8,9,10,11,12345.5]
t = [1, 0]
[[data]]
x = [0,0,0,0,0,0,0,0,0,0,0,0]
t = [0.5, 0]
[[data]]
x = [1,-2,3,-4,5,6,-7,8,9,10,11,12]
t = [0.5, 0]
[training]
learning_rate = 0.1
iterations = 3
batch_size = 2
reduction = "sum"
[conventions]
update_order = "sequential"
""",
    "kinks": """
[graph]
output = "g"
[graph.values]
x = 0
y = 0
z = 1.5
u = 30
[graph.nodes]
a = "relu(x) + max(x, y) + abs(y)*min(x,y,z)"
b = "leaky_relu(x, 0.1)*z + elu(y, 1)"
c = "tanh(u)*sigmoid(-u) + log10(z) + gelu(z) + softplus(z)"
g = "a*b + c*exp(-u)"
[training]
learning_rate = 0.25
iterations = 2
[numbers]
decimals = 12
""",
    "hinge": """
[network]
inputs = 2
loss = "hinge"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0,0],[0,0]]
[[network.layers]]
units = 2
activation = "identity"
weights = [[0.5,0.5],[1,1]]
[[data]]
x = [1, 2]
t = [1, -1]
[training]
learning_rate = 50
[numbers]
rounding = "step"
[notation]
preset = "bias_unit"
""",
}
"""Much that the examples have not: kinks, ties, dead and frozen units, layers in turn, rounding at each step."""
AUTHOR = re.compile(
    r'^(title|source|question|meaning|author|date|remarks|differs) = (\[.*?^\]|\[.*?\]|\{.*?\}|".*?")\n',
    re.MULTILINE | re.DOTALL,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("language"))


def without_words(name: str) -> Network:
    """An example without its author's words."""
    text = VARIANTS[name] if name in VARIANTS else AUTHOR.sub("", EXAMPLES[name].read_text("utf-8"))
    return network.build(specification.loads(f'title = "ö"\nlanguage = "{LANGUAGE}"\n{text}'))


def runs(data: Any) -> Iterator[tuple[str, str]]:
    """Every run of text and formula of a document given as data."""
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str) and key in {"text", "math", "code", "left", "right", "title"}:
                yield ("text" if key in {"text", "title"} else "code" if key == "code" else "math"), value
            elif key not in {"style", "key", "kind"}:
                yield from runs(value)
    elif isinstance(data, list):
        for each in data:
            yield from runs(each)


@pytest.mark.parametrize("name", [*EXAMPLES, *VARIANTS])
def test_no_english_and_no_point_in_the_data(name: str, folder: Path) -> None:
    net = without_words(name)
    for style in styles_of(net):
        said = list(runs(json.loads(notes(net, to="json", style=style, templates=folder))))
        assert len(said) > 50
        for kind, text in said:
            assert not POINT.search(text), (style, text)
            words = {"math": " ".join(GROUP.findall(text)), "code": "", "text": text}[kind]
            assert set(WORD.findall(words)) <= FUNCTIONS, (style, text)


@pytest.mark.parametrize("to", ["markdown", "latex"])
@pytest.mark.parametrize("name", ["mazur", "pass_or_fail", "dead_relu", "three_inputs"])
def test_no_english_and_no_point_in_the_text(name: str, to: str, folder: Path) -> None:
    net = without_words(name)
    for style in styles_of(net):
        for width in (None, "90mm"):
            text = notes(net, to=to, style=style, templates=folder, width=width)
            body = text.partition(r"\maketitle")[2] if to == "latex" else text
            assert "{,}" in body
            assert "ö" in body
            formulas, words = parted(labels_only(body))
            assert not POINT.search(formulas + DIMENSION.sub("", words)), (style, width)
            assert set(WORD.findall(" ".join(GROUP.findall(formulas)))) <= FUNCTIONS, (style, width)
            assert not WORD.findall(COMMAND.sub(" ", words)), (style, width)


@pytest.mark.parametrize("name", ["pass_or_fail", "dead_relu", "sigmoid_neuron", "momentum"])
def test_no_english_and_no_point_in_figures(name: str, folder: Path) -> None:
    """Networks, routes, a kink, a graph and curves, with what is said of them to who cannot see them."""
    files = document(without_words(name), templates=folder).files
    said = {figure: spoken(content.decode()) for figure, content in files.items()}
    assert all(any("ö" in text for text in each) for each in said.values())
    texts = [text for each in said.values() for text in each]
    assert any("," in text for text in texts)
    assert not [text for text in texts if POINT.search(text) or not set(WORD.findall(text)) <= FUNCTIONS]


def spoken(svg: str) -> list[str]:
    """The title of a drawing, its description and its labels."""
    parts = ET.fromstring(svg).iter()  # noqa: S314 - ours
    return [" ".join(part.itertext()) for part in parts if part.tag.endswith(("}title", "}desc", "}text"))]


MATH = re.compile(r"\$\$.*?\$\$|\\\[.*?\\\]|\$[^$]*\$", re.DOTALL)
DIMENSION = re.compile(r"\\renewcommand\{\\arraystretch\}\{1\.(?:05|15|3)\}|\[[ct]\]\{0\.[0-9]+\\linewidth\}")
COMMAND = re.compile(
    r"\\(?:begin|end)\{\w+\}(?:\[[ct]\])?(?:\{(?:@\{\})?[lcrp]+(?:@\{\})?\})?|\\def\\@captype\{figure\}|\\setlength\{\\tabcolsep\}\{3pt\}|\\refstepcounter\{table\}|\\[A-Za-z]+|:?-+:?\||(?<=\}\{)delta"
)
"""What is for the typesetter alone."""


PICTURE = re.compile(r"\\begin\{tikzpicture\}.*?\\end\{tikzpicture\}", re.DOTALL)
LABEL = re.compile(r"^\\node\[.*?\] at \(.*?\) \{(.*)\};$", re.MULTILINE)
PLACE = re.compile(r"(?<=\])\(\w+-[\w-]+\.svg\)|\[!h[tp]\]|\\begin\{minipage\}\[t\]\{0\.49\\linewidth\}")
"""The file of a figure, and where one stands on a page."""


def labels_only(text: str) -> str:
    """A document with its figures as readers see them: labels and captions, no lengths and no names of files."""
    return PICTURE.sub(lambda picture: "\n".join(LABEL.findall(picture[0])), PLACE.sub("", text))


def parted(text: str) -> tuple[str, str]:
    """The formulas of a document, and what stands around them."""
    return " ".join(MATH.findall(text)), MATH.sub(" ", text)


@pytest.mark.parametrize("to", FORMATS)
def test_english_and_another_language_from_one_press(to: str, folder: Path) -> None:
    """The language of each spec counts, and the text of one is never filled for another."""
    press = Press(to=to, templates=folder)
    english, other = load(EXAMPLES["mazur"]), without_words("mazur")
    first, second = press.notes(english), press.notes(other)
    assert press.notes(english) == first == notes(english, to=to)
    assert press.notes(other) == second
    assert "{,}" not in first
    assert "{,}" in second


def test_the_command_line_and_the_spec_choose_the_language(derive: Derive, folder: Path, tmp_path: Path) -> None:
    spec = '{}[graph.values]\nx = 0.5\ny = -4\n[graph.nodes]\nf = "x*y"\n'
    (tmp_path / "en.toml").write_text(spec.format(""))
    (tmp_path / "xx.toml").write_text(spec.format('language = "xx"\n'))
    by_option = derive("notes", "en.toml", "--language", "xx", "--templates", folder, "-o", "-")
    by_spec = derive("notes", "xx.toml", "--templates", folder, "-o", "-")
    assert by_option.status == by_spec.status == 0
    assert "0{,}5" in by_option.out
    assert by_option.out.partition("\n")[2] == by_spec.out.partition("\n")[2]
    back = derive("notes", "xx.toml", "--language", "en", "-o", "-")
    assert back.out.partition("\n")[2] == derive("notes", "en.toml", "-o", "-").out.partition("\n")[2]


def test_one_sign_may_be_changed_by_a_folder_of_ones_own(tmp_path: Path) -> None:
    """Whatever the sentence is made of; the other signs are ours."""
    (tmp_path / "wording" / "en").mkdir(parents=True)
    (tmp_path / "wording" / "en" / "numbers.j2").write_text('{% block power %}{{ "\\\\cdot" }}{% endblock %}')
    net = loads('[graph.values]\nx = 0.5\n[graph.nodes]\nf = "x^30"\n')
    text = notes(net, templates=tmp_path)
    assert r"9.313 \cdot 10^{-10}" in text
    assert r"\times 10^" not in text


def test_a_language_that_is_not_there(derive: Derive, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('language = "xx"\n[graph.values]\nx = 2\n[graph.nodes]\nf = "x*x"\n')
    for argv in (("notes", "s.toml"), ("notes", "s.toml", "--language", "de")):
        ran = derive(*argv)
        assert ran.status == 2
        assert "there is no wording in" in ran.err
        assert "known: en" in ran.err
        assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("tag", ["..", "../en", "e", "en/../en", "en ", "", "é é", "a-b-", "en_US", "-en"])
def test_a_language_is_a_tag(tag: str, derive: Derive, tmp_path: Path) -> None:
    with pytest.raises(DeriveError, match="language"):
        loads(f'language = "{tag}"\n[graph.values]\nx = 2\n[graph.nodes]\nf = "x*x"\n')
    (tmp_path / "s.toml").write_text('[graph.values]\nx = 2\n[graph.nodes]\nf = "x*x"\n')
    ran = derive("notes", "s.toml", f"--language={tag}")
    assert (ran.status, ran.out) == (2, "")
    assert "is no language" in ran.err


COMMA = NumberFormat(",", "\u202f", "−", r"\cdot")


@pytest.mark.parametrize(
    ("plain", "comma"),
    [
        ("0.5", "0{,}5"),
        ("(-0.0477)(7)", "(-0{,}0477)(7)"),
        (r"4.5 \times 10^{-5}", r"4{,}5 \cdot 10^{-5}"),
        (r"4 \times 3", r"4 \times 3"),
        ("12345", r"12\,345"),
        ("4321.12345", "4321{,}12345"),
        ("1234567.5", r"1\,234\,567{,}5"),
        ("w^{1}_{43}", "w^{1}_{43}"),
        ("\x0e123456\x0f + 0.25", "\x0e123456\x0f + 0{,}25"),
        ("\x0e1\x0f.", "\x0e1\x0f."),
        ("f(0.5, 1.5).", "f(0{,}5; 1{,}5)."),
        (r"\max(0, \x0e1\x0f) = 0.5", r"\max(0; \x0e1\x0f) = 0{,}5"),
        (r"\min\bigl(a, \max(b, 2)\bigr), k = 1, 2", r"\min\bigl(a; \max(b; 2)\bigr), k = 1, 2"),
        (r"+\, 0.5, b) + (c\, d), e", r"+\, 0{,}5; b) + (c\, d), e"),
        ("z^{1}_{2,5} + (w_{1,2})", "z^{1}_{2,5} + (w_{1,2})"),
    ],
)
def test_numbers_in_formulas(plain: str, comma: str) -> None:
    assert COMMA.tex(plain) == comma
    assert NumberFormat().tex(plain) == plain


@pytest.mark.parametrize(
    ("plain", "comma"), [("0.5", "0,5"), ("-12345.25", "−12\u202f345,25"), ("7", "7"), ("v1.2", "v1.2"), ("", "")]
)
def test_numbers_among_words(plain: str, comma: str) -> None:
    assert COMMA.text(plain) == comma
    assert NumberFormat().text(plain) == plain
