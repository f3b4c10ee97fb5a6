"""Tests of index.search.ranking."""
