"""A chat's settings: language, quiet hours, channels, membership, export and deletion of data."""
