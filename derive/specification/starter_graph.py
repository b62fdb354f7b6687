"""The spec that ``derive new --graph`` writes: short, commented, and it runs as it is."""

from __future__ import annotations

STARTER_GRAPH = """\
# A worked example for derive: any computation graph. Make notes from it with
#
#     derive notes THIS_FILE.toml
#
# and get every gradient with  derive gradients THIS_FILE.toml --all
# `derive list` shows all functions, constants and notations.

title = "A first graph"
# source = "what the example is taken from"
question = "How must $w$ and $b$ change so that $y$ comes closer to $t$?"
meaning = {y = "the prediction", t = "the target"}
# remarks = ["A paragraph at the end, with a formula: $dloss/dw$."]
# differs = [{says = "what the source says", is = "what is so", effect = "what follows"}]

[graph]
output = "loss"                    # the number to differentiate; left out: the last node
parameters = ["w", "b"]            # what to differentiate by; left out: every value below

[graph.values]                     # numbers are exact as written; "1/3" is one third
w = 0.5
b = "-1/3"

[graph.nodes]                      # in any order; each an expression in other names
s = "w*x + b"
y = "tanh(s)"
loss = "(y - t)^2"

[[data]]                           # a sample; several make a batch. Without [[data]], give
x = 2                              # x and t in [graph.values]
t = 1

[training]
learning_rate = 0.1                # left out: gradients only
iterations = 1

# [numbers]
# significant = 4                  # digits that are printed; or decimals = 3
# rounding = "end"                 # or "step": go on with the printed numbers

# [notation.names]                 # TeX for a name
# s = "net"
"""
