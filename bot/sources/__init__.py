"""Administration of followed sources in a chat, and their registry."""
