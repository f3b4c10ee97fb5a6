"""Tests of index.models."""
