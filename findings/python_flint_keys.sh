#!/usr/bin/env bash
# python-flint 0.9.0: an `arb` equals the Python integer of its value but does not hash like it, so that a dictionary
# finds neither by the other; an inexact `arb` has no hash at all (ValueError). Code that keys a table by balls runs on
# every example with rational numbers and stops at the first cosine. An exact fraction (`fmpq`) keeps Python's rule.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q python-flint==0.9.0
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from flint import arb, fmpq

print("arb(1) == 1:", arb(1) == 1, "| in {1}:", arb(1) in {1})
print("fmpq(1) == 1:", fmpq(1) == 1, "| in {1}:", fmpq(1) in {1})
try:
    print(hash(arb(1).cos()))
except ValueError as error:
    print("hash(arb(1).cos()):", str(error).partition(":")[0])
PY
diff - "$folder/seen" <<'SEEN'
arb(1) == 1: True | in {1}: False
fmpq(1) == 1: True | in {1}: True
hash(arb(1).cos()): Cannot hash non-exact arb
SEEN
echo "as described"
