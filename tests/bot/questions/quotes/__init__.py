"""Tests of bot.questions.quotes."""
