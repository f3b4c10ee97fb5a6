"""Manage subscriptions to alerts: commands, buttons, replies to prompts, rendering."""
