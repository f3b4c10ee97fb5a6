"""Bot API methods of the bot's profile: getMe, commands, name and descriptions."""

import json
import re
from functools import partial

from bot.playground.bot_api.parameters import Handler, Parameters
from bot.playground.errors import Json, bad_request
from bot.playground.world.shapes import bot_json
from bot.playground.world.state import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")  # Telegram: names of commands
LONGEST_COMMAND_DESCRIPTION = 256  # Telegram: characters
MOST_COMMANDS = 100  # Telegram: commands of a scope
TEXTS = {  # parameter and result name of each text, and its greatest length by Telegram
    "Name": ("name", 64),
    "Description": ("description", 512),
    "ShortDescription": ("short_description", 120),
}


class ProfileMethods:
    """getMe, and set, get and delete for commands and descriptions.

    Args:
        world: The state with the bot.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._texts: dict[tuple[str, str], str] = {("Name", ""): world.bot.name}

    def handlers(self) -> dict[str, Handler]:
        """Return the methods by name."""
        handlers: dict[str, Handler] = {
            "getMe": self._get_me,
            "setMyCommands": self._set_commands,
            "getMyCommands": self._get_commands,
            "deleteMyCommands": self._delete_commands,
        }
        for kind in TEXTS:
            handlers[f"setMy{kind}"] = partial(self._set_text, kind)
            handlers[f"getMy{kind}"] = partial(self._get_text, kind)
        return handlers

    def _get_me(self, _: Parameters) -> object:
        return bot_json(self._world.bot)

    def _set_commands(self, parameters: Parameters) -> object:
        commands = parameters.json("commands", what="bot commands")
        if not isinstance(commands, list):
            raise bad_request("can't parse commands: expected an Array of BotCommand")
        if len(commands) > MOST_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._world.commands[_scope(parameters)] = [_command(command) for command in commands]
        self._world.report("commands", {})
        return True

    def _get_commands(self, parameters: Parameters) -> object:
        return self._world.commands.get(_scope(parameters), [])

    def _delete_commands(self, parameters: Parameters) -> object:
        self._world.commands.pop(_scope(parameters), None)
        self._world.report("commands", {})
        return True

    def _set_text(self, kind: str, parameters: Parameters) -> object:
        name, longest = TEXTS[kind]
        text = parameters.text(name)
        if len(text) > longest:
            raise bad_request(f"bot {name.replace('_', ' ')} is too long")
        language = parameters.text("language_code")
        self._texts[kind, language] = text
        if kind == "Description":
            self._world.descriptions[language] = text
            self._world.report("descriptions", self._world.descriptions)
        return True

    def _get_text(self, kind: str, parameters: Parameters) -> object:
        name, _ = TEXTS[kind]
        fallback = self._texts.get((kind, ""), "")
        return {name: self._texts.get((kind, parameters.text("language_code"))) or fallback}


def _scope(parameters: Parameters) -> tuple[str, str]:
    scope = parameters.json("scope", what="bot command scope") or {"type": "default"}
    if not isinstance(scope, dict) or "type" not in scope:
        raise bad_request(f"can't parse BotCommandScope: {json.dumps(scope)}")
    kind = str(scope["type"])
    language = parameters.text("language_code")
    return (f"chat:{scope.get('chat_id')}" if kind == "chat" else kind), language


def _command(given: object) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse commands: expected an Object")
    command = str(given.get("command", "")).removeprefix("/")
    description = str(given.get("description", "")).strip()
    if not COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= LONGEST_COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}
