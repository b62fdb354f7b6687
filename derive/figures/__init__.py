"""Drawings as data: what a figure of a document shows, before any format draws it."""
