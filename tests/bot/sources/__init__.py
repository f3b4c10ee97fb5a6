"""Tests of bot.sources."""
