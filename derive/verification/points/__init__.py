"""The numbers of a network at the spec's values, near them, and with a mistake or a belief in them; what they cost."""
