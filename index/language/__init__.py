"""Vietnamese and English text: spelling, tokenizer, sentences, word frequencies, numbers."""
