"""From a network to a document in one of the text formats.

:func:`notes` makes one document. A :class:`Press` makes many: it keeps the rendered text of a network's structure and
fills other numbers in (see :mod:`derive.lesson.slots`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from derive.checked.proof import Proven, worked
from derive.lesson import shown_parameters, style_of
from derive.lesson.blocks import Lesson
from derive.lesson.slots import Skeleton
from derive.network import Network
from derive.render.formats import FORMATS
from derive.render.layout import figures_of
from derive.render.page import Page
from derive.render.structure import structure
from derive.words.templates_path import bundled_templates

__all__ = ["FORMATS", "Press", "notes", "render"]


def notes(
    network: Network,
    *,
    to: str = "markdown",
    style: str | None = None,
    show: Sequence[str] | None = None,
    templates: str | Path | None = None,
    fragment: bool = False,
    width: str | None = None,
) -> str:
    """The document of a network.

    Args:
        network: what to derive.
        to: a format of :data:`FORMATS`.
        style: how the backward pass reads, a style of :data:`derive.lesson.STYLES`.
        show: the parameters to work in full.
        templates: a folder of templates that is searched first.
        fragment: LaTeX without its preamble.
        width: of the lines at 11 pt, as ``110mm``; default: the text of an A4 page.

    Raises:
        DeriveError: where a value is outside a domain, a name is unknown, or a template is wrong.
        ValueError: where the width is none that a page has.
    """
    press = Press(to=to, style=style, show=show, templates=templates, fragment=fragment, width=width)
    return press.notes(network)


class Press:
    """Makes documents of one format and style; networks of the same structure share their rendered text."""

    def __init__(
        self,
        *,
        to: str = "markdown",
        style: str | None = None,
        show: Sequence[str] | None = None,
        templates: str | Path | None = None,
        fragment: bool = False,
        width: str | None = None,
    ) -> None:
        self._style = style
        self._show = tuple(show) if show is not None else None
        own = [Path(templates)] if templates is not None else []
        self._page = Page(FORMATS[to], [*own, bundled_templates()], fragment=fragment, width=width)
        self._skeletons: dict[object, list[Skeleton]] = {}

    def notes(self, network: Network) -> str:
        """The document of a network."""
        style, shown = style_of(network, self._style), shown_parameters(network, self._show)
        known = self._skeletons.setdefault(structure(network), [])

        def use(work: Proven) -> str:
            figures = figures_of(work)
            for skeleton in known:
                settled = skeleton.settled(figures)
                if skeleton.fits(settled):
                    return skeleton.fill(settled)
            skeleton, figures = self._page.skeleton(work, figures, style, shown)
            text = skeleton.fill(figures)
            if work.network.spec.numbers.rounding == "end":
                del known[MAX_SKELETONS - 1 :]
                known.insert(0, skeleton)
            return text

        return worked(network, use, shown=shown)


MAX_SKELETONS = 12
"""At most this many texts are kept for one structure: they differ where numbers decide what is said."""


def render(built: Lesson, to: str, templates: str | Path | None = None, *, fragment: bool = False) -> str:
    """A lesson without tokens as text of a format."""
    own = [Path(templates)] if templates is not None else []
    return Page(FORMATS[to], [*own, bundled_templates()], fragment=fragment).render(built)
