"""Tests of bot.playground."""
