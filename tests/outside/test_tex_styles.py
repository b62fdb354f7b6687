"""LaTeX compiles in every style and notation."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive import network, specification
from derive.lesson import styles_of
from derive.naming.presets import PRESETS
from derive.render.document import notes
from tests.support.outside.tex import EXAMPLES, compile_tex
from tests.verification.test_own_letters import LETTERS, lettered

pytestmark = pytest.mark.usefixtures("one_proof")


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_style(path: Path, tmp_path: Path) -> None:
    made = network.build(specification.load(str(path)))
    for style in styles_of(made):
        compile_tex(tmp_path, notes(made, to="latex", style=style))


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("preset", [preset for preset in PRESETS if preset != "superscript"])
def test_every_notation(preset: str, tmp_path: Path) -> None:
    for path in EXAMPLES:
        text = path.read_text("utf-8")
        if "[notation]" not in text:
            text += f'\n[notation]\npreset = "{preset}"\n'
            compile_tex(tmp_path, notes(network.build(specification.loads(text)), to="latex"))


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("letters", LETTERS)
def test_letters_of_its_own(letters: str, tmp_path: Path) -> None:
    for number, path in enumerate(EXAMPLES):
        made = lettered(path.stem, letters, list(PRESETS)[number % len(PRESETS)])
        styles = styles_of(made)
        compile_tex(tmp_path, notes(made, to="latex", style=styles[number % len(styles)]))
