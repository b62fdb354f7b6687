"""The differentiator."""
