"""Commands that look after what is stored: check, back up, move, deploy."""
