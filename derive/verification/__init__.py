"""Claims: a derivation as people write it, read and judged line by line."""
