r"""Rulers: ``=====`` under a heading, ``-----`` between two parts, ``=== Forward ===``. They say nothing.

>>> without_rulers("Forward\n=======\nz = 1"), without_rulers("--- Iteration 2 ---")
('Forward\n       \nz = 1', '    Iteration 2    ')
"""

from __future__ import annotations

from derive.patterns import regex

_RULER = regex(r"(?m)^[ \t]*(?:[=~_*#.•─━═–—-][ \t]*){3,}$")
"""A line of nothing but signs."""
_BESIDE = regex(
    r"(?m)^([ \t]{0,40})(={2,100}+|-{2,100}+|~{2,100}+|\*{2,100}+|[─━═–—]{1,100}+)"
    r"([ \t]{0,40}[^\W\d][^=≈~\n]{0,100}?)([=~*─━═–—-]{2,100}+)[ \t]{0,40}$"
)
"""A heading between two rulers."""


_OF_EQUALS = regex(r"(?m)^[ \t]*=[=\- \t]{2,}$")


def without_rulers(text: str, *, markdown: bool = False) -> str:
    """The text with blanks in place of its rulers; every offset stays.

    Of Markdown those that are signs of equality: the others part tables and code.
    """
    if markdown:
        return _OF_EQUALS.sub(lambda found: " " * len(found.group()), text)
    text = _RULER.sub(lambda found: " " * len(found.group()), text)
    return _BESIDE.sub(lambda one: f"{one[1]}{' ' * len(one[2])}{one[3]}".ljust(len(one.group())), text)


__all__ = ["without_rulers"]
