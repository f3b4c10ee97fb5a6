"""The assembled bot: handlers of each update, background services, start and stop."""
