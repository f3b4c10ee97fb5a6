"""Bot API methods of the playground."""
