"""The wording: every sentence that a lesson says is there, none is left over; every rule and name has its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jinja2
import pytest

from derive.differentiate import rules
from derive.errors import DeriveError
from derive.lesson.blocks import say
from derive.lesson.working_lines import rule_key
from derive.ops import ACTIVATIONS, LOSSES, OBJECTIVES, OPTIMIZERS
from derive.words.runs import Tex, Words
from derive.words.templates_path import bundled_templates
from derive.words.templating import environment
from derive.words.voice import Span, Voice

ROOT = Path(__file__).resolve().parents[2]
WORDING = ROOT / "templates" / "wording" / "en"
DYNAMIC = ("optimizers.", "objectives.", "names.", "rules.", "numbers.")
VERIFICATION = ("verify.", "report.")
"""What is said of claims: a sentence for a cause and a hint for it, for a verdict, for a note."""


def sentences() -> set[str]:
    return {
        f"{path.stem}.{key}"
        for path in WORDING.glob("*.j2")
        for key in re.findall(r"{% block (\w+) %}", path.read_text(encoding="utf-8"))
    }


def said() -> Iterator[str]:
    for room in ("lesson", "render"):
        for path in (ROOT / "derive" / room).rglob("*.py"):
            yield from re.findall(r'"([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8"))


def test_every_sentence_is_there_and_none_is_left_over() -> None:
    files = {path.stem for path in WORDING.glob("*.j2")}
    used = {key for key in said() if key.split(".")[0] in files}
    there = sentences()
    assert used - there == set()
    keys_built_at_run_time = {key for key in there if key.startswith(DYNAMIC)}
    left_over = there - used - keys_built_at_run_time
    assert {key for key in left_over if not _built(key) and not _of_claims(key) and not _of_a_kind(key)} == set()


def _of_a_kind(key: str) -> bool:
    """Whether a kind of question, or a common mistake, in the code has the key's name."""
    file, _, name = key.partition(".")
    kinds = (ROOT / "derive" / "lesson" / "parts").glob(f"{file}_of_*.py")
    return any(f'"{name.removesuffix("_answer")}"' in path.read_text(encoding="utf-8") for path in kinds)


def _of_claims(key: str) -> bool:
    """Whether a cause, a verdict or a note in the code has the key's name, in one piece or in two."""
    whole = key.partition(".")[2].removesuffix("_hint")
    name = whole.removeprefix("verdict_").removeprefix("part_")
    pieces = [(name[:i], name[i:]) for i in range(1, len(name)) if "_" in name[i - 1 : i + 1]]
    words = _words_of_claims()
    return key.startswith(VERIFICATION) and bool({whole, name} & words or any({*both} <= words for both in pieces))


@cache
def _words_of_claims() -> frozenset[str]:
    """All that stands in quotation marks in the code."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "derive" / "verification").rglob("*.py"))
    return frozenset(re.findall(r"(?<=[\"'.}])[a-z_]+(?=[\"'{])", code))


def _built(key: str) -> bool:
    """Whether the code builds the key from its file and a last part (``f"network.{key}"``)."""
    file, _, last = key.partition(".")
    rooms = [ROOT / "derive" / room for room in ("lesson", "render")]
    text = "".join(path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py"))
    return f'f"{file}.{{' in text and f'"{last}"' in text


def test_every_rule_and_name_has_words() -> None:
    there = sentences()
    assert {rule_key(rule) for rule in rules()} <= there
    assert {f"names.{name}" for name in (*ACTIVATIONS, *LOSSES)} <= there
    numbers = {f"{key}_number" for entry in OPTIMIZERS.values() for key in entry.parameters}
    asked = {f"optimizers.{name}" for name in (*OPTIMIZERS, *numbers)}
    assert {key for key in there if key.startswith("optimizers.")} == asked
    assert {key for key in there if key.startswith("objectives.")} == {f"objectives.{name}" for name in OBJECTIVES}


@pytest.mark.parametrize("path", sorted(WORDING.glob("*.j2")), ids=lambda path: path.stem)
def test_no_filler(path: Path) -> None:
    words = re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower())
    assert not {"simply", "obviously", "clearly", "basically", "just", "easily"} & set(words)


def voice(folder: Path, text: str) -> Voice:
    (folder / "wording" / "en").mkdir(parents=True, exist_ok=True)
    (folder / "wording" / "en" / "own.j2").write_text(text, encoding="utf-8")
    return Voice([folder, bundled_templates()])


def test_runs_of_a_sentence(tmp_path: Path) -> None:
    text = (
        "{% block s %}The\n  {% filter strong %}unit {{ z }}{% endfilter %} is "
        '{{ "x"|math }}, {{ n|code }}.{% endblock %}'
    )
    spans = voice(tmp_path, text).spans(say("own.s", z=Tex("z_1"), n="a_b"))
    assert spans == (
        Span("text", "The "),
        Span("strong", (Span("text", "unit "), Span("math", "z_1"))),
        Span("text", " is "),
        Span("math", "x"),
        Span("text", ", "),
        Span("code", "a_b"),
        Span("text", "."),
    )


def test_series_and_sentences_in_sentences(tmp_path: Path) -> None:
    text = '{% block list %}{{ names|series(" and ") }}{% endblock %}{% block outer %}({{ inner }}){% endblock %}'
    inner = say("own.list", names=[Tex("a"), Tex("b"), "c"])
    spans = voice(tmp_path, text).spans(say("own.outer", inner=inner))
    assert "".join(str(span.content) for span in spans) == "(a, b and c)"
    assert [span.content for span in spans if span.kind == "math"] == ["a", "b"]


def test_the_authors_words_are_no_templates(tmp_path: Path) -> None:
    spans = voice(tmp_path, "").spans(Words(("{{ 7*7 }} ", Tex("x"))))
    assert spans == (Span("text", "{{ 7*7 }} "), Span("math", "x"))


def test_an_unknown_sentence_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DeriveError, match="nothing"):
        voice(tmp_path, "").spans(say("own.nothing"))


def test_an_unknown_fact_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DeriveError, match="fact"):
        voice(tmp_path, "{% block s %}{{ fact }}{% endblock %}").spans(say("own.s"))


def test_jinja_is_strict() -> None:
    assert environment((WORDING,)).undefined is jinja2.StrictUndefined


def test_a_mistake_has_its_line_and_troubles_only_its_sentence(tmp_path: Path) -> None:
    """A sentence is compiled when it is first said."""
    speaker = voice(tmp_path, "{% block a %}one{% endblock %}\n{% block b %}\n{{ x }\n{% endblock %}\n")
    assert speaker.spans(say("own.a")) == (Span("text", "one"),)
    with pytest.raises(DeriveError, match=r"own\.j2: line 3: "):
        speaker.spans(say("own.b", x=1))
