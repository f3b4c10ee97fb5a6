"""Example questions: made of an article by templates, tried, and kept if it answers them.

`titles` and `sentences` hold the templates, `proposals` leaves out what does not read well, and
`trial` asks what is left.
"""

from index.search.examples.trial import ExampleQuestion, find_examples

__all__ = ["ExampleQuestion", "find_examples"]
