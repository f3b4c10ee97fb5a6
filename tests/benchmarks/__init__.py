"""Benchmarks: each is a command that prints one table with the peers beside us, from one run."""
