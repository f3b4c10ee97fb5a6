"""English questions: tokens, lemmas, glossary, figures."""

from index.language.english.questions import (
    EnglishWord,
    content_words,
    is_english,
    parse_english_question,
)

__all__ = ["EnglishWord", "content_words", "is_english", "parse_english_question"]
