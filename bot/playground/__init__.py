"""A Telegram for one: an embedded Bot API server with a chat page and a control API.

The bot talks to it as it talks to Telegram (`/bot<token>/<method>`), people
use the chat page (`/`), tests and tools use the control API (`/playground/…`).
Everything is kept in memory: a restart starts empty.

The way through it: a person's deed (`people`) changes the `state` and puts an
update into the queue (`updates`), which the bot polls or gets by `webhook`. The
bot's calls come in by `botapi`, pass `faults` and `limits`, and change the
state in turn. Every change is an event that the open pages receive (`events`).
"""

from bot.playground.errors import ApiError
from bot.playground.server import Playground
from bot.playground.world.limits import Limits

__all__ = ["ApiError", "Limits", "Playground"]
