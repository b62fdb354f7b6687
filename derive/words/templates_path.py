"""Where the templates are."""

from __future__ import annotations

from pathlib import Path


def bundled_templates() -> Path:
    """The folder of templates: inside the package once installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    if (installed := package / "templates").is_dir():
        return installed
    # Without this guard a broken install would render a stranger's site-packages/templates.
    if (package.parent / "pyproject.toml").is_file() and (package.parent / "templates").is_dir():
        return package.parent / "templates"
    raise FileNotFoundError(f"derive was installed without its templates: {installed}")
