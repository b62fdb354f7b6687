"""The spec that ``derive new`` writes: short, commented, and it runs as it is."""

from __future__ import annotations

STARTER = """\
# A worked example for derive. Make notes from it with
#
#     derive notes THIS_FILE.toml
#
# and get every gradient with  derive gradients THIS_FILE.toml
# `derive list` shows all activations, losses and notations.

title = "A first network"
# source = "what the example is taken from"
question = "Is the fruit ripe?"        # what the example asks, in its own terms
meaning = {x1 = "the days since it was picked", x2 = "its softness", yhat = "the probability that it is ripe"}
# remarks = ["A paragraph at the end, with a formula: $dE/dw1_1_1$."]
# differs = [{says = "what the source says", is = "what is so", effect = "what follows"}]

[network]
inputs = ["x1", "x2"]              # names, or how many there are: 2
loss = "half_squared_error"        # or "binary_cross_entropy", "cross_entropy", ...

[[network.layers]]                 # the hidden layer
units = 2
activation = "sigmoid"             # or "tanh", "relu", {name = "leaky_relu", slope = 0.01}, ...
weights = [[0.1, 0.2],             # one row per unit, one column per input
           [0.3, -0.4]]
biases = [0, 0.5]                  # false: no biases

[[network.layers]]                 # the last layer gives the output
units = 1
activation = "sigmoid"
weights = [[0.5, "-1/3"]]          # numbers are exact as written; "1/3" is one third
biases = [0]

[[data]]                           # one [[data]] for each sample; several make a batch
x = [1, 2]                         # the inputs
t = [1]                            # the target

[training]
learning_rate = 0.5                # left out: gradients only
iterations = 1

# [numbers]
# significant = 4                  # digits that are printed; or decimals = 3
# rounding = "end"                 # or "step": go on with the printed numbers

# [notation]
# preset = "superscript"           # or "parenthesised", "bias_unit", "flat"

# Any computation graph instead of a layered network: derive new --graph PATH
"""
