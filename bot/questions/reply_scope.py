"""From a reply back to the articles: which ones the replied message quoted.

Nothing is remembered of what the bot said. Its messages name their articles by
their links: the address of the source, or a deep link to the bot.
"""

from collections.abc import Iterable

from telegram import Message, MessageEntity

from bot.messages.links import deep_link_number, strip_text_fragment
from index import Library

SCOPE_LIMIT = 5  # articles; what callback data has room for


def linked_addresses(message: Message) -> list[str]:
    """Return the addresses that a message of the bot links, in order.

    Links in italics are left out: they lead to what is not quoted, see
    `bot.messages.captions.repeated`.
    """
    entities = (*message.entities, *message.caption_entities)
    aside = [
        range(entity.offset, entity.offset + entity.length)
        for entity in entities
        if entity.type == MessageEntity.ITALIC
    ]
    return [
        entity.url
        for entity in entities
        if entity.type == MessageEntity.TEXT_LINK
        and entity.url
        and not any(entity.offset in each for each in aside)
    ]


def articles_behind(library: Library, addresses: Iterable[str], bot: str) -> tuple[int, ...]:
    """Return the numbers of the articles behind links, each once, as far as they still exist.

    Blocks: call it off the event loop.

    Args:
        library: Where the articles are.
        addresses: What `linked_addresses` found.
        bot: The bot's user name, without `@`.
    """
    numbers: dict[int, None] = {}
    for address in addresses:
        number = _article_behind(library, address, bot)
        if number is not None:
            numbers[number] = None
    return tuple(numbers)[:SCOPE_LIMIT]


def _article_behind(library: Library, address: str, bot: str) -> int | None:
    """Return the number of the article that a link leads to."""
    number = deep_link_number(address, bot)
    article = (
        library.find(strip_text_fragment(address)) if number is None else library.article(number)
    )
    return article.number if article else None
