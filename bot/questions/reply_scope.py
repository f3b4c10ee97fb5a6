"""Find the articles that a message or an answer of the bot quotes, the scope of what follows it.

Messages of the bot are not stored. Their links name the articles: the URL at the source, or a deep
link to the bot.
"""

from collections.abc import Iterable, Iterator

from telegram import Message, MessageEntity

from bot.conversation.callback_data import CallbackData
from bot.conversation.memory import ShownAnswer
from bot.messages.links import deep_link_number, strip_text_fragment
from bot.questions.keyboards import AnswerAction
from bot.questions.page_state import PageState
from index import Library

SCOPE_LIMIT = 5  # articles; as many as fit callback data


def linked_addresses(message: Message) -> list[str]:
    """Return the URLs that a message of the bot links, in order.

    Links in italics are left out: they lead to articles that are not quoted, see
    `bot.messages.captions.repeated`.
    """
    entities = (*message.entities, *message.caption_entities)
    italics = [
        range(entity.offset, entity.offset + entity.length)
        for entity in entities
        if entity.type == MessageEntity.ITALIC
    ]
    return [
        entity.url
        for entity in entities
        if entity.type == MessageEntity.TEXT_LINK
        and entity.url
        and not any(entity.offset in italic for italic in italics)
    ]


def linked_articles(library: Library, addresses: Iterable[str], bot: str) -> tuple[int, ...]:
    """Return the numbers of the articles that links lead to, without repetitions or removed ones.

    Blocks: call it off the event loop.

    Args:
        library: The library to look in.
        addresses: The URLs that `linked_addresses` returned.
        bot: The bot's user name, without `@`.
    """
    numbers = (_article_behind(library, address, bot) for address in addresses)
    existing = dict.fromkeys(number for number in numbers if number is not None)
    return tuple(existing)[:SCOPE_LIMIT]


def _article_behind(library: Library, address: str, bot: str) -> int | None:
    """Return the number of the article that a link leads to."""
    number = deep_link_number(address, bot)
    article = (
        library.find(strip_text_fragment(address)) if number is None else library.article(number)
    )
    return article.number if article else None


def shown_quotes(answer: ShownAnswer | None) -> tuple[tuple[int, int], ...]:
    """Return article number and position of the quotes of an answer, the best first."""
    states = _states(answer, AnswerAction.OPEN, AnswerAction.CLOSE)
    return next((state.quotes for state in states), ())


def last_article(answer: ShownAnswer | None) -> tuple[int, ...]:
    """Return the number of the article of the best quote of an answer; empty if there is none.

    Where nothing answered within an article, it is that one.
    """
    if quotes := shown_quotes(answer):
        return (quotes[0][0],)
    return next((state.scope[:1] for state in _states(answer, AnswerAction.PAGE)), ())


def _states(answer: ShownAnswer | None, *actions: AnswerAction) -> Iterator[PageState]:
    """Yield the states that the buttons of some actions carry."""
    for _, data in answer.buttons if answer else ():
        if decoded := CallbackData.decode(data, actions):
            yield PageState.of(*decoded.values)
