"""Specs that several tests of claims are about."""

from __future__ import annotations

SOFTMAX = """
[network]
inputs = 2
loss = "cross_entropy"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.5, -0.3], [0.2, 0.8]]
biases = [0.1, -0.2]
[[network.layers]]
units = 3
activation = "softmax"
weights = [[1, -1], [0.5, 0.25], [-0.5, 0.75]]
biases = [0, 0.1, -0.1]
[[data]]
x = [1, -1]
t = [0, 0, 1]
[training]
learning_rate = 0.1
"""
"""Two tanh units, then a softmax of three."""
