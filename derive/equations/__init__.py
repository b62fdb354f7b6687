"""The equations of a network, and the numbers that they give."""
