"""Tests of index.language."""
