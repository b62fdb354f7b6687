#!/usr/bin/env bash
# latex2sympy2_extended 1.11.0 (the reader behind automatic graders of mathematical answers): a prime is dropped, so
# that a weight after an update equals the weight before it and \sigma'(z) equals \sigma(z); capitals become small
# letters, so that W - w and A - a are 0; 0{,}5209 is the set of 0 and 5209.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q latex2sympy2_extended==1.11.0 sympy==1.14.0 antlr4-python3-runtime==4.13.2
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from latex2sympy2_extended import latex2sympy

for tex in (r"w' - w", r"\sigma'(z) - \sigma(z)", "W - w", "A - a", "0{,}5209"):
    print(tex, "->", latex2sympy(tex).doit())
PY
diff - "$folder/seen" <<'SEEN'
w' - w -> 0
\sigma'(z) - \sigma(z) -> 0
W - w -> 0
A - a -> 0
0{,}5209 -> {0, 5209}
SEEN
echo "as described"
