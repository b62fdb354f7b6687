"""Reports on judged claims: for the terminal, Markdown, JSON, CSV, and LaTeX with marks in the margin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from derive.verification.reports.data import csv_report, json_report
from derive.verification.reports.markdown import markdown_report
from derive.verification.reports.model import Report
from derive.verification.reports.terminal import terminal_report


def _marked_in_the_margin(report: Report) -> str:
    from derive.verification.reports.margin import margin_report  # with all that a document of ours needs

    return margin_report(report)


REPORTS: Mapping[str, Callable[[Report], str]] = MappingProxyType(
    {
        "text": terminal_report,
        "markdown": markdown_report,
        "json": json_report,
        "csv": csv_report,
        "latex": _marked_in_the_margin,
    }
)
"""The formats of a report, by name."""

__all__ = ["REPORTS", "Report"]
