"""English questions: tokenizer, lemmatizer, numbers and an English–Vietnamese glossary."""

from index.language.english.questions import (
    EnglishWord,
    content_words,
    is_english,
    parse_english_question,
)

__all__ = ["EnglishWord", "content_words", "is_english", "parse_english_question"]
