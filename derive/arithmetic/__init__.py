"""Numbers: exact rationals and certified balls, and how they are printed."""
