"""Run the bot: register handlers, start and stop it with its background services."""
