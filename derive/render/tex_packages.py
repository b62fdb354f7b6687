r"""Which packages a piece of LaTeX needs, by the commands in it."""

from __future__ import annotations

import re

_T1 = r"[«»„‚đĐ]|\\k\{"
"""What the fonts of old LaTeX have not."""
_PACKAGES = {
    "amsmath": r"\\begin\{(?:aligned|cases|[bpvBV]?matrix|smallmatrix)\}"
    r"|\\(?:text|[dt]frac|binom|operatorname|boldsymbol|[lr][vV]ert)(?![A-Za-z])",
    "booktabs": r"\\(?:top|mid|bottom)rule(?![A-Za-z])",
    "graphicx": r"\\(?:resizebox|includegraphics)(?![A-Za-z])",
    "hyperref": r"\\(?:href|url|nolinkurl)(?![A-Za-z])",
    "tikz": r"\\begin\{tikzpicture\}",
}
"""Packages, and what is theirs of the commands that our documents have."""


def packages(tex: str) -> tuple[str, ...]:
    r"""The packages, in the order of the alphabet.

    >>> packages(r"\section{A} $\tfrac12$ \toprule")
    ('amsmath', 'booktabs')
    """
    return tuple(name for name, used in _PACKAGES.items() if re.search(used, tex))


def needs(tex: str) -> str:
    r"""A comment that says what the preamble around this LaTeX must load.

    >>> needs(r"\toprule"), needs("«x»"), needs("x")
    ('% needs: \\usepackage{booktabs}\n', '% needs: \\usepackage[T1]{fontenc}\n', '% needs no package\n')
    """
    found = packages(tex)
    loaded = [r"\usepackage[T1]{fontenc}"] if re.search(_T1, tex) else []
    loaded += [rf"\usepackage{{{','.join(found)}}}"] if found else []
    return f"% needs: {' '.join(loaded)}\n" if loaded else "% needs no package\n"
