"""What commands of TeX print, as characters, and how wide characters are.

The widths are those of Times, whose metrics Times New Roman, Liberation Serif and Nimbus Roman share: the fonts
that :data:`derive.figures.svg.FONTS` asks for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_GREEK = """alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ
omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω"""
_SYMBOLS = """ell ℓ hbar ℏ partial ∂ nabla ∇ infty ∞ star ⋆ ast ∗ circ ∘ bullet • cdot · times × dagger † top ⊤ bot ⊥
imath ı jmath ȷ Re ℜ Im ℑ aleph ℵ langle ⟨ rangle ⟩ approx ≈ to → rightarrow → gets ← leftarrow ← le ≤ leq ≤ ge ≥ geq ≥
ne ≠ neq ≠ in ∈ lvert | rvert | vert | lVert ‖ rVert ‖ Vert ‖ odot ⊙ sum Σ prod Π cdots ⋯ dots … ldots … vdots ⋮
lbrace { rbrace } colon : mid | pm ± propto ∝"""


def _pairs(text: str) -> Mapping[str, str]:
    words = text.split()
    return MappingProxyType(dict(zip(words[::2], words[1::2], strict=True)))


GREEK = _pairs(_GREEK)
SYMBOLS = _pairs(_SYMBOLS)
"""Characters by the commands that print them; those of ``SYMBOLS`` are upright."""
FUNCTIONS = frozenset("ln exp log sin cos tan sinh cosh tanh max min lim arg".split())
"""Commands that print their own name, upright."""
ACCENTS: Mapping[str, str] = MappingProxyType(
    {
        "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
        "overline": "\u0305", "underline": "\u0332", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
        "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a",
    }
)  # fmt: skip
"""Combining characters by the commands that set an accent."""
OVER_ALL = frozenset(("overline", "underline"))
"""Accents that every letter under them has."""
MINUS, PRIME = "−", "′"
BINARY = frozenset("+−=<>·×∗≈→←≤≥≠∈⊙±∝∘")
"""Signs with a space on both sides, where something stands before them."""
OPENING, CLOSING = frozenset("([{⟨"), frozenset(")]}⟩")

_ABOVE = dict(zip("0123456789+−=()'′in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾′′ⁱⁿ", strict=True))
_BELOW = dict(zip("0123456789+−=()aeoxhklmnpstijruv", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ", strict=True))
RAISED, LOWERED = str.maketrans(_ABOVE), str.maketrans(_BELOW)
"""Characters above and below the line, where a text has nothing else; not every letter has them."""
HAS_RAISED, HAS_LOWERED = frozenset(_ABOVE), frozenset(_BELOW)

_ROMAN = """ 250 !333 "408 #500 $500 %833 &778 '333 (333 )333 *500 +564 ,250 -333 .250 /278 :278 ;278 <564 =564 >564
?444 @921 A722 B667 C667 D722 E611 F556 G722 H722 I333 J389 K722 L611 M889 N722 O722 P556 Q722 R667 S556 T611 U722 V722
W944 X722 Y722 Z611 [333 \\278 ]333 ^469 _500 a444 b500 c444 d500 e444 f333 g500 h500 i278 j278 k500 l278 m778 n500 o500
p500 q500 r333 s389 t278 u500 v500 w722 x500 y500 z444 {480 |200 }480 −564 ×564 ±564 ·250 ∂494 ≈549 ≤549 ≥549 ≠549 →987
←987 √549 ′247 ∞713 …1000 ⋯1000 ⋮300 Σ592 Π750 Γ580 ∗500 ⟨329 ⟩329"""
_ITALIC = """A611 B611 C667 D722 E611 F611 G722 H722 I333 J444 K667 L556 M833 N667 O722 P611 Q722 R611 S500 T556 U722
V611 W833 X611 Y556 Z556 a500 b500 c444 d500 e444 f278 g500 h500 i278 j278 k444 l278 m722 n500 o500 p500 q500 r389 s389
t278 u500 v444 w667 x444 y444 z389"""
_SPACE, _DIGIT, _OTHER = 0.25, 0.5, 0.6


def _metrics(text: str) -> Mapping[str, float]:
    return MappingProxyType({word[0]: int(word[1:]) / 1000 for word in text.split() if len(word) > 1})


_UPRIGHT_WIDTHS, _ITALIC_WIDTHS = _metrics(_ROMAN), _metrics(_ITALIC)


def width_of(text: str, *, italic: bool = False) -> float:
    """The width of characters, in ems.

    >>> width_of("0.5"), width_of("w", italic=True)
    (1.25, 0.667)
    """
    return sum(_width(sign, italic) for sign in unicodedata.normalize("NFD", text))


def _width(sign: str, italic: bool) -> float:
    if sign.isdigit():
        return _DIGIT
    if sign.isspace():
        return _SPACE
    if unicodedata.combining(sign) or sign == "\u200b":
        return 0.0
    found = _ITALIC_WIDTHS.get(sign) if italic else None
    return found or _UPRIGHT_WIDTHS.get(sign, _OTHER)
