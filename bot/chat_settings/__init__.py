"""Settings of a chat: language, quiet hours, channels, membership, export and deletion of data."""
