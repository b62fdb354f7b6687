"""Expressions: the tree, its grammar, its printers."""
