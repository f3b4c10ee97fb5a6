"""Quotes of an answer: their pages, the passages around them, and how one is shared."""
