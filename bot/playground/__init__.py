"""An embedded Telegram for development and tests: Bot API server, chat page, control API.

The bot calls it as it calls Telegram (`/bot<token>/<method>`), people use the chat page
(`/`), tests and tools use the control API (`/playground/…`). Everything is kept in memory:
a restart starts empty.

Data flow: an action of a person (`control.people`) changes the `world.state` and queues an
update (`world.updates`), which the bot polls or receives by `bot_api.webhook`. The bot's calls
arrive at `bot_api.endpoint`, pass `world.faults` and `world.limits`, and change the state in
turn. Every change is an event that the open pages receive (`world.events`).
"""

from bot.playground.errors import ApiError
from bot.playground.server import Playground
from bot.playground.world.limits import Limits

__all__ = ["ApiError", "Limits", "Playground"]
