"""What people think of an answer: 👍 and 👎, kept with the quote."""

import asyncio
import time
from collections.abc import Sequence

from bot.questions import question_of
from bot.turns import Turn
from index.store.feedback import Vote


async def vote(turn: Turn, numbers: Sequence[int], *, is_good: bool) -> str:
    """Remember a vote for the first quote of an answer; return what to say about it."""
    message, library = turn.message, turn.desk.library
    replied = message.reply_to_message
    asked = question_of(replied, turn.voice.bot) if replied else ""
    article, position = numbers
    quote = await asyncio.to_thread(library.quote, article, position)
    if quote is None:
        return turn.voice.plain("notice_articles_gone")
    given = Vote(
        bot=message.get_bot().id,
        chat=message.chat_id,
        message=message.message_id,
        person=turn.user.id if turn.user else 0,
        article=article,
        position=position,
        text=quote.text,
        is_good=is_good,
        question=asked if asked and turn.desk.settings.keep_questions else None,
        created_at=int(time.time()),
    )
    await asyncio.to_thread(library.feedback.put, given)
    return turn.voice.plain("notice_thanks")
