"""Numbers that nothing else counts as unread: behind the claim of a line, and behind a label of any words.

>>> leads_on(" -> E 0.9999"), leads_on(" -> a good value (0.5)")
(True, False)
>>> is_labelled("Verborgen 2: 0.4, 0.61"), is_labelled("Version: 1.2"), is_labelled("two of them: 3")
(True, False, False)
"""

from __future__ import annotations

from derive.patterns import regex

_NUMBER = r"[-−+]?(?:\d+[.,]\d+|\.\d+)(?:[eE][-+]?\d+)?"
_LEADS_ON = regex(
    rf"\s*(?:-+>|=+>|[→⇒⟶⟹])\s*(?:[^\W\d_][\w']{{0,20}}\s*[:=≈]?\s*)?{_NUMBER}\s*[.;]?\s*(?:$|[→⇒⟶⟹]|-+>|=+>)"
)
_LABELLED = regex(
    rf"[\s*•·-]*(?P<label>[^\W\d_]{{3,20}})(?:[ \t]+\d{{1,2}})?\s*[:=]\s*{_NUMBER}"
    rf"(?:\s*[,;/|]?\s+{_NUMBER})*\s*[.;]?\s*"
)
_OTHER_LABELS = frozenset(
    """version time date name points mark marks score grade total max maximum page seite zeit datum punkte note room
    raum task aufgabe exercise question part section figure table chapter duration temps points nota fecha""".split()
)
"""What stands before numbers that are about no network."""


def leads_on(tail: str) -> bool:
    """Whether an arrow behind the last claim of a line leads to one more number, and to nothing else."""
    return _LEADS_ON.match(tail) is not None


def is_labelled(line: str) -> bool:
    """Whether a line is a word and nothing but numbers with decimals: they are values of something."""
    found = _LABELLED.fullmatch(line)
    return found is not None and found["label"].lower() not in _OTHER_LABELS


__all__ = ["is_labelled", "leads_on"]
