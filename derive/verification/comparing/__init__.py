"""Whether two sides of a relation agree: as formulas, as numbers, and as rounded ones."""
