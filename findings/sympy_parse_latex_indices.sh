#!/usr/bin/env bash
# SymPy 1.14.0 with antlr4-python3-runtime 4.11.1: `parse_latex` keeps a subscript only where it stands before the
# superscript. w_{43}^{1} is read with its indices; w^{1}_{43} loses them without a word, so the difference of two
# different weights is 0. TeX sets both spellings alike. A decimal with TeX's braced comma, 0{,}5209, ends at the
# comma and is 0, and \hat{y} is a product of a symbol "hat" and y.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q sympy==1.14.0 antlr4-python3-runtime==4.11.1 mpmath==1.3.0
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from sympy.parsing.latex import parse_latex

for tex in (r"w_{43}^{1}", r"w_{43}^{1} - w_{42}^{1}", r"w^{1}_{43}", r"w^{1}_{43} - w^{1}_{42}", "0{,}5209"):
    print(tex, "->", parse_latex(tex).doit())
print(r"\hat{y} ->", sorted(map(str, parse_latex(r"\hat{y}").free_symbols)))
PY
diff - "$folder/seen" <<'SEEN'
w_{43}^{1} -> w_{43}
w_{43}^{1} - w_{42}^{1} -> -w_{42} + w_{43}
w^{1}_{43} -> w
w^{1}_{43} - w^{1}_{42} -> 0
0{,}5209 -> 0
\hat{y} -> ['hat', 'y']
SEEN
echo "as described"
