"""Wording: sentences from templates."""
