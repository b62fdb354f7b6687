"""The report as data: JSON and CSV, as contract, section 5, has them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from derive.patterns import regex
from derive.verification.comparing.verdict import VERDICTS
from derive.verification.judgement import Verification
from derive.verification.marks import Mark, points
from derive.verification.reports.lines import printable
from derive.verification.reports.model import Report

_FORMULA = tuple("=+-@\t\r")
_NUMBER = regex(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?")
OF_A_FILE = (
    "file", "points", "of", "right", "wrong", "follows", "unreadable", "not_read", "first_mistake", "cause",
)  # fmt: skip
COLUMNS = ("file", "line", "claim", "verdict", "holds", "cause", "follows_from", "expected")


def json_report(report: Report) -> str:
    """Every claim, and the counts of all files together; a file that could not be read has a ``problem``.

    ``general`` is the number of formulas that are rules about any network and were not judged, where there are some.
    ``summary.not_read`` are the numbers of lines that were not read; of several files one after the other, and then
    ``not_read`` says of which file.
    """
    claims = [_entry(report, claim) for verification in report.verifications for claim in verification.claims]
    summary: dict[str, Any] = dict.fromkeys(VERDICTS, 0)
    for verification in report.verifications:
        for verdict in VERDICTS:
            summary[verdict] += verification.summary[verdict]
    summary["not_read"] = [line for verification in report.verifications for line in verification.not_read]
    data: dict[str, Any] = {"spec": report.spec, "claims": claims, "summary": summary}
    unread = [{"file": v.file, "problem": v.problem, "hint": v.hint or None} for v in report.verifications if v.problem]
    if unread:
        data["unread"] = unread
    unread_lines = [v for v in report.verifications if v.not_read]
    if unread_lines and (len(report.verifications) > 1 or report.is_apart(unread_lines[0].file)):
        data["not_read"] = [_not_read(report, verification) for verification in unread_lines]
    if general := sum(verification.general for verification in report.verifications):
        data["general"] = general
    if report.marked:
        data["marks"] = [_marks(report, i) for i in range(len(report.verifications))]
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _entry(report: Report, claim: dict[str, object]) -> dict[str, object]:
    entry = {**claim, "claim": printable(str(claim["claim"]))}
    if claim["verdict"] == "wrong" and claim["hint"] is None:
        entry["hint"] = report.plain("wrong_hint")
    if report.is_apart(str(claim["file"])):
        entry["place"] = report.place(str(claim["file"]), claim["line"])  # type: ignore[arg-type]
    return {**entry, "expected": None} if report.hints and claim["verdict"] != "holds" else entry


def _not_read(report: Report, verification: Verification) -> dict[str, object]:
    """The lines of a file that were not read; of a notebook or Word document, too, where they stand in it."""
    found: dict[str, object] = {"file": verification.file, "lines": list(verification.not_read)}
    if verification.file_parts.starts:
        found["places"] = [report.place(verification.file, line) for line in verification.not_read]
    return found


def _marks(report: Report, i: int) -> dict[str, object]:
    marked = report.marked[i]
    return {
        "file": report.verifications[i].file,
        "points": points(marked.points),
        "of": points(marked.of),
        "quantities": {report.quantity(mark): points(mark.points) for mark in marked.marks},
    }


def csv_report(report: Report) -> str:
    """One row for each claim; with marks, one row for each file and a column for each quantity."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if report.marked:
        names = [report.quantity(mark) for mark in report.marked[0].marks]
        writer.writerow([*OF_A_FILE, *names])
        for verification, marked in zip(report.verifications, report.marked, strict=True):
            earned = [_earned(report, verification, mark) for mark in marked.marks]
            row = [*_of_a_file(report, verification), *earned]
            sums = [points(marked.points), points(marked.of)]
            writer.writerow([_inert(printable(verification.file)), *sums, *row])
        return out.getvalue()
    writer.writerow(COLUMNS)
    for verification in report.verifications:
        if verification.problem:
            writer.writerow([_inert(printable(verification.file)), "", "", "unreadable", "false", "", "", ""])
        for claim in verification.claims:
            entry = _entry(report, claim)
            for column in ("line", "follows_from") if verification.file_parts.starts else ():
                entry[column] = entry[column] and report.in_short(verification.file, int(str(entry[column])))
            writer.writerow([_cell(entry[column]) for column in COLUMNS])
    return out.getvalue()


def _earned(report: Report, verification: Verification, mark: Mark) -> str:
    """What a quantity earned: nothing is written where it is not in the file, ``?`` where it stands there unread."""
    if mark.points or mark.verdict not in ("", "unreadable"):
        return points(mark.points)
    return "?" if mark.verdict or report.stands_unread(mark.name, verification) else ""


def _of_a_file(report: Report, verification: Verification) -> list[str]:
    """How many relations of a file are right, wrong and so on; the lines not read; the first mistake and its cause."""
    counts = verification.summary
    right = sum(judgement.holds for judgement in verification.judgements)
    first = next((judgement for judgement in verification.judgements if judgement.verdict == "wrong"), None)
    mistake = ["", ""] if first is None else [report.in_short(first.file, first.line), first.cause or ""]
    gap = "; " if verification.file_parts.starts else " "
    lines = gap.join(report.in_short(verification.file, line) for line in verification.not_read)
    return [str(right), *(str(counts[verdict]) for verdict in ("wrong", "follows", "unreadable")), lines, *mistake]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else _inert(str(value))


def _inert(text: str) -> str:
    """A text that no spreadsheet runs as a formula: one that begins like it has an apostrophe in front."""
    return f"'{text}" if text[:1] in _FORMULA and not _NUMBER.fullmatch(text) else text
