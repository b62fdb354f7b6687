#!/usr/bin/env bash
# Moodle's GIFT, one numerical answer, two parsers. pygiftparser 1.1 takes a number with a minus sign for no answer at
# all (no error; the question is "not valid" and has no answers), reads 1e-3 as 1 with tolerance 0, and a tolerance
# ".1" as 0, also without an error; gift-pegjs 1.0.2 reads the minus sign and refuses exponents and a leading point.
# What both read alike is a plain decimal number with a digit before its point, and only if it is positive.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pygiftparser==1.1
cat >"$folder/read.py" <<'PY'
import io

from pygiftparser import parser

for text in ("{#0.0412:0.0005}", "{#-0.0412:0.0005}", "{#1e-3:1e-4}", "{#0.5:.1}"):
    (question,) = parser.parseFile(io.StringIO(f"::a:: The derivative is {text}\n\n"))
    print(text, question.valid, [(answer.value, answer.tolerance) for answer in question.answers.answers])
PY
diff - <("$folder/venv/bin/python" "$folder/read.py" 2>/dev/null) <<'SEEN'
{#0.0412:0.0005} True [(0.0412, 0.0005)]
{#-0.0412:0.0005} False []
{#1e-3:1e-4} True [(1.0, 0)]
{#0.5:.1} True [(0.5, 0)]
SEEN
cd "$folder"
npm install --silent --no-fund --no-audit gift-pegjs@1.0.2 >/dev/null
cat >read.mjs <<'JS'
import { parse } from 'gift-pegjs'

for (const text of ['{#0.0412:0.0005}', '{#-0.0412:0.0005}', '{#1e-3:1e-4}', '{#0.5:.1}']) {
  let read = 'refused'
  try {
    const [{ choices }] = parse(`::a:: The derivative is ${text}\n`)
    read = `${choices.number} ${choices.range}`
  } catch {}
  console.log(text, read)
}
JS
diff - <(node read.mjs) <<'SEEN'
{#0.0412:0.0005} 0.0412 0.0005
{#-0.0412:0.0005} -0.0412 0.0005
{#1e-3:1e-4} refused
{#0.5:.1} refused
SEEN
echo "as described"
