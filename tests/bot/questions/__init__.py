"""Tests of bot.questions."""
