"""Verifying from Python: ``derive.verify(network, text)``, and an object that shows itself in Jupyter.

>>> import derive
>>> network = derive.load("examples/three_inputs.toml")
>>> result = derive.verify(network, "dg/dx = y = -4" + chr(10) + "dg/dy = x = -4")
>>> [claim["verdict"] for claim in result.claims], result.holds
(['holds', 'holds', 'holds', 'wrong'], False)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, TypeAlias

from derive.errors import DeriveError
from derive.network import Network
from derive.records import record
from derive.verification.documents import ClaimsDocument, claims_document
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement, Verification
from derive.verification.reading.names_file import own_names
from derive.verification.reading.own_names import NO_OWN_NAMES
from derive.verification.reports import REPORTS, Report


@record(slots=False)
class Verified:
    """A derivation, judged relation by relation. In Jupyter it shows the report."""

    network: Network
    verification: Verification

    @property
    def claims(self) -> list[dict[str, object]]:
        """Every claim as ``derive verify --to json`` has it, in the text's order."""
        return self.verification.claims

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """The same with everything that is known of each."""
        return self.verification.judgements

    @property
    def summary(self) -> dict[str, int]:
        """How many claims got each verdict."""
        return self.verification.summary

    @property
    def not_read(self) -> tuple[int, ...]:
        """The lines that say a number of a quantity and have no relation that could be read."""
        return self.verification.not_read

    @property
    def holds(self) -> bool:
        """Whether every claim holds."""
        return self.verification.holds

    def report(self, to: str = "text", *, hints: bool = False) -> str:
        """The report as ``text``, ``markdown``, ``json``, ``csv`` or ``latex``.

        Raises:
            ValueError: where there is no such format.
        """
        if to not in REPORTS:
            raise ValueError(f"unknown format {to!r}; known: {', '.join(REPORTS)}")
        return REPORTS[to](Report(self.network.spec.path, self.network, (self.verification,), hints=hints))

    def __iter__(self) -> Iterator[dict[str, object]]:
        """The claims, one by one."""
        return iter(self.claims)

    def __len__(self) -> int:
        return len(self.judgements)

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {verdict}" for verdict, count in self.summary.items() if count)
        return f"<derivation of {len(self)} claims: {counts}>"

    def __str__(self) -> str:
        return self.report()

    def _repr_markdown_(self) -> str:
        return self.report("markdown")


_latest: list[Examiner] = []
"""The examiner of the network that was asked about last: what it has worked is there for the next derivation."""


def _examiner(network: Network) -> Examiner:
    if not _latest or _latest[0].network is not network:
        _latest[:] = [Examiner(network)]
    return _latest[0]


ClaimsFormat: TypeAlias = Literal["text", "markdown", "latex", "notebook", "docx"]
_ENDINGS = {"text": ".txt", "markdown": ".md", "latex": ".tex", "notebook": ".ipynb", "docx": ".docx"}


def _read(text: str | bytes, format: str) -> ClaimsDocument:
    """The text of a file of that format, and where its lines stand in it."""
    if format not in _ENDINGS:
        raise ValueError(f"unknown format {format!r}; known: {', '.join(_ENDINGS)}")
    if isinstance(text, str) and format in ("text", "markdown", "latex"):
        return ClaimsDocument(text, format)  # type: ignore[arg-type]
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return claims_document(data, _ENDINGS[format], "<text>")


def verify(
    network: Network, text: str | bytes, format: ClaimsFormat = "text", *, strict: bool = False,
    decimal: Literal["auto", "comma", "point"] = "auto", names: str = "",
) -> Verified:  # fmt: skip
    """Judge every ``=`` of a derivation: does it hold, is it wrong, and why, what follows from what.

    Where it is ``strict``, what misses the truth by rounding does not hold. Whether ``0,5`` is one half is found from
    the text, unless ``decimal`` says it. ``names`` are lines that give names a meaning, ``let o_1 = yhat``, as they may
    stand in the text itself.

    ``text`` is the text of a file; for ``docx`` its bytes. What stands in a notebook or Word document has its place
    there (``cell 3, line 2``) in :meth:`Verified.report`.

    Raises:
        DeriveError: where no relation can be read in the text, or a line of ``names`` gives no name a meaning; where it
            is no notebook or Word document, though ``format`` says so.
        ValueError: where there is no such format.
    """
    read, examiner = _read(text, format), _examiner(network)
    own = own_names(names, "names", examiner.spelling) if names else NO_OWN_NAMES
    found = examiner.examine(read.text, read.kind, strict=strict, decimal=decimal, own=own)
    verification = replace(found, file_parts=read.file_parts)
    if verification.problem:
        raise DeriveError(verification.file, verification.problem, verification.hint)
    return Verified(network, verification)
