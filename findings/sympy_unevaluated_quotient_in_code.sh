#!/usr/bin/env bash
# SymPy 1.14.0: a quotient by a fraction that is left as it is, x/(1/2), loses its brackets behind a minus sign:
# `str`, the printers of code and therefore `lambdify` write -x/1/2, which is a quarter of it. `evalf` has the right
# number, so that one expression has two. Without the minus, or behind two of them, the brackets stand.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q sympy==1.14.0 mpmath==1.3.0
"$folder/venv/bin/python" - >"$folder/seen" <<'PY'
from sympy import Mul, Pow, Rational, Symbol, lambdify

x = Symbol("x")
quotient = Mul(x, Pow(Rational(1, 2), -1, evaluate=False), evaluate=False)
minus = Mul(-1, quotient, evaluate=False)
for expression in (quotient, minus, Mul(-1, minus, evaluate=False)):
    print(expression, "| lambdify", lambdify([x], expression, "math")(1), "| evalf", expression.evalf(3, subs={x: 1}))
PY
diff - "$folder/seen" <<'SEEN'
x/(1/2) | lambdify 2.0 | evalf 2.00
-x/1/2 | lambdify -0.5 | evalf -2.00
-(-1)*x/(1/2) | lambdify 2.0 | evalf 2.00
SEEN
echo "as described"
