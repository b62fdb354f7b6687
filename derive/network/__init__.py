"""The network as a graph of named quantities with its numbers."""

from derive.network.build import Layer, Network, build, number

__all__ = ["Layer", "Network", "build", "number"]
