"""State of the embedded Telegram: users, chats, messages, updates, limits, injected faults."""

from bot.playground.world.state import PEOPLE

__all__ = ["PEOPLE"]
