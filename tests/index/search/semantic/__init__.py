"""Tests of index.search.semantic."""
