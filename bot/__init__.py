"""The Telegram bot: updates to answers, alerts and settings; the command line; the playground."""
