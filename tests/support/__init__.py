"""Helpers of the tests: libraries, bot, embedded Telegram, web sites, browser, waiting."""
