"""Tests of index.engine."""
