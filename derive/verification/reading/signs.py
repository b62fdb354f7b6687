r"""What every sign and TeX command of a derivation stands for: tables only.

An entry says the kind of the token and its text; what is only for the eye (``\,``, ``\left``) has no entry among
the tokens at all. Greek letters become their names, signs of calculation their ASCII forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from derive.naming.author_tex import GREEK

Entry = tuple[str, str]
"""The kind of a token, and its text."""


def _ops(signs: str, text: str) -> dict[str, Entry]:
    return dict.fromkeys(signs.split(), ("op", text))


def _of(kind: str, text: str, signs: str) -> dict[str, Entry]:
    return dict.fromkeys(signs.split(), (kind, text))


_GREEK_LETTERS = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩϵϑϕϱ",
        (
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi "
            "psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega epsilon theta phi rho"
        ).split(),
        strict=True,
    )
)
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ₐₕᵢⱼₖₗₘₙₚₜₓ₊₋", "0123456789ahijklmnptx+-", strict=True))
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵀⁿˡ", "0123456789+-()Tnl", strict=True))

CHARACTERS: Mapping[str, Entry] = MappingProxyType(
    {
        **_ops("× · ⋅ ∗ • ∙", "*"),
        **_ops("⊙ ∘ ⊗", "o"),
        **_ops("− – — ‐ ‑ ‒", "-"),
        **_ops("÷ ∕ ⁄", "/"),
        **_ops("′ ’ ‘ ´ ʹ", "'"),
        **_ops("∂ 𝜕 𝛛", "∂"),
        **_ops("⟨ 〈", "<"),
        **_ops("⟩ 〉", ">"),
        "∇": ("op", "∇"),
        "∆": ("word", "Delta"),
        "√": ("word", "sqrt"),
        "ŷ": ("word", "yhat"),
        "⊤": ("word", "T"),
        "µ": ("word", "mu"),
        **{letter: ("word", name) for letter, name in _GREEK_LETTERS.items()},
        **{letter: ("sub", plain) for letter, plain in _SUBSCRIPTS.items()},
        **{letter: ("sup", plain) for letter, plain in _SUPERSCRIPTS.items()},
        **_of("relation", "=", "≡ ≝ ≜ ＝"),
        "≔": ("relation", ":="),
        **_of("relation", "<-", "← ⟵ ↤ ⇽"),
        **_of("relation", "~", "≈ ≅ ≃ ≐ ≒ ≓ ∼"),
        **_of("arrow", "->", "→ ⟶ ⇾ ➔ ➙ ➝ ➞"),
        **_of("arrow", "", "⇒ ⟹ ⇔ ⟺ ⇐ ↦ ↔ ∴ ∵"),
        **_of("op", "|", "‖ ∥ ∣"),
        **_of("compared", "", "≠ ∈"),
        **_of("compared", "<", "< ≤ ⩽"),
        **_of("compared", ">", "> ≥ ⩾"),
        "∑": ("general", "sum"),
        **_of("general", "", "∏ ∫ … ⋯ ⋮"),
        **_of("op", "", "\u2061 \u2062 \u200b \u200c \u200d \ufeff ✓ ✔ ✅ ☑ ✗ ✘ ❌ \ufe0f"),
    }
)

FRACTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"½": ("1", "2"), "⅓": ("1", "3"), "⅔": ("2", "3"), "¼": ("1", "4"), "¾": ("3", "4"), "⅕": ("1", "5"),
     "⅛": ("1", "8")}
)  # fmt: skip

_FUNCTIONS = "ln log exp sin cos tan sinh cosh tanh max min lg"

COMMANDS: Mapping[str, Entry] = MappingProxyType(
    {
        **_ops("cdot times ast bullet", "*"),
        **_ops("odot circ otimes circledast", "o"),
        **_ops("div slash", "/"),
        **_ops("prime", "'"),
        **_ops("partial", "∂"),
        **_ops("nabla", "∇"),
        **_ops("lbrace lparen", "("),
        **_ops("rbrace rparen", ")"),
        **_ops("lbrack", "["),
        **_ops("rbrack", "]"),
        **_ops("langle", "<"),
        **_ops("rangle", ">"),
        **_ops("vert mid Vert", "|"),
        **_ops("lvert lVert", "|("),
        **_ops("rvert rVert", "|)"),
        "top": ("word", "T"),
        "intercal": ("word", "T"),
        "ell": ("word", "l"),
        **_of("relation", "=", "equiv triangleq eqqcolon doteq eq eqdef defeq xlongequal"),
        **_of("relation", ":=", "coloneqq coloneq colonequals Coloneqq"),
        **_of("relation", "<-", "leftarrow longleftarrow gets xleftarrow"),
        **_ops("colon vcentcolon", ":"),
        **_of("relation", "~", "approx approxeq simeq cong sim thickapprox thicksim"),
        **_of(
            "arrow",
            "",
            "Rightarrow Longrightarrow implies iff Leftarrow impliedby Leftrightarrow leftrightarrow mapsto longmapsto "
            "therefore because leadsto xRightarrow xLeftarrow xLeftrightarrow xleftrightarrow xmapsto",
        ),
        **_of("arrow", "->", "to rightarrow longrightarrow xrightarrow xlongrightarrow hookrightarrow"),
        **_of("compared", "", "ne neq in notin subset"),
        **_of("compared", "<", "lt le leq leqslant ll"),
        **_of("compared", ">", "gt ge geq geqslant gg"),
        "sum": ("general", "sum"),
        **_of("general", "", "prod int dots cdots ldots vdots ddots dotsc dotsb lim forall exists"),
        **_of("gap", "", "quad qquad enspace hfill hfil"),
        **_of("op", "", "checkmark blacksquare square qed triangleright Box qedhere"),
        **{name: ("word", name) for name in _FUNCTIONS.split()},
        **{name: ("word", name.removeprefix("var")) for name in GREEK},
        **{f"up{name}": ("word", name) for name in GREEK},
        **{name: ("command", name) for name in ("frac", "over", "sqrt", "underbrace", "overbrace", "underline")},
        **dict.fromkeys(("underbracket", "undergroup", "underparen"), ("command", "underbrace")),
        **dict.fromkeys(("overbracket", "overgroup", "overparen"), ("command", "overbrace")),
        **dict.fromkeys(("dfrac", "tfrac", "cfrac", "sfrac", "nicefrac"), ("command", "frac")),
        "cr": ("row", ""),
        "newline": ("row", ""),
    }
)
"""TeX commands by their names."""

LABELLED = frozenset(
    """xlongequal xleftarrow xrightarrow xlongrightarrow xRightarrow xLeftarrow xLeftrightarrow xleftrightarrow xmapsto
    underbracket overbracket""".split()
)
"""Signs with a label of their own, in brackets and (but for braces) in an argument."""

FORGOTTEN = frozenset(
    """MoveEqLeft displaybreak allowdisplaybreaks IEEEyesnumber IEEEnonumber IEEEyessubnumber IEEEnosubnumber
    IEEEeqnarraynumspace IEEEeqnarraystrutmode IEEEstrut IEEEeqnarrayvrule mathmakebox smashoperator hline toprule
    midrule bottomrule ArrowBetweenLines""".split()
)
"""Commands that go together with what stands in brackets after them."""

EYE = frozenset(
    """left right big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr biggm Biggl Biggr Biggm displaystyle
    textstyle scriptstyle limits nolimits nonumber notag noindent centering strut mathstrut boldmath negthinspace
    thinspace medspace thickspace allowbreak nobreak null relax ensuremath boxed mathrm mathbf mathit mathsf
    mathtt mathcal mathbb mathscr mathfrak mathnormal boldsymbol bm pmb bf rm it sf tt cal vec mathop mathbin mathrel
    mathord mathstrut mleft mright middle smash protect cancel xcancel emph mbox hbox mathclap mathllap mathrlap clap
    llap rlap Aboxed shoveleft shoveright cramped vcenter adjustlimits mathpunct mathinner mathopen mathclose""".split()
)
"""Commands that change only the look; an argument of theirs is read as if they were not there."""

DROPPED: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(
            """label tag hspace vspace phantom hphantom vphantom color textcolor stackrel overset underset ref eqref
            cite footnote hskip kern mkern raisebox rule mspace raisetag hdotsfor cline cmidrule intertext
            shortintertext vdotswithin shortvdotswithin stackbin mathtoolsset IEEEeqnarraystrutsize
            IEEEeqnarraystrutsizeadd""".split(),
            1,
        ),
        **dict.fromkeys("IEEEeqnarraymulticol multicolumn IEEEmulticol overunderset".split(), 2),
    }
)
"""Commands that go together with their first argument, or as many."""

UPRIGHT = frozenset("mathrm mathsf mathtt mathit mathbf operatorname textrm textbf textit mathop textsf".split())
"""Commands whose argument, where it is one word, is one name."""

WORDS = frozenset("text mbox hbox textnormal mathrm".split())
"""Commands whose argument is prose unless it is a known word."""

PROSE = frozenset(
    """so thus hence therefore then let now and we get have with because since but where also finally again next
    which gives means compute entonces luego donc alors dann daraus quindi então und sowie et""".split()
)
"""Words that stand between claims, and are no names where the network has none like it."""

NUMERALS = frozenset("num numprint np nombre".split())
"""Commands whose argument is one number."""

ACCENTS = frozenset("hat widehat tilde widetilde bar overline dot ddot check breve acute grave mathring".split())
"""Accents: they belong to the name that they stand on."""
