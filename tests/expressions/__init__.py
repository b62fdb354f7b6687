"""The expressions: grammar, printers, bridge."""
