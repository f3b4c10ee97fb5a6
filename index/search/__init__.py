"""From a question to an answer: pipeline, confidence, quotes."""
