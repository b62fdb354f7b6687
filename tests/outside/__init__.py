"""Checks by tools that we did not write: TeX, KaTeX, JAX."""
