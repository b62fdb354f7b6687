"""What is built is whole: wheel and sdist hold the templates, and run from another directory."""

from __future__ import annotations

import os
import subprocess
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from derive.words.templates_path import bundled_templates
from tests.support.repository import ROOT

pytestmark = pytest.mark.slow  # pip fetches the build backend and the dependencies

TEMPLATES = {path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*") if path.is_file()}
MODULES = {path.relative_to(ROOT).as_posix() for path in (ROOT / "derive").rglob("*.py")}


def run(*argv: object, cwd: Path) -> str:
    """Run a program away from the repository; its output."""
    ours = ("PYTHONPATH", "PYTHONPYCACHEPREFIX")
    env = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run([str(word) for word in argv], cwd=cwd, env=env, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()[-3000:]
    return done.stdout.decode()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    tools = tmp_path_factory.mktemp("tools") / "venv"
    venv.create(tools, with_pip=True)
    run(tools / "bin" / "pip", "install", "-q", "--no-compile", "build", cwd=folder)
    run(tools / "bin" / "python", "-m", "build", "-o", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, and with all that it says it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=True)
    run(folder / "bin" / "pip", "install", "-q", "--no-compile", one(built, "*.whl"), cwd=built)
    return folder


def one(folder: Path, pattern: str) -> Path:
    (path,) = folder.glob(pattern)
    return path


def test_the_wheel_holds_modules_templates_and_types(built: Path) -> None:
    with zipfile.ZipFile(one(built, "*.whl")) as wheel:
        names = set(wheel.namelist())
        entry = next(name for name in names if name.endswith("entry_points.txt"))
        assert "derive = derive.cli:main" in wheel.read(entry).decode()
        assert any(name.endswith("licenses/LICENSE") for name in names)
    assert names >= MODULES | {"derive/py.typed"}
    assert names >= {f"derive/{name}" for name in TEMPLATES}
    assert not {name for name in names if name.startswith(("tests", "templates", "examples"))}


def test_the_sdist_holds_the_repository(built: Path) -> None:
    with tarfile.open(one(built, "*.tar.gz")) as sdist:
        names = {name.split("/", 1)[1] for name in sdist.getnames() if "/" in name}
    assert names >= MODULES | TEMPLATES | {"README.md", "LICENSE", "pyproject.toml", "tests/conftest.py"}
    assert names >= {str(path.relative_to(ROOT)) for path in (ROOT / "examples").rglob("*.*")}


@pytest.mark.parametrize("way", ["wheel", "sdist", "editable"])
def test_it_runs_from_another_directory(built: Path, environment: Path, tmp_path: Path, way: str) -> None:
    """The same dependencies serve all ways; in turn each takes the package's place."""
    python, derive = environment / "bin" / "python", environment / "bin" / "derive"
    source: tuple[object, ...] = {
        "wheel": (one(built, "*.whl"),),
        "sdist": (one(built, "*.tar.gz"),),
        "editable": ("-e", ROOT),
    }[way]
    run(python, "-m", "pip", "uninstall", "-q", "-y", "derive-backprop", cwd=tmp_path)
    assert not derive.exists()
    run(python, "-m", "pip", "install", "-q", "--no-compile", *source, cwd=tmp_path)
    run(python, "-m", "pip", "check", cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert run(derive, "new", "first.toml", cwd=elsewhere) == ""
    assert run(derive, "notes", "first.toml", cwd=elsewhere) == "output/first.md\n"
    assert (elsewhere / "output" / "first.md").stat().st_size > 1000
    assert '"loss"' in run(derive, "gradients", "first.toml", "--to", "json", cwd=elsewhere)
    where = run(
        python, "-c", "from derive.words.templates_path import bundled_templates as t; print(t())", cwd=elsewhere
    ).strip()
    inside = ROOT if way == "editable" else environment
    assert Path(where).is_relative_to(inside)


def test_without_its_templates_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's folder of that name beside the package is not taken."""
    from derive.words import templates_path

    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(templates_path, "__file__", str(tmp_path / "derive" / "words" / "templates_path.py"))
    with pytest.raises(FileNotFoundError, match="without its templates"):
        bundled_templates()
