"""The control API (`/playground/…`): actions of people, for the chat page, tests and tools."""
