"""Tests of index.workers."""
