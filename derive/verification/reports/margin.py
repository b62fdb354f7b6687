r"""The student's derivation in LaTeX: every chain as it was read, with a mark for each relation in the margin.

Nothing of the student's own TeX gets into the document: what was read is set anew, what was not is quoted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from derive.expressions.grammar import parse
from derive.expressions.print_tex import broken, pieces
from derive.expressions.tree import Expr, names_in
from derive.naming.notation import Notation
from derive.render.formats import FORMATS
from derive.verification.judgement import Judgement, Verification
from derive.verification.marks import Mark, points
from derive.verification.reading.model import Matrix, Side
from derive.verification.reports.lines import printable
from derive.verification.reports.model import Report
from derive.words.delimiters import FOR_TEX
from derive.words.escape import latex_text
from derive.words.templates_path import bundled_templates
from derive.words.voice import Span

if TYPE_CHECKING:
    import jinja2

MARKS: Mapping[str, str] = {
    "holds": r"\holds",
    "rounding": r"\rounding",
    "follows": r"\follows",
    "wrong": r"\wrong",
    "unreadable": r"\unreadable",
}
"""Commands of the template."""
MAX_WIDTH = 27.0
"""At most this many ems of a side stand on one row."""
MAX_BAR = 550
"""At most this long a bar of a chart, in thousandths of the line."""
HERE = "QUANTITY"
"""Stands in a sentence for what is mathematics."""
MAX_QUOTED = 70
"""At most this many characters of a side are quoted."""


def _template(report: Report, name: str) -> jinja2.Template:
    from derive.words.templating import environment

    return environment([*report.templates, bundled_templates()], FOR_TEX).get_template(name)


def margin_report(report: Report) -> str:
    """A document with every file's chains, their marks in the margin, and what is said of them below."""
    template = _template(report, "latex/marked.j2")
    page = _Page(report)
    files = [page.file(i, verification) for i, verification in enumerate(report.verifications)]
    return template.render(title=page.title, files=files, legend=page.legend, heads=page.heads)


def summary_page(
    report: Report,
    heads: Sequence[str],
    students: Sequence[Sequence[str]],
    charts: Sequence[tuple[str, Sequence[tuple[str | Mark, str, int]]]],
) -> str:
    """A document with the table of a class, and its charts: what they say, and names, numbers and bars (to 1000)."""
    template = _template(report, "latex/class.j2")
    page = _Page(report)
    rows = [[latex_text(cell) for cell in row] for row in students]
    shown = [
        {
            "says": latex_text(report.plain(f"chart_{key}")),
            "rows": [
                (
                    page.code(what) if isinstance(what, str) else page.asked(what),
                    latex_text(said),
                    f"{length * MAX_BAR // 1000:03}",
                )
                for what, said, length in chart
            ],
        }
        for key, chart in charts
    ]
    return template.render(title=page.title, heads=[latex_text(head) for head in heads], students=rows, charts=shown)


