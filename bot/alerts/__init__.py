"""Alerts: compose pending deliveries into messages, send them, handle failures and buttons."""
