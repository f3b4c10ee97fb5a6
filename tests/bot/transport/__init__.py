"""Tests of bot.transport."""
