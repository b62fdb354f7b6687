"""What a writer's own names stand for, where no ``let`` says it: found from his numbers, his formulas, his letters.

``inferred`` gives the table that ``let`` fills. A name is in it only where one quantity is left that it can be.
"""

from derive.verification.inference.definitions import Definitions
from derive.verification.inference.exchanged import exchanged
from derive.verification.inference.names import ERRORS, RESIDUAL, inferred
from derive.verification.inference.stated_deltas import stated_deltas

__all__ = ["ERRORS", "RESIDUAL", "Definitions", "exchanged", "inferred", "stated_deltas"]
