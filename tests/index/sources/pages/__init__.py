"""Tests of index.sources.pages."""
