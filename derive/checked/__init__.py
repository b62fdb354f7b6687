"""Numbers that two independent routes agree on."""
