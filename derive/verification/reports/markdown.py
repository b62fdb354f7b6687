"""The report in Markdown: a table of the counts, then every claim that does not simply hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.render.formats import FORMATS
from derive.verification.comparing.verdict import VERDICTS
from derive.verification.judgement import Judgement, Verification
from derive.verification.marks import Marked, points
from derive.verification.reports.lines import FileLines, printable
from derive.verification.reports.model import Report, by_line
from derive.words.escape import markdown_math, markdown_text
from derive.words.voice import Span


def markdown_report(report: Report) -> str:
    """The whole report."""
    parts = [f"# {marked_up(report.title)}"]
    parts.append("\n".join(_counts(report)))
    for i, verification in enumerate(report.verifications):
        parts += _file(report, i, verification)
    common = report.commonest() if len(report.verifications) > 1 else []
    if common:
        parts.append(report.plain("commonest"))
        count = len(report.verifications)
        rows = (f"- {report.plain('common', cause=code(cause), files=files, count=count, often=often)}"
                for cause, files, often in common)  # fmt: skip
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _counts(report: Report) -> Iterator[str]:
    heads = [report.plain("head_file"), *(report.plain(f"verdict_{verdict}") for verdict in VERDICTS)]
    heads += [report.plain("head_points")] if report.marked else []
    yield "| " + " | ".join(heads) + " |"
    yield "|:--" + "|--:" * (len(heads) - 1) + "|"
    for i, verification in enumerate(report.verifications):
        cells = [markdown_text(printable(verification.file))]
        cells += [str(verification.summary[verdict]) for verdict in VERDICTS]
        cells += [_share(report, report.marked[i])] if report.marked else []
        yield "| " + " | ".join(cells) + " |"


def _share(report: Report, marked: Marked) -> str:
    return report.plain("share", points=points(marked.points), of=points(marked.of))


def _file(report: Report, i: int, verification: Verification) -> Iterator[str]:
    yield f"## {markdown_text(printable(verification.file))}"
    if verification.problem:
        problem = verification.problem[:1].upper() + verification.problem[1:]
        yield markdown_text(f"{problem}. {verification.hint}".strip())
        yield from filter(None, [report.not_read(verification)])
        return
    yield markdown_text(report.summary(verification))
    lines = FileLines(verification)
    for block in report.blocks(verification):
        claims = by_line(block)
        if len(claims) > 1:
            yield from _following_lines(report, lines, claims)
        else:
            yield from _claim(report, lines, claims[0])
    if report.marked:
        marked = report.marked[i]
        yield "\n".join(_points(report, marked))
    yield from filter(None, [report.not_read(verification)])


def _points(report: Report, marked: Marked) -> Iterator[str]:
    """The table of points, with the reasons for none where there are some, and the sum."""
    reasons = [report.why_nothing(mark) for mark in marked.marks]
    heads = [report.plain(key) for key in ("head_quantity", "head_points", "head_of")]
    heads += [report.plain("head_reason")] if any(reasons) else []
    yield "| " + " | ".join(heads) + " |"
    yield "|:--|--:|--:|" + (":--|" if any(reasons) else "")
    for mark, reason in zip(marked.marks, reasons, strict=True):
        cells = [code(report.spell(report.quantity(mark))), points(mark.points), points(mark.of)]
        yield "| " + " | ".join([*cells, *([markdown_text(reason)] if any(reasons) else [])]) + " |"
    sums = [report.plain("head_sum"), points(marked.points), points(marked.of)]
    yield "| " + " | ".join([*(f"**{cell}**" for cell in sums), *([""] if any(reasons) else [])]) + " |"


def _claim(report: Report, lines: FileLines, judgement: Judgement) -> Iterator[str]:
    shown = lines.shown(judgement)
    if judgement.verdict == "follows" and judgement.follows_from is not None:
        yield _following(report, judgement)
        return
    cause = f" (`{judgement.cause}`)" if judgement.cause else ""
    verdict = report.plain(f"verdict_{judgement.verdict}")
    yield f"**{report.plain('at_line', line=report.place(judgement.file, judgement.line), verdict=verdict)}**{cause}"
    fence = "`" * max(3, max(map(len, _runs(shown.text)), default=0) + 1)
    yield f"{fence}\n{shown.text}\n{' ' * shown.start}^{'~' * (shown.width - 1)}\n{fence}"
    said = " ".join(filter(None, (marked_up(report.reason(judgement)), _expected(report, judgement))))
    if said:
        yield said


def code(text: str) -> str:
    """A text as code, whatever backticks are in it."""
    fence = "`" * (max((len(run) for run in _runs(text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _following(report: Report, judgement: Judgement) -> str:
    """A claim that is wrong only because an earlier one is: in one line."""
    claim = code(printable(judgement.claim))
    said = report.follows(judgement)
    place = report.place(judgement.file, judgement.line)
    head = report.plain("at_line", line=place, verdict=report.plain("verdict_follows"))
    line = f"**{head}**, {said}: {claim}."
    return " ".join(filter(None, (line, _expected(report, judgement))))


def _following_lines(report: Report, lines: FileLines, rows: list[Judgement]) -> Iterator[str]:
    """What follows from one mistake, as a table."""
    said = report.follows(rows[0])
    verdict = report.plain("verdict_follow")
    extent = report.from_to(rows[0].file, rows[0].line, rows[-1].line)
    yield f"**{report.plain('at_lines', lines=extent, verdict=verdict)}**, {said}:"
    shown = any(report.expected(judgement) for judgement in rows)
    heads = [report.plain(key) for key in ("head_line", "head_claim", *(["head_expected"] if shown else []))]
    table = ["| " + " | ".join(heads) + " |", "|--:" + "|:--" * (len(heads) - 1) + "|"]
    for judgement in rows:
        cells = [report.in_short(judgement.file, judgement.line), _cell(lines.shown(judgement).text)]
        cells += [_cell(printable(report.expected(judgement)))] if shown else []
        table.append("| " + " | ".join(cells) + " |")
    yield "\n".join(table)


def _cell(text: str) -> str:
    """A text as code in a table, where even there a bar would end the cell."""
    return code(text).replace("|", "\\|") if text else ""


def _expected(report: Report, judgement: Judgement) -> str:
    """The true value or expression, where it is to be shown."""
    expected = report.expected(judgement)
    return f"{report.plain('expected', value='').strip().capitalize()} {code(printable(expected))}" if expected else ""


def _runs(text: str) -> list[str]:
    return [run for run in "".join(c if c == "`" else " " for c in text).split() if run]


def marked_up(spans: Sequence[Span]) -> str:
    """The runs of a sentence in Markdown."""
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    if not isinstance(span.content, str):
        before, after = FORMATS["markdown"].marks[span.kind]
        return before + marked_up(span.content) + after
    text = printable(span.content)
    if span.kind == "code":
        return code(text)
    return f"${markdown_math(text)}$" if span.kind == "math" else markdown_text(text)
