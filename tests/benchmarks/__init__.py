"""Benchmarks: each command prints one table of our figures beside those of other libraries."""
