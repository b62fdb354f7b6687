"""The wording of a language: which languages there are, and what is said of a sentence that is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.errors import DeriveError
from derive.words.voice import Voice, languages


def test_a_folder_without_sentences_is_no_language(tmp_path: Path) -> None:
    (tmp_path / "wording" / "xx").mkdir(parents=True)
    (tmp_path / "wording" / "yy").mkdir()
    (tmp_path / "wording" / "yy" / "graph.j2").write_text("{% block opening %}Ja.{% endblock %}", encoding="utf-8")
    assert languages((tmp_path,)) == ("yy",)
    with pytest.raises(DeriveError, match="no sentence") as raised:
        Voice((tmp_path,), "yy").word("graph.other")
    assert raised.value.hint == "copy its block from graph.j2 of 'en', and write it in this language"
