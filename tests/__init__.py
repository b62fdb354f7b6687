"""The tests. ``python -m pytest`` runs the quick ones; CONTRIBUTING.md says how to run the rest."""
