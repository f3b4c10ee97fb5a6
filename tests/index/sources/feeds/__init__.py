"""Tests of index.sources.feeds."""
