"""Tests of index.alerts."""
