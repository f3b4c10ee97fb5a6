"""Tests of index.articles."""
