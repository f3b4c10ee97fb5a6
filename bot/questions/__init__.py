"""Questions: handlers, answer pages, buttons, inline mode, rendering."""
