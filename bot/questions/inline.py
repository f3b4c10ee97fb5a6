"""Inline mode: answer `@bot question` in any chat with quotes to send there.

A button over the results says that they are in doubt, or why there are none.
"""

import asyncio

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode

from bot.conversation.answer_pool import BusyError
from bot.conversation.context import BotContext, Context, ignore_too_late, sender_id
from bot.conversation.question_text import has_words
from bot.messages.captions import clip, origin_line
from bot.messages.voice import Translator
from bot.questions.quotes.sharing import read_shared_quote
from bot.questions.rendering import render_quote
from bot.questions.service import find_inline
from index import Certainty
from index.models.answer import Quote

RESULTS_LIMIT = 10  # quotes
CACHE_SECONDS = 10  # articles come in all the time
TITLE_LIMIT = 100  # UTF-16 units; more does not fit a line
DESCRIPTION_LIMIT = 250  # UTF-16 units
START_PAYLOAD = "inline"  # what `/start` gets from the button over the results
_HINTS = {Certainty.ANSWER: "", Certainty.MAYBE: "inline_maybe", Certainty.NONE: "inline_nothing"}


async def answer_inline_query(desk: BotContext, update: Update, context: Context) -> None:
    """Answer an inline query with quotes, unless nothing answers it."""
    query = update.inline_query
    assert query is not None
    voice = await desk.voice(context.bot, query.from_user.id, query.from_user)
    quotes: tuple[Quote, ...] = ()
    shared = read_shared_quote(query.query)
    if not has_words(query.query):
        hint = "inline_empty"
    elif not (await desk.inline_flood_control.check(sender_id(update))).allowed:
        hint = "inline_slow_down"
    elif shared:
        quote = await asyncio.to_thread(desk.library.quote, *shared)
        quotes, hint = ((quote,), "") if quote else ((), "inline_gone")
    else:
        try:
            certainty, quotes = await desk.answer_pool.run(find_inline, query.query, RESULTS_LIMIT)
            hint = _HINTS[certainty]
        except BusyError:
            hint = "inline_busy"
    button = None
    if hint:
        button = InlineQueryResultsButton(voice.plain(hint), start_parameter=START_PAYLOAD)
    await ignore_too_late(
        query.answer(
            [_result(voice, quote) for quote in quotes],
            cache_time=CACHE_SECONDS,
            is_personal=True,
            button=button,
        )
    )


def _result(voice: Translator, quote: Quote) -> InlineQueryResultArticle:
    """Make an inline result: the quote above its source, date and title; the message to send."""
    origin = [origin_line(voice, quote.article), quote.article.title]
    return InlineQueryResultArticle(
        id=f"{quote.article.number}.{quote.position}",
        title=clip(quote.text, TITLE_LIMIT),
        description=clip(" · ".join(filter(None, origin)), DESCRIPTION_LIMIT),
        input_message_content=InputTextMessageContent(
            render_quote(voice, quote).html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
    )
