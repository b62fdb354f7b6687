#!/usr/bin/env bash
# SymPy 1.14.0: what `evaluate=False` kept apart does not always survive `pickle`: a product in a product is multiplied
# out on the way back, and is not equal to what went in, while sums stay as they are. And the square of a `Piecewise` that
# is left as it is cannot be printed: `latex` ends in a TypeError, as it hands the exponent to a printer that takes none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q sympy==1.14.0 mpmath==1.3.0
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
import pickle

from sympy import Add, Mul, Piecewise, Pow, latex, symbols

p, q = symbols("p q", real=True)
for expression in (
    Add(p, Mul(-1, q, evaluate=False), evaluate=False),
    Mul(2, Mul(3, p, evaluate=False), evaluate=False),
    Add(p, q, evaluate=False),
):
    again = pickle.loads(pickle.dumps(expression))
    print(expression, "->", again, again == expression)
try:
    print(latex(Pow(Piecewise((0, p < 0), (1, True)), 2, evaluate=False)))
except TypeError as error:
    print("latex:", error)
PY
diff - "$folder/seen" <<'SEEN'
p - q -> p - q True
2*(3*p) -> 6*p False
p + q -> p + q True
latex: LatexPrinter._print_Piecewise() got an unexpected keyword argument 'exp'
SEEN
echo "as described"
