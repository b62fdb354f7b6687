"""Sentences that need no Jinja say what Jinja says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from derive.errors import DeriveError
from derive.words import voice
from derive.words.runs import Say, Tex
from derive.words.voice import Voice

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
BLOCK = re.compile(r"{% block (\w+) %}(.*?){% endblock %}", re.DOTALL)
LIST = re.compile(r"(\w+)\|series")
COUNTED = re.compile(r"if (\w+) == 1 else")


def facts_of(body: str, count: int) -> dict[str, Any]:
    """A fact for every word between braces: lists where they are listed, counts, else formulas and words in turn."""
    listed = set(LIST.findall(body))
    names = [name for piece in re.findall(r"{{ (.*?) }}", body) for name in re.findall(r"^[a-z_]\w*", piece)]
    found = {
        name: [Tex("x_1"), "two", Tex("y")] if name in listed else Tex(rf"\frac{{1}}{{{i}}}") if i % 2 else f"word {i}"
        for i, name in enumerate(dict.fromkeys(names))
    }
    return found | dict.fromkeys(COUNTED.findall(body), count)


def test_each_sentence_is_the_same_in_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    short = 0
    for path in sorted((TEMPLATES / "wording" / "en").glob("*.j2")):
        for key, body in BLOCK.findall(path.read_text(encoding="utf-8")):
            if "{" not in body or voice.short_sentence(body, voice.FENCE_OF) is None:
                continue
            short += 1
            for count in (1, 2):
                sentence = Say(f"{path.stem}.{key}", facts_of(body, count))
                quickly = Voice([TEMPLATES]).spans(sentence)
                with monkeypatch.context() as patched:
                    patched.setattr(voice, "short_sentence", lambda *_: None)
                    assert Voice([TEMPLATES]).spans(sentence) == quickly, sentence.key
    assert short > 200


@pytest.mark.parametrize(
    "body",
    [
        "{{ a if b else c }}",
        "{% if a %}x{% endif %}",
        "{{ a.b }}",
        "{{- a }}",
        "{{ a|upper }}",
        "{% filter upper %}a{% endfilter %}",
        "{% filter strong %}a",
        "a{% endfilter %}",
        r'{{ "\n"|math }}',
        "{# a #}",
    ],
)
def test_anything_else_is_left_to_jinja(body: str) -> None:
    assert voice.short_sentence(body, voice.FENCE_OF) is None


def test_a_missing_fact_is_reported_as_ever(tmp_path: Path) -> None:
    folder = tmp_path / "wording" / "en"
    folder.mkdir(parents=True)
    (folder / "network.j2").write_text("{% block title %}Of {{ nobody }}{% endblock %}", encoding="utf-8")
    with pytest.raises(DeriveError, match="'nobody' is undefined"):
        Voice([tmp_path, TEMPLATES]).spans(Say("network.title", {"form": "layers"}))
