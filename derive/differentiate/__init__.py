"""Derivatives by named rules: the result (:func:`derivative`), and the way to it (:func:`working`)."""

from derive.differentiate.rules import derivative, local, partials
from derive.differentiate.steps import Working, WorkLine, rules, working

__all__ = ["WorkLine", "Working", "derivative", "local", "partials", "rules", "working"]
