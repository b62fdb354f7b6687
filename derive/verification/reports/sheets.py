"""Feedback for a class: a sheet for each student, and a summary: the commonest causes, the hardest quantities."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from flint import fmpq

from derive.records import record
from derive.verification.marks import Mark, points
from derive.verification.reports.lines import printable
from derive.verification.reports.margin import margin_report, summary_page
from derive.verification.reports.markdown import code, markdown_report, marked_up
from derive.verification.reports.model import Report
from derive.words.escape import markdown_text

SUMMARY = "summary"
"""The name of the summary; a student's file of that name gets another one."""
POINTS = ("head_points", "head_of")
"""The heads of the columns that are there where marks are given."""
WIDTH = 30
"""The longest bar of a chart, in characters."""


@record
class ChartRow:
    """One bar of a chart: a name, what stands beside it, and its length as a part of the longest possible one.

    ``mark`` is one of those that it sums up.
    """

    name: str
    shown: str
    part: fmpq
    mark: Mark | None = None


@record
class StudentRow:
    """One student in the table of a class.

    Attributes:
        name: of the file.
        numbers: points and of how many (with marks only); how many claims are right, wrong, follow, are unreadable; the
            line of the first mistake.
        cause: of the first mistake, by its name in the catalogue.
        problem: why the file could not be read; empty where it could.
    """

    name: str
    numbers: tuple[str, ...]
    cause: str
    problem: str


@record
class ClassSummary:
    """A class at a glance.

    Attributes:
        students: a row for each file.
        causes: in how many of the files each of the commonest causes stands.
        quantities: what share of its points each quantity earned, the hardest first; empty without marks.
    """

    students: tuple[StudentRow, ...]
    causes: tuple[ChartRow, ...]
    quantities: tuple[ChartRow, ...]

    @classmethod
    def of(cls, report: Report) -> ClassSummary:
        """The summary of all files of a report."""
        count = len(report.verifications)
        causes = tuple(
            ChartRow(cause, report.plain("files_of", files=files, count=count), fmpq(files, count))
            for cause, files, _ in report.commonest()
        )
        return cls(tuple(_student(report, i) for i in range(count)), causes, tuple(_quantities(report)))


def _student(report: Report, i: int) -> StudentRow:
    verification, counts = report.verifications[i], report.verifications[i].summary
    marked = report.marked[i] if report.marked else None
    first = next((judgement for judgement in verification.judgements if judgement.verdict == "wrong"), None)
    numbers = (
        *((points(marked.points), points(marked.of)) if marked is not None else ()),
        str(sum(judgement.holds for judgement in verification.judgements)),
        *(str(counts[verdict]) for verdict in ("wrong", "follows", "unreadable")),
        "" if first is None else report.in_short(first.file, first.line),
    )
    cause = first.cause or "" if first is not None else ""
    return StudentRow(printable(verification.file), numbers, cause, printable(verification.problem))


def _quantities(report: Report) -> Sequence[ChartRow]:
    """The quantities of the scheme, those that earned the smallest share of their points first."""
    found = []
    for marks in zip(*(marked.marks for marked in report.marked), strict=True):
        got, of = sum((mark.points for mark in marks), fmpq(0)), sum((mark.of for mark in marks), fmpq(0))
        if of:
            shown = report.plain("share", points=points(got), of=points(of))
            found.append(ChartRow(report.spell(report.quantity(marks[0])), shown, got / of, marks[0]))
    return sorted(found, key=lambda row: row.part)


def heads(report: Report) -> list[str]:
    """The heads of the table of students."""
    verdicts = [report.plain(f"verdict_{verdict}") for verdict in ("holds", "wrong", "follows", "unreadable")]
    return [
        report.plain("head_file"), *(report.plain(key) for key in POINTS if report.marked), *verdicts,
        *(report.plain(key) for key in ("head_first_mistake", "head_cause")),
    ]  # fmt: skip


def _markdown_summary(report: Report) -> str:
    summary = ClassSummary.of(report)
    table = ["| " + " | ".join(heads(report)) + " |", "|:--" + "|--:" * (len(heads(report)) - 2) + "|:--|"]
    for row in summary.students:
        last = code(row.cause) if row.cause else markdown_text(row.problem)
        table.append("| " + " | ".join((markdown_text(row.name), *row.numbers, last)) + " |")
    parts = [f"# {marked_up(report.title)}", "\n".join(table)]
    for key, rows in (("commonest", summary.causes), ("hardest", summary.quantities)):
        if rows:
            parts += [f"## {report.plain(f'chart_{key}')}", _markdown_rows(report, key, rows)]
    return "\n\n".join(parts) + "\n"


def _markdown_rows(report: Report, key: str, rows: Sequence[ChartRow]) -> str:
    head = report.plain("head_cause" if key == "commonest" else "head_quantity")
    share = report.plain("head_files" if key == "commonest" else "head_points")
    bars = ("█" * length_of(row.part, WIDTH) for row in rows)
    lines = (f"| {code(row.name)} | {row.shown} | {bar} |" for row, bar in zip(rows, bars, strict=True))
    return "\n".join([f"| {head} | {share} | |", "|:--|--:|:--|", *lines])


def length_of(part: fmpq, longest: int) -> int:
    """How long a bar is, in whole units.

    >>> length_of(fmpq(1, 2), 40), length_of(fmpq(1), 40), length_of(fmpq(0), 40)
    (20, 40, 0)
    """
    return int((part * longest + fmpq(1, 2)).floor())


def _latex_summary(report: Report) -> str:
    summary = ClassSummary.of(report)
    students = [(row.name, *row.numbers, row.cause or row.problem) for row in summary.students]
    charts = [(key, [(row.mark or row.name, row.shown, length_of(row.part, 1000)) for row in rows])
              for key, rows in (("commonest", summary.causes), ("hardest", summary.quantities)) if rows]  # fmt: skip
    return summary_page(report, heads(report), students, charts)


SHEETS: Mapping[str, tuple[str, Callable[[Report], str], Callable[[Report], str]]] = MappingProxyType(
    {"markdown": (".md", markdown_report, _markdown_summary), "latex": (".tex", margin_report, _latex_summary)}
)
"""The ending, the sheet of a student and the summary, by format."""


def sheets(report: Report, to: str) -> dict[str, str]:
    """The sheets by the names of their files: one for each file of claims, and the summary of the class."""
    ending, sheet, summary = SHEETS[to]
    names = _names([verification.file for verification in report.verifications])
    found = {SUMMARY + ending: summary(report)}
    for i, name in enumerate(names):
        marked = report.marked[i : i + 1]
        found[name + ending] = sheet(replace(report, verifications=report.verifications[i : i + 1], marked=marked))
    return found


def _names(files: Sequence[str]) -> list[str]:
    """A name for the sheet of each file: without folder and ending while these tell no two apart."""
    bare = [os.path.splitext(os.path.basename(file))[0] for file in files]
    whole = [os.path.basename(file) for file in files]
    paths = [os.path.normpath(file).lstrip("./\\").replace(os.sep, "-") for file in files]
    found, taken = [], {SUMMARY}
    for i in range(len(files)):
        choices = [names[i] for names in (bare, whole) if [n.lower() for n in names].count(names[i].lower()) == 1]
        numbered = (f"{paths[i]}-{n}" for n in range(2, len(files) + 3))
        name = next(one for one in (*choices, paths[i], *numbered) if one.lower() not in taken)
        taken.add(name.lower())
        found.append(name)
    return found


__all__ = ["SHEETS", "sheets"]
