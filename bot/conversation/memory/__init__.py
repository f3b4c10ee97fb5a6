"""What is remembered of a conversation for a while: focus, last answers, open prompts.

`chat_cache` keeps it by chat, and hands it from worker to worker; `focus` holds the article that a
person asks about and the last answer, `open_prompts` the text that a chat was asked for.
"""

from bot.conversation.memory.chat_cache import ChatCache, Saved, restore_chat, save_chat
from bot.conversation.memory.focus import Focus, ShownAnswer, ShownAnswers
from bot.conversation.memory.open_prompts import Aim, OpenPrompts, Prompt

__all__ = [
    "Aim",
    "ChatCache",
    "Focus",
    "OpenPrompts",
    "Prompt",
    "Saved",
    "ShownAnswer",
    "ShownAnswers",
    "restore_chat",
    "save_chat",
]
