"""Which rows of the data a batch has."""

from __future__ import annotations

from derive.network import Network


def batch_of(network: Network, step: int) -> tuple[int, ...]:
    """The rows (from 1) of the batch at a step: iteration ``step + 1``'s; before the first and after the last, all.

    Iteration k takes the next ``batch_size`` rows, from the top again after the last.
    """
    count, training = len(network.rows), network.spec.training
    if step < 0 or (step >= training.iterations and training.learning_rate is not None):
        return tuple(range(1, count + 1))
    size = min(training.batch_size or count, count)
    first = step % -(-count // size) * size
    return tuple(range(first + 1, min(first + size, count) + 1))


__all__ = ["batch_of"]
