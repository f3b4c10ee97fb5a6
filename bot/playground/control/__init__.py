"""Control API of the chat page."""
