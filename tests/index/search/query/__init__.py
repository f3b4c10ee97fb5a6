"""Tests of index.search.query."""
