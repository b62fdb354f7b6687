"""Speed, as ratios to something that everybody has: ``python -m tests.benchmarks``."""
