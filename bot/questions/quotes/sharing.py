"""Share a quote: the text to copy, and the inline query that offers the quote in another chat."""

from telegram import CopyTextButton, InlineKeyboardButton, SwitchInlineQueryChosenChat

from bot.conversation.callback_data import Action, CallbackData
from bot.messages.captions import clip, origin_line
from bot.messages.html import ELLIPSIS, shorten, utf16_length
from bot.messages.voice import Translator
from index.models.answer import Quote

COPY_LIMIT = 256  # characters; Telegram: CopyTextButton.text
ORIGIN_LIMIT = 120  # UTF-16 units of source and date in a text to copy


class SharedQuote(Action):
    """Inline queries that name a quote, in the form of callback data."""

    QUOTE = "q{article}.{position}"


def copy_button(label: str, voice: Translator, quote: Quote) -> InlineKeyboardButton:
    """Return the button that copies a quote with its source and date."""
    return InlineKeyboardButton(label, copy_text=CopyTextButton(text_to_copy(voice, quote)))


def share_button(label: str, quote: Quote) -> InlineKeyboardButton:
    """Return the button that lets a person choose a chat to send a quote to."""
    named = CallbackData(SharedQuote.QUOTE, (quote.article.number, quote.position))
    chosen = SwitchInlineQueryChosenChat(
        named.encode(), allow_user_chats=True, allow_group_chats=True, allow_channel_chats=True
    )
    return InlineKeyboardButton(label, switch_inline_query_chosen_chat=chosen)


def read_shared_quote(query: str) -> tuple[int, int] | None:
    """Return the article number and position of the quote that an inline query names."""
    named = CallbackData.decode(query.strip(), SharedQuote)
    if named is None:
        return None
    article, position = named.values
    return (article, position) if isinstance(article, int) and isinstance(position, int) else None


def text_to_copy(voice: Translator, quote: Quote) -> str:
    """Return a quote, shortened if need be, above its source and date."""
    origin = clip(origin_line(voice, quote.article), ORIGIN_LIMIT)
    below = f"\n{origin}" if origin else ""
    text = " ".join(quote.text.split()) or ELLIPSIS
    return shorten(text, COPY_LIMIT - utf16_length(below))[0] + below
