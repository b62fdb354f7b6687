"""The parts of a set of notes, one module each."""
