"""What a file takes in one way throughout, and the verdicts that speak for a reading."""

OF_BATCH, SHARES = "of_batch", "shares"
"""Derivatives by what single samples have are of the batch's loss: in arrays of all samples, and one by one."""
RIGHT = ("holds", "rounding")
FOLLOWING = (*RIGHT, "follows")

__all__ = ["FOLLOWING", "OF_BATCH", "RIGHT", "SHARES"]
