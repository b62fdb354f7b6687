"""What a writer's own names stand for, where no ``let`` says it: found from his numbers, his formulas, his letters.

``read_with_names`` reads a text with the table that ``let`` fills. A name is in it only where one quantity is left that
it can be.
"""

from derive.verification.inference.second_reading import read_with_names

__all__ = ["read_with_names"]
