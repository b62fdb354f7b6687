"""Marks: points for quantities, with a share where a number follows rightly from an earlier mistake."""

from derive.verification.marks.earned import Mark, Marked, marked, points
from derive.verification.marks.scheme import Key, Scheme, of, parsed, read

__all__ = ["Key", "Mark", "Marked", "Scheme", "marked", "of", "parsed", "points", "read"]
