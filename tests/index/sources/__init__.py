"""Tests of index.sources."""
