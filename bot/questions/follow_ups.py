"""Follow-ups to the last answer: `xem thêm`, `còn gì nữa`, `sai rồi`.

They ask nothing that could be searched for. The rules, in order:

1. The answer meant is the one that the message replies to, else the last one that the person was
   shown in the chat; see `bot.conversation.memory.focus`.
2. `xem thêm` shows its next page, as its button does. If there is none, the article of its best
   quote is told further.
3. `còn gì nữa` within one article (in reply to an answer, or while that article is asked for) tells
   it further: its next sentences that were not shown. Elsewhere it is `xem thêm`.
4. `sai rồi` is a vote against the best quote, as 👎 is.
5. Where there is no answer to go on from, a line says what to do.
"""

import asyncio
from dataclasses import dataclass, replace

from telegram import Message
from telegram.ext import filters

from bot.conversation.callback_data import CallbackData
from bot.conversation.callbacks import Callbacks
from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.memory import ShownAnswer
from bot.conversation.question_text import question_of, replied_question
from bot.questions import overviews
from bot.questions.callbacks import CALLBACKS, store_vote
from bot.questions.handlers import is_of_bot, reply_answer, say_small_talk
from bot.questions.overviews import StoriesAction, turn_stories
from bot.questions.reply_scope import linked_addresses, linked_articles, shown_quotes
from bot.questions.service import find_rest
from index.search.query import SmallTalk, small_talk

NEXT_LABELS = ("button_further", "button_more", "button_nearest")
"""Keys of the labels of buttons that lead to the next page, or to what may answer."""

_PAGES: Callbacks = {
    **CALLBACKS,
    **overviews.CALLBACKS,
    StoriesAction.PAGE: turn_stories,
    StoriesAction.PAGE_OF_DAYS: turn_stories,
}
_FOLLOW_UPS = frozenset({SmallTalk.NEXT_PAGE, SmallTalk.WHAT_ELSE, SmallTalk.WRONG})


class IsFollowUp(filters.MessageFilter):
    """Filter of messages that go on from the last answer."""

    def filter(self, message: Message) -> bool:
        """Tell whether a message is no more than that."""
        return small_talk(question_of(message, message.get_bot().username)) in _FOLLOW_UPS


@dataclass(frozen=True, slots=True)
class _Meant:
    """The answer that a follow-up is about, as far as it is known.

    Args:
        answer: The answer; None if there is none.
        article: The number of the article to tell further.
        is_within: Whether that article was asked for: by a reply, or until the user ends it.
        in_mode: Whether it is asked until the user ends that.
        text: The text of the message that is replied to, which shows sentences of the article.
    """

    answer: ShownAnswer | None = None
    article: int | None = None
    is_within: bool = False
    in_mode: bool = False
    text: str = ""


async def follow_up(turn: ChatContext) -> None:
    """Go on from the answer that is replied to, or from the last one."""
    kind = small_talk(question_of(turn.message, turn.voice.bot))
    assert kind is not None  # see `IsFollowUp`
    meant = await _meant(turn)
    try:
        if kind is SmallTalk.WRONG:
            is_done = await _vote_against(turn, meant)
        else:
            is_done = await _go_on(turn, meant, article_first=kind is SmallTalk.WHAT_ELSE)
    except RefusedError as error:
        await turn.say(f"notice_{error.key}", **error.values)
        return
    if not is_done:
        await say_small_talk(turn, kind)


async def _go_on(turn: ChatContext, meant: _Meant, *, article_first: bool) -> bool:
    """Show the next page or tell the article further; tell whether there is what to go on from."""
    ways = [_show_next_page, _tell_further]
    if article_first and meant.is_within:
        ways.reverse()
    for go in ways:
        if await go(turn, meant):
            return True
    if meant.article is not None:
        raise RefusedError("no_more")
    if any(CallbackData.decode(data, _PAGES) for _, data in _buttons(meant)):
        raise RefusedError("no_more_articles")
    return False


async def _show_next_page(turn: ChatContext, meant: _Meant) -> bool:
    """Reply with the next page of an answer, and tell whether it has one."""
    labels = {each[key] for each in turn.desk.messages.catalogues.values() for key in NEXT_LABELS}
    data = next((data for label, data in _buttons(meant) if label in labels), "")
    decoded = CallbackData.decode(data, _PAGES)
    if meant.answer is None or decoded is None:
        return False
    await _PAGES[decoded.action](replace(turn, asked=meant.answer.question), *decoded.values)
    return True


async def _tell_further(turn: ChatContext, meant: _Meant) -> bool:
    """Reply with sentences of the article that were not shown, and tell whether it has any."""
    if meant.article is None:
        return False
    told = _told(meant.answer)
    shown = {position for article, position in told if article == meant.article}
    size = turn.desk.settings.quotes
    page = await turn.asking(find_rest, meant.article, shown, size, besides=meant.text)
    if not page.quotes:
        return False
    asked = (meant.answer and meant.answer.question) or page.quotes[0].article.title
    page = page.in_mode() if meant.in_mode else page
    await reply_answer(replace(turn, asked=asked), page, "nothing_here")
    _remember_told(turn, told)
    return True


def _buttons(meant: _Meant) -> tuple[tuple[str, str], ...]:
    return meant.answer.buttons if meant.answer else ()


async def _vote_against(turn: ChatContext, meant: _Meant) -> bool:
    """Store a vote against the best quote of an answer, and tell whether it has one."""
    answer = meant.answer
    quotes = shown_quotes(answer)
    if answer is None or not quotes:
        return False
    await store_vote(turn, answer.message, answer.question, quotes[0], is_good=False)
    await turn.say("wrong_noted")
    return True


async def _meant(turn: ChatContext) -> _Meant:
    """Find the answer that a message is about, and the article to tell further."""
    replied = turn.message.reply_to_message
    last = turn.desk.shown_answers.of(turn.message.chat_id, turn.user.id) if turn.user else None
    if replied and is_of_bot(replied):
        answer = last if last and last.message == replied.message_id else _answer_in(turn, replied)
        quotes = shown_quotes(answer)
        article = quotes[0][0] if quotes else await _only_article(turn, replied)
        return _Meant(answer, article, is_within=True, text=replied.text or "")
    focus = turn.desk.focus.of(turn.message.chat_id, turn.user.id) if turn.user else ()
    if focus:
        return _Meant(last, focus[0], is_within=True, in_mode=True)
    return _Meant(last, next((article for article, _ in shown_quotes(last)), None))


def _answer_in(turn: ChatContext, replied: Message) -> ShownAnswer:
    """Read an answer from its message."""
    question = replied_question(replied, turn.voice.bot)
    return ShownAnswer.of(replied.message_id, question, replied.reply_markup)


async def _only_article(turn: ChatContext, replied: Message) -> int | None:
    """Return the number of the article of a message of the bot; None if it has several."""
    addresses, library = linked_addresses(replied), turn.desk.library
    found = await asyncio.to_thread(linked_articles, library, addresses, turn.voice.bot)
    return found[0] if len(found) == 1 else None


def _told(answer: ShownAnswer | None) -> frozenset[tuple[int, int]]:
    """Return article number and position of the quotes of an answer and of those it continues."""
    return answer.told.union(shown_quotes(answer)) if answer else frozenset()


def _remember_told(turn: ChatContext, told: frozenset[tuple[int, int]]) -> None:
    """Remember the sentences before those that the user was just shown."""
    chat, shown = turn.message.chat_id, turn.desk.shown_answers
    if turn.user and (last := shown.of(chat, turn.user.id)):
        shown.put(chat, turn.user.id, replace(last, told=told))
