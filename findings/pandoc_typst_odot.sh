#!/usr/bin/env bash
# pandoc 3.9 (pypandoc_binary 1.17) with typst 0.15.2: pandoc writes the products in a circle by names that typst has
# dropped, dot.circle for \odot, times.circle for \otimes, minus.circle for \ominus; typst refuses the page ("unknown
# symbol modifier"). \oplus is spelled "xor" and compiles. The entrywise product of backpropagation's
# second equation is the one that is met.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pypandoc_binary==1.17 typst==0.15.2
cd "$folder"
venv/bin/python - >seen <<'PY'
import pathlib

import pypandoc
import typst

print("pandoc", pypandoc.get_pandoc_version())
for tex in (r"\odot", r"\otimes", r"\ominus", r"\oplus"):
    page = pypandoc.convert_text(f"$${tex}$$", "typst", format="markdown").strip()
    pathlib.Path("page.typ").write_text(page)
    try:
        typst.compile("page.typ", output="page.pdf")
        said = "compiles"
    except typst.TypstError as error:
        said = str(error)
    print(tex, "->", page, said)
PY
diff - seen <<'SEEN'
pandoc 3.9
\odot -> $ dot.circle $ unknown symbol modifier
\otimes -> $ times.circle $ unknown symbol modifier
\ominus -> $ minus.circle $ unknown symbol modifier
\oplus -> $ xor $ compiles
SEEN
echo "as described"
