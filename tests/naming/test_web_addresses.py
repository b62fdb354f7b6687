"""Web addresses in an author's words: found whole, kept in every character, and nothing else becomes a link."""

from __future__ import annotations

import json
import re
import time
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from derive import network, specification
from derive.naming.web_addresses import WebAddress, addresses, is_web
from derive.render.document import notes

READER = MarkdownIt("commonmark")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See https://x.org/a_(b).", ["https://x.org/a_(b)"]),
        ("(https://x.org/a_(b)), [http://x.org/[1]]; x", ["https://x.org/a_(b)", "http://x.org/[1]"]),
        ("Is it https://x.org/a?b=c&d=e_f*g~h#i_j? Yes!", ["https://x.org/a?b=c&d=e_f*g~h#i_j"]),
        ("“https://x.org/ü”, «http://x.org/中文»", ["https://x.org/ü", "http://x.org/中文"]),
        ('<https://x.org/a_b> "https://x.org/c"', ["https://x.org/a_b", "https://x.org/c"]),
        ("*https://x.org/a* _https://x.org/b_c_", ["https://x.org/a", "https://x.org/b_c"]),
        ("https://x.org/a*b* and https://x.org/c_", ["https://x.org/a*b*", "https://x.org/c_"]),
        ("www.x.org/~me, and www.x.org.", ["www.x.org/~me", "www.x.org"]),
        ("Source:HTTPS://X.org/A...", ["HTTPS://X.org/A"]),
        ("https://[::1]:8000/x http://localhost:8888/tree", ["http://localhost:8888/tree"]),
        ("https://x.org/E.T.", ["https://x.org/E.T."]),  # nothing stands around it: all of it is the address
        ("xhttps://x.org, https:// and http://. javascript:alert(1) data:text/html,x", []),
        ("mailto:me@www.x.org, www.x, ftp://x.org, //x.org, file:///etc/passwd", []),
        ("https://x.org/" + "a" * 3000, []),
    ],
)
def test_what_is_an_address(text: str, shown: list[str]) -> None:
    runs = list(addresses(text))
    assert [run.shown for run in runs if isinstance(run, WebAddress)] == shown
    assert "".join(run if isinstance(run, str) else run.shown for run in runs) == text
    assert all(is_web(run.target) and run.target.isascii() for run in runs if isinstance(run, WebAddress))


@pytest.mark.parametrize(
    "text",
    [
        "https://x.org/" + ")" * 99_999,
        "https://a" * 20_000 + " ",
        "www." + "a." * 50_000 + " ",
        "https://x.org/a " * 9_999,
    ],
)
def test_long_texts_take_no_time(text: str) -> None:
    start = time.process_time()
    assert "".join(run if isinstance(run, str) else run.shown for run in addresses(text)) == text
    assert time.process_time() - start < 5


GRAPH = {"title": "T", "graph": {"values": {"x": 3}, "nodes": {"f": "x*x"}}}


def document(to: str, **words: object) -> str:
    return notes(network.build(specification.loads(json.dumps({**GRAPH, **words}), format="json")), to=to)


def links(markdown: str) -> list[tuple[str, str]]:
    """What a reader of Markdown shows as links: text and address."""
    found = []
    for token in READER.parse(markdown):
        children = token.children or []
        for i, child in enumerate(children):
            if child.type == "link_open":
                assert children[i + 2].type == "link_close"
                found.append((children[i + 1].content, str(child.attrs["href"])))
    return found


@pytest.mark.parametrize(
    "address",
    [
        "https://en.wikipedia.org/wiki/Back_propagation_(x)?a=b&c=d*e~f#g",
        "https://x.org/~me/p_q#a_1",
        "https://x.org/a[1]!b'c,d;e=f@g:h+i",
        "https://x.org/%7Eme%20x",
        "https://x.org/__a__/**b**/~~c~~/a_",
        "http://x.org/--/../a",
    ],
)
def test_markdown_keeps_every_character(address: str) -> None:
    text = document("markdown", source=address, remarks=[f"See {address}, or ({address}); $x$ and <{address}>]."])
    assert text.count(f"<{address}>") == 4
    assert [unquote(shown) for shown, _ in links(text)] == [unquote(address)] * 4  # this reader shows %20 as a space
    assert not re.search(r"https?://\S*\\", text)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://x.org/$a$b", "https://x.org/%24a%24b"),
        ("https://x.org/{a}|b^c`d\\e", "https://x.org/%7Ba%7D%7Cb%5Ec%60d%5Ce"),
        ("https://x.org/50%", "https://x.org/50%25"),
        ("www.x.org/~me/a_*b*_", "http://www.x.org/~me/a_*b*_"),
    ],
)
def test_what_cannot_stand_in_an_address_is_encoded_in_the_link_only(address: str, target: str) -> None:
    typed = address.replace("$", r"\$")
    text = document("markdown", remarks=[f"See {typed} here."])
    assert links(text) == [(address, target)]
    assert not re.search(r"(https?://|www)\S*\\", text)
    assert json.loads(document("json", remarks=[typed]))["sections"][-1]["blocks"][0]["text"] == [
        {"link": address, "url": target}
    ]


def test_a_source_with_its_address() -> None:
    source = {"text": "A *first* [course], 50%", "url": "https://x.org/a_(b)?c&d=50%25#e~f"}
    assert links(document("markdown", source=source)) == [(source["text"], source["url"])]
    assert r"Source: \href{https://x.org/a\_(b)?c\&d=50\%25\#e\~f}{A *first* [course], 50\%}" in document(
        "latex", source=source
    )
    data = json.loads(document("json", source=source))
    assert data["source"] == source
    assert data["sections"][0]["blocks"][1]["text"] == [
        {"text": "Source: "}, {"link": source["text"], "url": source["url"]},
    ]  # fmt: skip
    assert json.loads(document("json", source="plain"))["source"] == "plain"


def test_addresses_in_latex() -> None:
    text = document("latex", remarks=["See https://x.org/a_1#b%20c, or www.x.org/" + "0123456789" * 4 + "."])
    assert r"\href{https://x.org/a\_1\#b\%20c}{https://\allowbreak{}x.\allowbreak{}org/\allowbreak{}a\_" in text
    assert r"\href{http://www.x.org/0123" in text
    assert r"012345\nolinebreak[2]{}678901\nolinebreak[2]{}234567" in text  # a long word may be broken, too


def test_only_the_web_is_linked() -> None:
    words = "javascript:alert(1) data:text/html,<b> ftp://x.org/a file:///etc/passwd mailto:me@x.org"
    text = document("markdown", source=words, remarks=[words])
    assert links(text) == []
    assert r"\href" not in document("latex", source=words, remarks=[words])


def test_a_formula_beside_an_address() -> None:
    r"""A dollar in an address is written ``\$``, as anywhere."""
    text = document("markdown", remarks=[r"From $x^2$ to https://x.org/\$x\$ and $x$."])
    assert "From $x^{2}$ to [https://x.org/&#36;x&#36;](<https://x.org/%24x%24>) and $x$." in text
