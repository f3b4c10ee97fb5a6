"""Everything that a chat sees: conversation, rendering, commands, playground."""
