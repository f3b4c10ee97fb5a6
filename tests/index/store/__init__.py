"""Tests of index.store."""
