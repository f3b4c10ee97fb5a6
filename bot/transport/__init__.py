"""Bot API transport: HTTP requests, rate limiting and retries, order of sending and of updates."""
