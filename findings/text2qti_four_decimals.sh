#!/usr/bin/env bash
# text2qti 0.8.0 (quizzes for Canvas as QTI 1.2): the bounds of a numerical answer are written with four decimals, however
# many the answer and its tolerance have. 0.0012 +- 0.00005 becomes 0.0011 to 0.0012, so that 0.00123 is marked wrong and
# 0.0011 right, each without a word; an answer smaller than 0.0001 in size is refused. Gradients of a worked example are
# often that small: a spread of six decimals has to be given in larger units.
# qti-package-maker 26.7.14 keeps the digits of the same answer, but writes what binary floats give: the upper bound is
# 0.0012499999999999998, and an answer of 0.00125 lies outside.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q text2qti==0.8.0 qti-package-maker==26.7.14
printf 'Quiz title: gradients\n\n1. dE/dw\n= 0.0012 +- 0.00005\n' >small.md
venv/bin/text2qti small.md >/dev/null
cat >pack.py <<'PY'
from qti_package_maker.package_interface import QTIPackageInterface

package = QTIPackageInterface("small", verbose=False)
package.add_item("NUM", ("dE/dw", 0.0012, 0.00005))
package.save_package("canvas_qti_v1_2")
PY
venv/bin/python pack.py >/dev/null
cat >bounds.py <<'PY'
import re
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as package:
    texts = [package.read(name).decode() for name in package.namelist() if name.endswith(".xml")]
print(*re.findall(r"<(var\w+) [^>]*>([^<]+)<", "".join(texts)))
PY
diff - <(for file in small.zip qti12-small.zip; do venv/bin/python bounds.py "$file"; done) <<'SEEN'
('varequal', '0.0012') ('vargte', '0.0011') ('varlte', '0.0012')
('varequal', '0.0012') ('vargte', '0.00115') ('varlte', '0.0012499999999999998')
SEEN
printf 'Quiz title: gradients\n\n1. dE/dw\n= 0.00004 +- 0.000001\n' >smaller.md
! venv/bin/text2qti smaller.md 2>said >/dev/null
grep -q "magnitude >= 0.0001" said
echo "as described"
