#!/usr/bin/env bash
# fast-sugiyama 0.5.3: the coordinates of a graph are the same in every process, but the list in which they are returned
# is in another order each time, also under PYTHONHASHSEED=0 (the order is made outside Python's own hashes). Whoever
# writes a drawing node by node as they come gets another file in every run; sorting by node gives one file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q fast-sugiyama==0.5.3
cat >"$folder/draw.py" <<'PY'
import sys

from fast_sugiyama import from_edges

# a circuit: six quantities, one arrow over two ranks, so that one bend is put in
edges = [(0, 3), (1, 3), (2, 4), (3, 5), (4, 5), (1, 4), (2, 5)]
((places, *_),) = from_edges(edges, vertex_spacing=2, dummy_vertices=True, check_layout=False)
print(sorted(places) if sys.argv[1] == "sorted" else [node for node, _ in places])
PY
for how in listed sorted; do
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do PYTHONHASHSEED=0 "$folder/venv/bin/python" "$folder/draw.py" "$how"; done |
    sort -u >"$folder/$how"
done
test "$(wc -l <"$folder/listed")" -gt 1
diff - "$folder/sorted" <<'SEEN'
[(0, (0.0, 4.0)), (1, (2.0, 4.0)), (2, (4.0, 4.0)), (3, (0.0, 2.0)), (4, (2.0, 2.0)), (5, (2.0, 0.0)), (11, (4.0, 2.0))]
SEEN
echo "as described"
