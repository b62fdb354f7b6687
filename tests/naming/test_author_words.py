r"""The author's words: formulas between dollars in titles and remarks, dollars that are dollars."""

from __future__ import annotations

import json

import pytest

from derive import DeriveError, network, specification
from derive.naming.author_words import as_typed
from derive.render.document import notes
from derive.words.escape import markdown_math

LAYERED = """
title = {title}
remarks = [{remark}]
[network]
inputs = ["x1", "x2"]
loss = "binary_cross_entropy"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.2, -0.4], [0.7, 0.1]]
biases = [0.1, -0.3]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.6, -0.5]]
biases = [0.2]
[[data]]
x = [1.5, -2]
t = [1]
[training]
learning_rate = 0.1
"""


def built(remark: str, title: str = "T", more: str = "") -> network.Network:
    return network.build(specification.loads(LAYERED.format(title=json.dumps(title), remark=json.dumps(remark)) + more))


def shown(remark: str, more: str = "", to: str = "latex") -> str:
    """The remark as it stands in the document."""
    text = notes(built(f"Here {remark}", more=more), to=to)
    return next(line for line in text.splitlines() if line.startswith("Here ")).removeprefix("Here ")


@pytest.mark.parametrize(
    ("words", "tex"),
    [
        ("$w1_1_2$", "$w^{1}_{12}$"),
        (r"$\hat{y} = 0.5$", r"$\hat{y} = 0.5$"),
        (r"$w^{1}_{43}$", "$w^{1}_{43}$"),
        (r"$\theta_j \approx 1$", None),
        ("$n$", "$n$"),
        ("$w_i$", "$w_i$"),
        (r"$\text{loss} <= 1/2$", r"$\text{loss} \le \frac{1}{2}$"),
        (r"$\delta^{(l)} = \mathrm{out} * z'$", r"$\delta^{(l)} = \mathrm{out} * z'$"),
        ("$[W]$", "${[}W]$"),
        ("$x_1$ and $b2_1$.", "$x_1$ and $b^{2}_{1}$."),
        (r"\$5 and \$7", r"\$5 and \$7"),
        ("$5 a piece", r"\$5 a piece"),
        ("5 $", r"5 \$"),
        (r"a\b \$", r"a\textbackslash{}b \$"),
        ("no formula: a_b <c> & 50%", r"no formula: a\_b \textless{}c\textgreater{} \& 50\%"),
    ],
)
def test_words(words: str, tex: str | None) -> None:
    if tex is None:
        with pytest.raises(DeriveError, match=r"remarks\[1\]"):
            shown(words)
    else:
        assert shown(words) == tex


def test_signs_of_markdown_in_words() -> None:
    assert shown(r"a_b *c* <b> & $x1$ [d](e) \$5", to="markdown") == (
        r"a_b \*c\* \<b\> \& $x_1$ \[d\](e) <span>\$</span>5"
    )


def test_formulas_are_in_the_notation_of_the_spec() -> None:
    more = '[notation]\npreset = "bracketed"\nweight = "\\\\theta"\nactivation = "h"\n'
    assert shown("$w1_1_1$, $dE/da1_2$ and $W2$", more) == (
        r"$\theta^{[1]}_{11}$, $\frac{\partial E}{\partial h^{[1]}_{2}}$ and $\Theta^{[2]}$"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (r"$\frac{1}{2}$", (r"$\frac{1}{2}$ is no formula: the command \frac is not allowed", "write a/b")),
        (r"$\thet_1$", (r"the command \thet is not allowed", r"did you mean \theta?")),
        ("${w$", ("a brace is opened and not closed", "add '}'")),
        ("$w}$", ("a brace is closed that was not opened",)),
        ("$w^1^2$", ("two '^' in a row",)),
        ("see $w1_1_1 here", ("a formula is opened and not closed", "add '$'", r"a plain dollar is \$")),
        (r"see $\theta", ("a formula is opened and not closed",)),
        ("from $5 to $7", ("$5 to $: a formula neither begins nor ends with a space", r"a plain dollar is \$")),
        ("$5-$7", ("a digit follows the formula", r"a plain dollar is \$")),
        ("$$x$$", ("nothing stands between the dollars",)),
        ("$ $", ("nothing stands between the dollars",)),
        ("$w3_1_1$", ("'w3_1_1': the network has 2 layers",)),
        ("$w1_9_1$", ("layer 1 has 2 units",)),
        ("$= 5$", ("nothing stands before '='", "write both sides")),
        ("$~x$", ("nothing stands before '~'",)),
        ("$x <$", ("nothing stands after '<'",)),
        ("$a & b$", ("'&' is not allowed",)),
        (r"$a \\ b$", (r"'\\' is not allowed",)),
        (r"$a\$b$", ("is not allowed",)),
        (r"$\input{x}$", (r"the command \input is not allowed",)),
    ],
)
def test_what_is_no_formula(words: str, says: tuple[str, ...]) -> None:
    """With the file, the field and the mend; in the title as in remarks."""
    for field, built_with in (("remarks[1]", {"remark": words}), ("title", {"remark": "r", "title": words})):
        with pytest.raises(DeriveError) as caught:
            built(**built_with)
        message = str(caught.value)
        assert message.startswith(f"<text>: {field}: ")
        for part in says:
            assert part in message


def test_the_title_in_every_format() -> None:
    here = built("r", title=r"How $w1_1_1$ moves: \$5 & $\hat{y}$")
    tex = "$w^{1}_{11}$"
    marked = f"${markdown_math(tex.strip('$'))}$"
    assert notes(here).startswith(rf"# How {marked} moves: <span>\$</span>5 \& $\hat{{y}}$" + "\n")
    assert rf"\title{{How {tex} moves: \$5 \& $\hat{{y}}$}}" in notes(here, to="latex")
    assert rf"\section{{\texorpdfstring{{How {tex} moves" in notes(here, to="latex", fragment=True)
    data = json.loads(notes(here, to="json"))
    assert data["title"] == r"How $w1_1_1$ moves: $5 & $\hat{y}$"
    assert data["heading"] == [
        {"text": "How "}, {"math": "w^{1}_{11}"}, {"text": " moves: $5 & "}, {"math": r"\hat{y}"},
    ]  # fmt: skip
    assert f"**How {marked} moves" in here._repr_markdown_()


def test_a_formula_goes_over_a_line_but_not_over_a_paragraph() -> None:
    assert shown("$w1_1_1 =\n0.2$.") == "$w^{1}_{11} = 0.2$."
    with pytest.raises(DeriveError, match="opened and not closed"):
        built("$w1_1_1 =\n\n0.2$.")


def test_words_where_no_formula_is_set() -> None:
    assert as_typed(r"\$5 \\$ $x$ \a") == r"$5 \$ $x$ \a"


def test_words_with_no_end_of_formulas_are_refused_at_once() -> None:
    with pytest.raises(DeriveError, match=r"title: more than 1,000 formulas"):
        built("r", title="$w1_1_1$ " * 100_000)
    with pytest.raises(DeriveError, match=r"remarks\[1\]: more than 1,000 formulas"):
        built("$x1$ " * 600 + r"\$ " * 1_000)
