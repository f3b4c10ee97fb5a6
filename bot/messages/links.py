"""Build and parse links: text fragments that open a page at a quote, and deep links.

A link into a source is `URL#:~:text=…`, a text fragment: browsers scroll to the
quoted words and mark them (https://wicg.github.io/scroll-to-text-fragment/). An
article without an address of its own is linked to the bot itself, which opens
it: `https://t.me/BOT?start=a_NUMBER`.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

FRAGMENT_DIRECTIVE = ":~:"
TELEGRAM_HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog"})
LINK_LIMIT = 2048  # characters; servers and apps commonly refuse longer addresses
WHOLE_WORDS = 12  # words; longer sentences are named by their first and last words
EDGE_WORDS = 5  # words

_DEEP_LINK = re.compile(r"https?://t\.me/(?P<bot>\w+)/?\?start=(?P<payload>[\w-]+)", re.I)
_PAYLOAD = re.compile(r"a_(?P<number>[1-9]\d{0,17})", re.ASCII)


def article_link(url: str | None, number: int, bot: str, sentences: Sequence[str] = ()) -> str:
    """Return the link of an article: its page at the quoted sentences, or a deep link.

    Args:
        url: The address of the article, if it has one.
        number: The number of the article.
        bot: The bot's user name, without `@`.
        sentences: The sentences to open the source at, the best one first.
    """
    page = page_address(url, bot)
    return link_to_sentences(page, sentences) if page else deep_link(bot, number)


def page_address(url: str | None, bot: str) -> str | None:
    """Return the address of an article's page; None if it has none, or Telegram opens none such."""
    return url if url and _is_web_address(url) and not _leads_to(url, bot) else None


def link_to_sentences(url: str, sentences: Sequence[str]) -> str:
    """Add text fragments to an address, for as many sentences as fit."""
    bare = strip_text_fragment(url)
    link = bare
    separator = FRAGMENT_DIRECTIVE if "#" in bare else "#" + FRAGMENT_DIRECTIVE
    for sentence in sentences:
        words = sentence.split()
        longer = f"{link}{separator}text={_text_fragment(words)}"
        if words and len(longer) <= LINK_LIMIT:
            link, separator = longer, "&"
    return link


def strip_text_fragment(url: str) -> str:
    """Strip the text fragment of an address; other fragments stay."""
    bare, directive, _ = url.partition(FRAGMENT_DIRECTIVE)
    return bare.removesuffix("#") if directive else bare


def deep_link(bot: str, number: int) -> str:
    """Return the deep link that opens an article in a chat with the bot."""
    return f"https://t.me/{bot}?start=a_{number}"


def payload_number(text: str) -> int | None:
    """Return the article's number in a `/start` payload, or None."""
    match = _PAYLOAD.fullmatch(text)
    return int(match["number"]) if match else None


def deep_link_number(url: str, bot: str) -> int | None:
    """Return the article's number in a deep link to this bot, or None."""
    match = _DEEP_LINK.fullmatch(url)
    if not match or match["bot"].lower() != bot.lower():
        return None
    return payload_number(match["payload"])


def _text_fragment(words: list[str]) -> str:
    """Encode a sentence as a text fragment: whole, or as its first and last words."""
    if len(words) <= WHOLE_WORDS:
        return _encode(words)
    return f"{_encode(words[:EDGE_WORDS])},{_encode(words[-EDGE_WORDS:])}"


def _encode(words: list[str]) -> str:
    """Percent-encode words; `-`, `,` and `&` have a meaning in a text fragment."""
    return quote(" ".join(words), safe="").replace("-", "%2D")


def _leads_to(url: str, bot: str) -> bool:
    """Tell whether an address leads to the bot itself."""
    parts = urlsplit(url)
    own = parts.path.strip("/").lower() == bot.lower()
    return own and (parts.hostname or "").lower() in TELEGRAM_HOSTS


def _is_web_address(url: str) -> bool:
    """Tell whether Telegram accepts an address as a link: http or https with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
