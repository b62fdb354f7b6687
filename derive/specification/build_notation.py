"""The notation from its fields, and the formulas in the author's words, which are written in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from derive.model import Difference, NotationSpec
from derive.naming.families import FAMILIES
from derive.naming.names import Names
from derive.naming.presets import PRESETS
from derive.place import Place
from derive.specification.exercise import known_name
from derive.specification.kinds import BAD


def build_notation(table: Any, names: Names, place: Place, *, descends: bool) -> NotationSpec:
    """The notation; two looks of one quantity and one look of two quantities are noted.

    ``descends``: there is a learning rate to be told from the others.
    """
    if not isinstance(table, dict) or BAD in table.values():
        return NotationSpec(loss=names.loss)
    found: dict[str, str] = {}
    places = {names.loss: place.at("loss")} if table["loss"] is not None else {}
    for key, text in table["names"].items():
        here = place.at("names").at(key)
        name = known_name(key, names, here)
        twice = name in found or (name in places and text != table["loss"])
        if twice:
            here.error(f"'{name}' has two notations", "keep one of them")
        elif name is not None:
            found[name], places[name] = text, here
    letters = {family.key: table[family.key] for family in FAMILIES if table[family.key] is not None}
    spec = NotationSpec(table["preset"], table["loss"] or names.loss, tuple(found.items()), tuple(letters.items()))
    _check_used(spec, names, place)
    if (places or letters) and not place.errors:
        from derive.specification.same_look import check_letters, check_looks

        check_letters(spec, names, place, loss=table["loss"] is not None)
        if not place.errors:
            check_looks(spec, places, names, place, descends=descends)
    return spec


def _check_used(spec: NotationSpec, names: Names, place: Place) -> None:
    """Note letters of quantities that are not there: they would be taken for a choice that has its effect."""
    layered = {family.key for family in FAMILIES if family.layered}
    for key, _ in spec.letters:
        if key in layered and not names.sizes:
            hint = 'give TeX to single names: names = { w1 = "\\\\theta_1" }'
            place.at(key).error("a graph has no layers: its names are the author's own", hint)
        elif key == "bias" and PRESETS[spec.preset].bias_unit:
            place.at(key).error(f"with the preset '{spec.preset}' a bias is a weight from unit 0", "leave it out")


def build_meaning(table: Any, names: Names, place: Place) -> tuple[tuple[str, str], ...]:
    """What quantities stand for, by their canonical names; names that are none, and two meanings of one, are noted."""
    found: dict[str, str] = {}
    for key, text in ({} if table is BAD else table).items():
        name = known_name(key, names, place.at(key))
        if name in found:
            place.at(key).error(f"'{name}' has two meanings", "keep one of them")
        elif name is not None:
            found[name] = text
    return tuple(found.items())


MAX_DOLLARS = 2_000
"""At most this many in all the words of a spec, so that reading their formulas takes no time to speak of."""


def check_words(texts: Mapping[str, Any], names: Names, notation: NotationSpec, place: Place) -> None:
    """Note what is no formula between the dollars of the author's texts.

    Each is one text, or a list of texts or of differences from the source.
    """
    from derive.naming.author_words import WordsRefused, paragraphs, runs
    from derive.naming.notation import Notation

    shown = Notation.of_names(names, notation)
    dollars, before = 0, len(place.errors)
    for here, text in _written(texts, place):
        dollars += text.count("$")
        if dollars > MAX_DOLLARS:
            here.error(f"more than {MAX_DOLLARS // 2:,} formulas in the words of one spec", "leave some of them out")
            return
        try:
            for paragraph in paragraphs(text):
                runs(paragraph, shown)
        except WordsRefused as error:
            here.error(str(error), error.hint)
        if len(place.errors) - before >= 10:
            return


def _written(texts: Mapping[str, Any], place: Place) -> Iterator[tuple[Place, str]]:
    """The texts in which dollars stand, and where each is."""
    for key, value in texts.items():
        here = place.at(key)
        if isinstance(value, str):
            found = [(here, value)]
        else:
            entries = enumerate(() if value is BAD else value)
            found = [part for i, entry in entries for part in _parts(entry, here.item(i))]
        yield from ((there, text) for there, text in found if "$" in text)


def _parts(entry: str | Difference, place: Place) -> list[tuple[Place, str]]:
    """The texts of an entry of a list, and where each is."""
    if isinstance(entry, str):
        return [(place, entry)]
    return [(place.at("says"), entry.says), (place.at("is"), entry.holds), (place.at("effect"), entry.effect)]
