"""The report for a terminal: the student's own line, a caret under what is wrong, the cause, what it should be."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from derive.verification.judgement import Judgement, Verification
from derive.verification.marks import points
from derive.verification.reports.lines import FileLines, columns, printable
from derive.verification.reports.model import Report, by_line, plain_text

WIDTH = 92
BESIDE = 64
"""Columns of the student's line beside which the expected value stands."""
_COLORS = {"wrong": "31", "unreadable": "35", "follows": "33", "rounding": "36", "holds": "32"}


def terminal_report(report: Report) -> str:
    """Every claim that does not simply hold, file by file, and how many do."""
    parts = ["\n".join(_file(report, i, verification)) for i, verification in enumerate(report.verifications)]
    if len(report.verifications) > 1:
        parts.append("\n".join(_together(report)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _file(report: Report, i: int, verification: Verification) -> Iterator[str]:
    name = printable(verification.file)
    if verification.problem:
        hint = f"\n  {verification.hint}" if verification.hint else ""
        yield f"{name}: {verification.problem}{hint}"
        yield from filter(None, [report.not_read(verification)])
        return
    lines = FileLines(verification)
    for block in report.blocks(verification):
        rows = by_line(block)
        if len(rows) > 1:
            yield from _following_lines(report, name, lines, rows)
        else:
            yield from _claim(report, lines, rows[0])
        yield ""
    yield f"{name}: {report.summary(verification)}"
    if report.marked:
        yield from _points(report, i)
    yield from filter(None, [report.not_read(verification)])


def _claim(report: Report, lines: FileLines, judgement: Judgement) -> Iterator[str]:
    shown = lines.shown(judgement)
    verdict = _colored(report, judgement.verdict, report.plain(f"verdict_{judgement.verdict}"))
    if judgement.verdict == "follows" and judgement.follows_from is not None:
        yield from _following(report, f"{_at(report, judgement)}: {verdict}", shown.text, judgement)
        return
    cause = f" ({judgement.cause})" if judgement.cause else ""
    yield f"{_at(report, judgement)}: {verdict}{cause}"
    yield f"    {shown.text}"
    yield "    " + " " * shown.start + _colored(report, judgement.verdict, "^" + "~" * (shown.width - 1))
    reason = printable(plain_text(report.reason(judgement)))
    if reason:
        yield textwrap.fill(reason, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
    expected = report.expected(judgement)
    if expected:
        yield "  " + report.plain("expected", value=printable(expected))


def _at(report: Report, judgement: Judgement) -> str:
    """The file and the place of a claim; where it is a line, as programs write and read it."""
    name = printable(judgement.file)
    gap = " " if report.is_apart(judgement.file) else ""
    return f"{name}:{gap}{report.in_short(judgement.file, judgement.line)}"


def _following(report: Report, head: str, line: str, judgement: Judgement) -> Iterator[str]:
    """A claim that is wrong only because an earlier one is: in short."""
    yield f"{head}, {report.follows(judgement)}"
    yield f"    {line}"
    expected = report.expected(judgement)
    if expected:
        yield "  " + report.plain("expected", value=printable(expected))


def _following_lines(report: Report, name: str, lines: FileLines, rows: list[Judgement]) -> Iterator[str]:
    """What follows from one mistake, one line each: its number, what stands there, what is expected."""
    verdict = _colored(report, "follows", report.plain("verdict_follow"))
    said = report.follows(rows[0])
    expected = [printable(report.expected(judgement)) for judgement in rows]
    side = f" ({report.plain('expected_beside')})" if any(expected) else ""
    file, first, last = rows[0].file, rows[0].line, rows[-1].line
    extent = f" {report.from_to(file, first, last)}" if report.is_apart(file) else f"{first}-{last}"
    yield f"{name}:{extent}: {verdict}, {said}{side}"
    places = [report.in_short(row.file, row.line) for row in rows]
    numbers = max(map(len, places))
    texts = [lines.shown(judgement).text for judgement in rows]
    width = min(max(map(columns, texts)), BESIDE)
    for place, text, value in zip(places, texts, expected, strict=True):
        gap = " " * max(width - columns(text), 0)
        yield f"  {place:>{numbers}}  {text}{gap}  {value}".rstrip()


def _colored(report: Report, verdict: str, text: str) -> str:
    return f"\x1b[{_COLORS[verdict]}m{text}\x1b[0m" if report.color else text


def _points(report: Report, i: int) -> Iterator[str]:
    marked = report.marked[i]
    for mark in marked.marks:
        yield f"  {report.spell(report.quantity(mark))}: {report.earned(mark)}"
    yield "  " + report.plain("points", points=points(marked.points), of=points(marked.of))


def _together(report: Report) -> Iterator[str]:
    """The commonest causes of a class."""
    common = report.commonest()
    if common:
        yield report.plain("commonest")
        for cause, files, often in common:
            yield "  " + report.plain("common", cause=cause, files=files, count=len(report.verifications), often=often)
