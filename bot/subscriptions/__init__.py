"""Subscriptions: subscribe, list, change."""
