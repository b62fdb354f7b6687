"""The verdict on every relation of a file, and what follows from an earlier mistake."""
