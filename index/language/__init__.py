"""Language processing of Vietnamese and English: tokenizer, sentences, spelling, numbers, dates."""
