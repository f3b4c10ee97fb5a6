"""Tests of bot.messages."""
