"""Text that every reader of a format shows literally: Markdown and LaTeX."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from derive.patterns import regex
from derive.words.markdown_tex import spelled

_MARKDOWN_SPECIAL = regex(
    r"[\\`*{}\[\]<>#|$&~^@]"  # anywhere
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore at the edge of a word (a_b is a word)
    r"|(?<=-)-|(?<=\.)\.(?=\.)|(?<=:):"  # what a smart typesetter would join
)
_ESCAPED_DOLLAR = regex(r"(?<!\\)((?:\\\\)*)\\\$")
_MARKDOWN_START = regex(r"^(\s*)([-+=:%]|\d+(?=[.)]))")
_TEX_SPECIAL: Mapping[str, str] = MappingProxyType(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\ensuremath{|}",
        '"': r'\string"',
        "`": r"\`{}",
        "\u00a0": "~",
    }
)
_TEX_LIGATURE = regex(r"(?<=([-',!?]))(?=\1)")
_TEX_SYMBOLS: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
            "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
            "varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(),
            strict=True,
        )
    )
    | {
        "≈": "approx", "≤": "le", "≥": "ge", "≠": "ne", "→": "to", "←": "leftarrow", "−": "-",
        "×": "times", "∂": "partial", "∇": "nabla", "∞": "infty", "√": "sqrt{}", "∑": "sum",
        "∏": "prod", "∫": "int", "∈": "in", "±": "pm", "÷": "div",
    }
)  # fmt: skip
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_ACCENTS: Mapping[str, str] = MappingProxyType(
    {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
     "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k"}
)  # fmt: skip
_TEX_NAMED: Mapping[str, str] = MappingProxyType(
    {
        "‘": "textquoteleft", "’": "textquoteright", "“": "textquotedblleft", "”": "textquotedblright", "…": "dots",
        "§": "S", "¶": "P", "©": "copyright", "£": "pounds", "ß": "ss", "ł": "l", "Ł": "L", "ı": "i",
        "œ": "oe", "Œ": "OE",
    }
)  # fmt: skip
_UNSAFE = regex(r"[\\^`{}|$]|%(?![0-9A-Fa-f]{2})")
"""What cannot stand in an address between angle brackets, for one reader of Markdown or another."""
_TEX_IN_ADDRESS = regex(r"[%#&_~]")
_ADDRESS_PART = regex(r"[^/.?&=_#;,-]{1,6}[/.?&=_#;,-]*|[/.?&=_#;,-]+")
"""The parts of an address, between which a line may end: rather after a sign than among letters."""
_TEX_KNOWN = regex(r"[\x20-\x7e\u00c0-\u00d6\u00d8-\u00de\u00e0-\u00f6\u00f8-\u00fe–—„‚•†‡€®™°«»¡¿đĐ·¼½¾]")
"""What every LaTeX prints as it stands: ASCII, the letters that T1 fonts have in the places of Latin-1, and signs whose
commands pandoc does not know."""


def markdown_text(text: str) -> str:
    r"""Text that every reader of Markdown shows literally.

    >>> print(markdown_text("50% & a_b {{ 7*7 }} <b> \\input{x} $"))
    50% \& a_b \{\{ 7\*7 \}\} \<b\> \\input\{x\} \$
    """
    return _MARKDOWN_SPECIAL.sub(r"\\\g<0>", text)


def dollars_apart(paragraph: str) -> str:
    r"""A paragraph in which no dollar of the text can be taken for one of a formula.

    Readers that take Markdown first leave a bare dollar of ``\\$``; none looks for its partner across an element.

    >>> print(dollars_apart(r"It costs \$5."), dollars_apart(r"\$5 for $z$"))
    It costs \$5. <span>\$</span>5 for $z$
    """
    return _ESCAPED_DOLLAR.sub(r"\1<span>\\$</span>", paragraph) if paragraph.count("$") > 1 else paragraph


def markdown_start(paragraph: str) -> str:
    r"""A paragraph that cannot be taken for a list, a heading, a rule or (with blanks before it) for code.

    >>> print(markdown_start("1. Then"))
    1\. Then
    """
    paragraph = paragraph.lstrip(" \t")
    mark = _MARKDOWN_START.match(paragraph)
    if mark is None:
        return paragraph
    end = mark.end() if mark[2].isdigit() else mark.start(2)
    return f"{paragraph[:end]}\\{paragraph[end:]}"


def as_entities(text: str) -> str:
    r"""The same without a backslash, which a bare address before it would swallow.

    >>> print(as_entities("a*[b]"))
    a&#42;&#91;b&#93;
    """
    return _MARKDOWN_SPECIAL.sub(lambda sign: f"&#{ord(sign[0])};", text)


def markdown_link(text: str, url: str, bare: bool) -> str:
    r"""A link; ``bare``: of an address that stands as it was written, every character of it.

    >>> print(markdown_link("https://x.org/a_(b)*", "https://x.org/a_(b)*", True))
    <https://x.org/a_(b)*>
    >>> print(markdown_link("www.x.org/~me", "http://www.x.org/~me", True))
    [www.x.org/&#126;me](<http://www.x.org/~me>)
    >>> print(markdown_link("A *", "https://x.org", False))
    [A \*](<https://x.org>)
    """
    if bare and text[:4].lower() == "http" and not _UNSAFE.search(text):
        return f"<{text}>"
    return f"[{as_entities(text) if bare else markdown_text(text)}](<{url}>)"


def latex_link(text: str, url: str, bare: bool) -> str:
    r"""A link of hyperref; an address that is printed may be broken after its signs.

    >>> print(latex_link("https://x.org/a_b#c", "https://x.org/a_b#c", True))
    \href{https://x.org/a\_b\#c}{https://\allowbreak{}x.\allowbreak{}org/\allowbreak{}a\_\allowbreak{}b\#\allowbreak{}c}
    """
    address = _TEX_IN_ADDRESS.sub(r"\\\g<0>", url)
    return rf"\href{{{address}}}{{{_breakable(text) if bare else latex_text(text)}}}"


def _breakable(address: str) -> str:
    *parts, last = _ADDRESS_PART.findall(address)
    ends = (r"\nolinebreak[2]{}" if part[-1].isalnum() else r"\allowbreak{}" for part in parts)
    return "".join(latex_text(part) + end for part, end in zip(parts, ends, strict=True)) + latex_text(last)


def latex_text(text: str) -> str:
    r"""Text that pdflatex and lualatex print literally.

    >>> print(latex_text("50% & a_b {{ 7*7 }} <b> \\input{x} $"))
    50\% \& a\_b \{\{ 7*7 \}\} \textless{}b\textgreater{} \textbackslash{}input\{x\} \$
    >>> print(latex_text("naïve ŷ ≈ 中"))
    naïve \^{y} \ensuremath{\approx} \texttt{U+4E2D}
    """
    return "".join(map(_latex_character, _TEX_LIGATURE.sub("\x00", text)))


def _latex_character(c: str) -> str:
    if c == "\x00":
        return r"\/"
    if c in _TEX_SPECIAL:
        return _TEX_SPECIAL[c]
    if c in _TEX_SYMBOLS:
        name = _TEX_SYMBOLS[c]
        return rf"\ensuremath{{{name if name == '-' else chr(92) + name}}}"
    if c in _TEX_NAMED:
        return rf"\{_TEX_NAMED[c]}{{}}"
    for table, mark in ((_SUPERSCRIPTS, "^"), (_SUBSCRIPTS, "_")):
        if c in table:
            return rf"\ensuremath{{{mark}{{{table[c]}}}}}"
    return c if _TEX_KNOWN.fullmatch(c) else _composed(c)


def _composed(c: str) -> str:
    """An accented letter by TeX's accents, any other character by its code."""
    decomposed = unicodedata.normalize("NFKD", c)
    base, marks = decomposed[0], decomposed[1:]
    if base.isascii() and base.isprintable() and all(mark in _ACCENTS for mark in marks):
        result = _TEX_SPECIAL.get(base, base)
        for mark in marks:
            result = f"\\{_ACCENTS[mark]}{{{result}}}"
        return result
    return rf"\texttt{{U+{ord(c):04X}}}"


def tex_reason(text: str) -> str:
    """Text inside a formula, for every format: no character that TeX or a table of Markdown would take."""
    return "".join(c if c.isalnum() or c in " ,.;:()'/=+-" else " " for c in text)


def markdown_math(formula: str) -> str:
    """A formula on one line of Markdown, as in a sentence or a cell of a table."""
    return spelled(formula, r"\cr ")
