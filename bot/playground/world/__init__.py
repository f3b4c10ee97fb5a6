"""The playground's Telegram: chats, members, messages, updates, limits and faults."""

from bot.playground.world.state import PEOPLE

__all__ = ["PEOPLE"]
