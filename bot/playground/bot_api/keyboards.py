"""Parse and check reply markup as Telegram does: inline keyboards and forced replies."""

from typing import Any

from bot.playground.errors import ApiError, Json, bad_request
from bot.playground.world.entities import normalize_url
from bot.playground.world.state import ForceReply

LONGEST_CALLBACK_DATA = 64  # Telegram: bytes
LONGEST_COPY_TEXT = 256  # Telegram: characters
MOST_BUTTONS = 100  # Telegram: buttons of a keyboard
LONGEST_PLACEHOLDER = 64  # Telegram: characters
NOT_INLINE = ("force_reply", "keyboard", "remove_keyboard")
CHAT_KINDS = ("allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats")
PASSED_ON = (
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "web_app",
    "login_url",
    "pay",
)


def read_keyboard(markup: object, *, only_inline: bool = False) -> Json | None:
    """Parse and check an inline keyboard.

    Args:
        markup: The value of `reply_markup`, decoded from JSON.
        only_inline: Refuse other markup.

    Returns:
        The keyboard, or None if there is none or it is empty.

    Raises:
        ApiError: With Telegram's text.
    """
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if only_inline:
        check_inline(markup)
    if "inline_keyboard" not in markup:
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            "can't parse inline keyboard: "
            'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": kept} if kept else None


def read_force_reply(markup: object) -> ForceReply | None:
    """Parse a forced reply; None for other markup.

    Raises:
        ApiError: The placeholder is too long.
    """
    if not isinstance(markup, dict) or not markup.get("force_reply"):
        return None
    placeholder = str(markup.get("input_field_placeholder") or "")
    if len(placeholder) > LONGEST_PLACEHOLDER:
        raise bad_request("REPLY_MARKUP_INVALID")
    return ForceReply(placeholder, selective=bool(markup.get("selective")))


def check_inline(markup: object) -> None:
    """Refuse other markup than an inline keyboard.

    Raises:
        ApiError: It is a reply keyboard or a forced reply.
    """
    if isinstance(markup, dict) and any(markup.get(name) for name in NOT_INLINE):
        raise bad_request("inline keyboard expected")


def _button(button: object) -> Json:
    if not isinstance(button, dict):
        raise _refusal("InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise _refusal('Can\'t find field "text"' if text is None else "Text must be non-empty")
    return {"text": text} | _action(button)


def _action(button: dict[str, Any]) -> Json:
    if "url" in button:
        url = normalize_url(str(button["url"]))
        if url is None:
            raise bad_request(
                f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
            )
        return {"url": url}
    if "callback_data" in button:
        data = str(button["callback_data"])
        if not 1 <= len(data.encode()) <= LONGEST_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
        return {"callback_data": data}
    _check_copy_text(button.get("copy_text"))
    _check_chosen_chat(button.get("switch_inline_query_chosen_chat"))
    for name in PASSED_ON:
        if name in button:
            return {name: button[name]}
    raise _refusal("Text buttons are unallowed in the inline keyboard")


def _check_copy_text(given: object) -> None:
    if given is None:
        return
    text = given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= LONGEST_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_chosen_chat(given: object) -> None:
    if given is None:
        return
    if not isinstance(given, dict):
        raise _refusal("SwitchInlineQueryChosenChat must be an Object")
    if not any(given.get(name) for name in CHAT_KINDS):
        raise bad_request("at least one chat type must be allowed")


def _refusal(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")
