"""Tests of bot.playground.bot_api."""
