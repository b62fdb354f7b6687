#!/usr/bin/env bash
# pandoc 3.9 (pypandoc_binary 1.17) reading LaTeX drops about half of the standard text symbols that have no shorthand,
# without a warning, and what stood on their sides runs together: 3\textendash{}5 becomes 35, 3\texttimes{}5 as well,
# -3 by \textminus becomes 3, w\textunderscore{}1 becomes w1. Others of the same family (\textdegree, \textonehalf,
# \textless) are read. A page range or a dimension in a caption of a network thus turns into another number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pypandoc_binary==1.17
"$folder/venv/bin/python" - >"$folder/seen" 2>"$folder/warned" <<'PY'
import pypandoc

print("pandoc", pypandoc.get_pandoc_version())
SYMBOLS = "endash emdash minus times div pm percent bar underscore ellipsis degree onehalf less dollar bullet"
for symbol in SYMBOLS.split():
    text = pypandoc.convert_text(rf"3\text{symbol}{{}}5", "plain", format="latex", extra_args=["--verbose"])
    print(symbol, text.strip())
PY
diff - "$folder/seen" <<'SEEN'
pandoc 3.9
endash 35
emdash 35
minus 35
times 35
div 35
pm 35
percent 35
bar 35
underscore 35
ellipsis 35
degree 3°5
onehalf 3½5
less 3<5
dollar 3$5
bullet 3•5
SEEN
test ! -s "$folder/warned"
echo "as described"