class _Page:
    """The parts of the document."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.notation = Notation.of(report.network.spec, report.network.names)

    @property
    def title(self) -> str:
        """The heading."""
        return self._marked_up(self.report.title)

    @cached_property
    def legend(self) -> list[tuple[str, str]]:
        """What the marks mean."""
        return [(mark, self.report.plain(f"verdict_{verdict}")) for verdict, mark in MARKS.items()]

    @cached_property
    def heads(self) -> list[str]:
        """The heads of the table of points."""
        keys = ("head_quantity", "head_points", "head_of", "head_reason")
        return [latex_text(self.report.plain(key)) for key in keys]

    def file(self, i: int, verification: Verification) -> dict[str, object]:
        """One file: its name, its chains, its marks."""
        marked = self.report.marked[i] if self.report.marked else None
        rows = [self._row_of_points(mark) for mark in marked.marks] if marked else []
        problem = f"{verification.problem}. {verification.hint}".strip(". ")
        return {
            "name": latex_text(printable(verification.file)),
            "problem": latex_text(problem) if verification.problem else "",
            "summary": "" if verification.problem else latex_text(self.report.summary(verification)),
            "chains": list(self._chains(verification)),
            "not_read": latex_text(self.report.not_read(verification)),
            "points": rows,
            "reasons": any(reason for *_, reason in rows),
            "total": (points(marked.points), points(marked.of)) if marked else None,
        }

    def _row_of_points(self, mark: Mark) -> tuple[str, str, str, str]:
        return self.asked(mark), points(mark.points), points(mark.of), latex_text(self.report.why_nothing(mark))

    def asked(self, mark: Mark) -> str:
        """What a mark is for, as it stands in a row of a table."""
        name = self.code(mark.name, in_rows=True)
        if mark.asks == "formula":
            return latex_text(self.report.plain("formula_of", name=HERE)).replace(HERE, name)
        return name

    def _chains(self, verification: Verification) -> Iterator[dict[str, object]]:
        for _, group in groupby(verification.judgements, key=lambda judgement: judgement.chain):
            chain = list(group)
            yield {"rows": list(self._rows(chain)), "notes": [note for j in chain for note in self._notes(j)]}

    def _rows(self, chain: list[Judgement]) -> Iterator[dict[str, str]]:
        left = self._side(chain[0].left)
        for n, row in enumerate(left[:-1]):
            yield {"left": "", "relation": "", "right": row if n == 0 else rf"\quad {row}", "mark": ""}
        start = left[-1] if len(left) == 1 else ""
        for judgement in chain:
            relation = "=" if judgement.sign == "=" else r"\approx"
            rows = self._side(judgement.right)
            for n, row in enumerate(rows):
                mark = self._mark(judgement) if n == len(rows) - 1 else ""
                yield {
                    "left": start if n == 0 else "",
                    "relation": relation if n == 0 else "",
                    "right": row if n == 0 else rf"\quad {row}",
                    "mark": mark,
                }
            start = ""

    def _mark(self, judgement: Judgement) -> str:
        """The mark of a claim; what follows from a mistake points to its place."""
        mark = MARKS[judgement.verdict]
        if not _simply_follows(judgement) or judgement.follows_from is None:
            return mark
        place = self.report.in_short(judgement.file, judgement.follows_from)
        return rf"{mark}\,{place}" if place.isdigit() else rf"{mark}\,\text{{{latex_text(place)}}}"

    def _side(self, side: Side | None) -> tuple[str, ...]:
        """A side in rows of the page's width."""
        if side is None or side.expr is None:
            text = printable(side.text if side is not None else "")
            shown = text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1] + "…"
            return (rf"\text{{\ttfamily {latex_text(shown)}}}",)
        if isinstance(side.expr, Matrix):
            rows = r" \\ ".join(" & ".join("".join(self._row(entry)) for entry in row) for row in side.expr.rows)
            return (rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}",)
        return broken(self._pieces(side.expr), MAX_WIDTH)

    def _row(self, entry: Expr) -> Iterator[str]:
        return (piece.text for piece in self._pieces(entry))

    def _pieces(self, expr: Expr) -> tuple:  # type: ignore[type-arg]
        return pieces(expr, self._name)

    def _name(self, name: str) -> str:
        if name in ("z", "a") and self.report.network.names.describe(name) is None:
            return name
        return self.notation.tex(name.replace("∂", "d"))

    def _notes(self, judgement: Judgement) -> Iterator[str]:
        if judgement.verdict == "holds" or _simply_follows(judgement):
            return
        reason = self._marked_up(self.report.reason_in_names(judgement))
        expected = self.report.expected_in_names(judgement)
        said = f"{self._expected} {self.code(expected)}." if expected else ""
        cause = rf" (\texttt{{{latex_text(judgement.cause)}}})" if judgement.cause else ""
        verdict = latex_text(self.report.plain(f"verdict_{judgement.verdict}"))
        body = " ".join(part for part in (reason, said) if part)
        place = latex_text(self.report.in_short(judgement.file, judgement.line))
        yield rf"$ {MARKS[judgement.verdict]} $ {place}: \textbf{{{verdict}}}{cause}. {body}"

    @cached_property
    def _expected(self) -> str:
        return latex_text(self.report.plain("expected", value="").strip().capitalize())

    def _marked_up(self, spans: tuple[Span, ...]) -> str:
        """The runs of a sentence in LaTeX."""
        return "".join(map(self._span, spans))

    def _span(self, span: Span) -> str:
        if not isinstance(span.content, str):
            before, after = FORMATS["latex"].marks[span.kind]
            return before + self._marked_up(span.content) + after
        if span.kind == "math":
            return f"${span.content}$"
        return self.code(span.content) if span.kind == "code" else latex_text(printable(span.content))

    def code(self, text: str, *, in_rows: bool = False) -> str:
        """A name or an expression as mathematics, fit for the rows of a table; anything else as written."""
        try:
            expr = parse(text, marks=True)
            if all(self.report.network.names.resolve(name) for name in names_in(expr)):
                shown = "".join(self._row(expr))
                return rf"$\displaystyle {shown}$" if r"\frac" in shown and not in_rows else f"${shown}$"
        except ValueError:
            pass
        return rf"\texttt{{{latex_text(printable(text))}}}"


def _simply_follows(judgement: Judgement) -> bool:
    return judgement.verdict == "follows" and judgement.follows_from is not None
