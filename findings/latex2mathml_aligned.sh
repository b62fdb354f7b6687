#!/usr/bin/env bash
# latex2mathml 3.81.1: `aligned`, the environment that Markdown's displays of several rows use, is no table for it (the
# stars and `split` are). Its rows become one line, and each `&` is put into the MathML bare, so that an XML parser
# refuses the whole formula. Nothing is raised. \text{a & b} ends the same way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q latex2mathml==3.81.1
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
import xml.etree.ElementTree as ElementTree

from latex2mathml.converter import convert

for name in ("align*", "split", "aligned"):
    page = convert(rf"\begin{{{name}}} a &= b \\ &= c \end{{{name}}}")
    try:
        ElementTree.fromstring(page)
    except ElementTree.ParseError as error:
        parsed = str(error).partition(":")[0]
    else:
        parsed = "well-formed"
    print(f"{name}: rows {page.count('<mtr>')}, {parsed}")
PY
diff - "$folder/seen" <<'SEEN'
align*: rows 2, well-formed
split: rows 2, well-formed
aligned: rows 0, not well-formed (invalid token)
SEEN
echo "as described"
