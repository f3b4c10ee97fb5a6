"""Tests of index.sources.fetch."""
