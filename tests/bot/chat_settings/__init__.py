"""Tests of bot.chat_settings."""
