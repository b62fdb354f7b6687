#!/usr/bin/env bash
# pylatexenc 2.11: latex2text writes a fraction as numerator/denominator without brackets, so that the text of a sum
# over a sum is another number: the sigmoid's \frac{1}{1+e^{-z}} becomes 1/1+e^-z. A square root keeps its brackets.
# An underbrace's label becomes a subscript of what stands above it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pylatexenc==2.11
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from pylatexenc.latex2text import LatexNodes2Text

for tex in (r"$\frac{1}{1+e^{-z}}$", r"$-\frac{t}{1-y}$", r"$\sqrt{x+1}$", r"$\underbrace{a}_{b}$"):
    print(tex, "->", LatexNodes2Text().latex_to_text(tex))
PY
diff - "$folder/seen" <<'SEEN'
$\frac{1}{1+e^{-z}}$ -> 1/1+e^-z
$-\frac{t}{1-y}$ -> -t/1-y
$\sqrt{x+1}$ -> √(x+1)
$\underbrace{a}_{b}$ -> a_b
SEEN
echo "as described"
