"""From a network to a document: the whole way.

:func:`document` makes one document, :func:`notes` its text alone. A :class:`Press` makes many: it keeps the rendered
text of a network's structure and fills other numbers in (see :mod:`derive.lesson.slots`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack, get_args

from derive.checked.in_full import InFull
from derive.checked.proof import Proven, worked
from derive.errors import DeriveError, quoted
from derive.lesson import shown_parameters, style_of
from derive.lesson.contents import Contents, FigureMode, LeftOut
from derive.lesson.figures import Figures
from derive.lesson.in_full import in_full
from derive.lesson.remembered import Memory
from derive.lesson.skeleton import Skeleton
from derive.network import Network
from derive.render.export import Document
from derive.render.formats import FORMATS, Format
from derive.render.layout import figures_of
from derive.render.page import Page
from derive.render.structure import structure
from derive.suggestions import nearest
from derive.uncollected import no_collection
from derive.words.templates_path import bundled_templates
from derive.words.voice import ENGLISH, languages

__all__ = ["FORMATS", "Document", "Press", "document", "notes"]

STEM = "notes"
"""The name of a document of which no file is named."""
MAX_STRUCTURES = 12
"""At most this many structures, each with what is worked in full, are kept: the ones that were met last."""
MAX_MEMORIES = 4
"""Of at most this many structures the parts are kept, whatever is worked in full."""
MAX_SKELETONS = 12
"""At most this many texts are kept for one structure: they differ where numbers decide what is said."""


FIGURE_MODES: tuple[FigureMode, ...] = get_args(FigureMode)
CHECKS = ("sympy",)
"""The checks that are made where they are asked for."""


class Options(TypedDict, total=False):
    """What a :class:`Press` takes."""

    to: str | Format
    style: str | None
    show: Sequence[str] | None
    templates: str | Path | None
    fragment: bool
    width: str | None
    check: str | None
    language: str | None
    figures: FigureMode
    questions: LeftOut | None
    card: bool


def notes(network: Network, **options: Unpack[Options]) -> str:
    """The text of the document of a network; ``options`` are those of a :class:`Press`.

    Raises:
        DeriveError: where a value is outside a domain, a name is unknown, or a template is wrong; where a check finds
            another number.
        ValueError: where the width is none that a page has.
    """
    return document(network, **options).text


def document(network: Network, *, name: str = STEM, **options: Unpack[Options]) -> Document:
    """The document of a network, its text and the files beside it.

    Args:
        network: what to derive.
        name: of the document, without its ending: the names of its files begin with it.
        options: those of a :class:`Press`.

    Raises:
        DeriveError, ValueError: as :func:`notes`.
    """
    return Press(**options).document(network, name)


class Press:
    """Makes documents of one format and style; networks of the same structure share their rendered text."""

    def __init__(
        self,
        *,
        to: str | Format = "markdown",
        style: str | None = None,
        show: Sequence[str] | None = None,
        templates: str | Path | None = None,
        fragment: bool = False,
        width: str | None = None,
        check: str | None = None,
        language: str | None = None,
        figures: FigureMode = "drawn",
        questions: LeftOut | None = None,
        card: bool = False,
    ) -> None:
        """Choose how documents look.

        Args:
            to: a format, or the name of one of :data:`FORMATS`.
            style: how the backward pass reads, a style of :data:`derive.lesson.STYLES`.
            show: the parameters to work in full.
            templates: a folder of templates that is searched first.
            fragment: LaTeX without its preamble.
            width: of the lines at 11 pt, as ``110mm``; default: the text of an A4 page.
            check: ``sympy`` has every line of both passes worked by SymPy, too, before anything is written.
            language: of the words, a folder of ``wording`` in the templates; default: what the spec says.
            figures: ``none`` leaves them out, but for data; ``words`` says what they show where they would be files.
            questions: ``none`` leaves out the questions and their answers.
            card: one page in place of the whole derivation.
        """
        if check not in (None, *CHECKS):
            raise ValueError(f"unknown check {check!r}; known: {', '.join(CHECKS)}")
        if figures not in FIGURE_MODES:
            raise ValueError(f"unknown choice of figures {figures!r}; known: {', '.join(FIGURE_MODES)}")
        if questions not in (None, "none"):
            raise ValueError(f"questions may be left out by 'none', not {questions!r}")
        self._by_sympy = check == "sympy"
        self._style = style
        self._show = tuple(show) if show is not None else None
        self._language = language
        own = [Path(templates)] if templates is not None else []
        self._folders = (*own, bundled_templates())
        form = FORMATS[to] if isinstance(to, str) else to
        contents = Contents(figures=figures, questions=questions != "none", card=card)
        self._new_page = partial(Page, form, self._folders, fragment=fragment, width=width, contents=contents)
        self._pages: dict[str, Page] = {ENGLISH: self._new_page()}
        self._skeletons: dict[object, list[Skeleton]] = {}
        self._memories: dict[object, Memory] = {}

    def notes(self, network: Network) -> str:
        """The text of the document of a network."""
        return self.document(network).text

    def document(self, network: Network, name: str = STEM) -> Document:
        """The document of a network: worked and checked, laid out, rendered, its numbers filled in."""
        style = style_of(network, self._style)
        named = None if self._show is None else shown_parameters(network, self._show)
        page = self.page(self._language or network.spec.language)

        def use(work: Proven) -> Document:
            figures = first = figures_of(work)
            known = self._known(page, work.in_full, figures)
            fitting = _fitting(known, figures)
            if fitting is None:
                skeleton, figures = page.skeleton(work, figures, style, self._memory(page, figures))
            else:
                skeleton, figures = fitting
            written = Document(*skeleton.fill(figures, name))
            if fitting is None and work.network.spec.numbers.rounding == "end":
                del known[MAX_SKELETONS - 1 :]
                known.insert(0, skeleton)
            first.forget()
            return written

        with no_collection():  # of what stays from one document for the next there is much, and nearly no garbage
            return worked(network, use, in_full=partial(in_full, named=named), by_sympy=self._by_sympy)

    def _known(self, page: Page, chosen: InFull, figures: Figures) -> list[Skeleton]:
        """The texts of a structure and of what is worked in full, which now are those that were met last."""
        key = (page, chosen, _shared(figures))
        found = self._skeletons[key] = self._skeletons.pop(key, [])
        if len(self._skeletons) > MAX_STRUCTURES:
            del self._skeletons[next(iter(self._skeletons))]
        return found

    def _memory(self, page: Page, figures: Figures) -> Memory:
        """The parts that were written of the network's structure, whatever was worked in full."""
        key = (page, _shared(figures))
        found = self._memories.pop(key, None)
        if found is None or found.is_full:
            found = Memory()
        self._memories[key] = found
        if len(self._memories) > MAX_MEMORIES:
            del self._memories[next(iter(self._memories))]
        return found

    def page(self, language: str = ENGLISH) -> Page:
        """The page that writes in a language.

        Raises:
            DeriveError: where there is no wording in that language.
        """
        if language not in self._pages:
            if language not in (known := languages(self._folders)):
                raise DeriveError("language", f"there is no wording in {quoted(language)}", nearest(language, known))
            self._pages[language] = self._new_page(language=language)
        return self._pages[language]


def _shared(figures: Figures) -> object:
    """What networks share that share texts and parts.

    Figures that some networks of a structure have and others have not must be there or not in all of them: a text could
    not even be asked whether it fits without them.
    """
    batches = figures.network.spec.training.batch_size is not None
    opinion = figures.opinion
    there = (len(opinion.quotients), len(opinion.changes), batches and figures.whole is None)
    return structure(figures.network), there


def _fitting(known: Sequence[Skeleton], figures: Figures) -> tuple[Skeleton, Figures] | None:
    """The first of these texts that would say of these numbers what stands in it, and the numbers as it prints them."""
    for skeleton in known:
        settled = skeleton.settled(figures)
        if skeleton.fits(settled):
            return skeleton, settled
    return None
