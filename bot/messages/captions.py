"""Render the caption of an article: linked title, sources, date, links to repeats."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.messages.html import ELLIPSIS, Piece, emphasise, join, shorten
from bot.messages.links import article_link
from bot.messages.voice import Translator
from index.language.dates import format_datetime, format_day
from index.models.answer import Quote
from index.models.article import StoredArticle

TITLE_LIMIT = 200  # UTF-16 units
OPENING_LIMIT = 60  # UTF-16 units of the text, in place of a title
SOURCE_LIMIT = 80  # UTF-16 units
ALSO_LIMIT = 2  # further sources that are named
ALSO_NAME_LIMIT = 40  # UTF-16 units
REPEATS_LIMIT = 3  # other articles that are named
REPEAT_NAME_LIMIT = 60  # UTF-16 units
HIGHLIGHT_LIMIT = 5  # bold spans in a title


def caption(
    voice: Translator,
    article: StoredArticle,
    quotes: Sequence[Quote] = (),
    *,
    number: int | None = None,
) -> Piece:
    """Return an article's linked title, sources and date, in two lines.

    A third one links other articles that say the same as the quotes.

    Args:
        voice: The translator.
        article: The article.
        quotes: The sentences to which the link scrolls.
        number: The position of the title in the message, if it is numbered.
    """
    title = title_line(voice, article, quotes, number=number)
    origin = Piece.plain(origin_line(voice, article))
    lines = [title, origin, links_to_repeats(voice, article, quotes)]
    return join("\n", [line for line in lines if line.length])


def title_line(
    voice: Translator,
    article: StoredArticle,
    quotes: Sequence[Quote] = (),
    *,
    number: int | None = None,
) -> Piece:
    """Return an article's linked title, the first line of `caption`."""
    sentences = [quote.text for quote in quotes if quote.start is not None]
    link = _title(article, quotes).linked(
        article_link(article.url, article.number, voice.bot, sentences)
    )
    return (Piece.plain(f"{number}. ") if number else Piece()) + link


def source_line(voice: Translator, quote: Quote) -> Piece:
    """Return the source and date of a quote, linked to it; the title where these are unknown."""
    article = quote.article
    shown = origin_line(voice, article) or shown_title(article, TITLE_LIMIT)
    link = article_link(article.url, article.number, voice.bot, [quote.text])
    return Piece.plain(shown).linked(link)


def links_to_repeats(voice: Translator, article: StoredArticle, quotes: Sequence[Quote]) -> Piece:
    """Return links to other articles that say the same as quotes of one, or nothing.

    Their text is the source, or the title if the source is unknown or already named.
    All is in italics, to distinguish these links from those of quoted articles.
    """
    others = {other.number: other for quote in quotes for other in quote.also_in}
    links: list[Piece] = []
    sources = {source_name(article)}
    for other in list(others.values())[:REPEATS_LIMIT]:
        source = source_name(other)
        name = clip(source or "", REPEAT_NAME_LIMIT) if source not in sources else ""
        sources.add(source)
        shown = Piece.plain(name or shown_title(other, REPEAT_NAME_LIMIT))
        links.append(shown.linked(article_link(other.url, other.number, voice.bot)))
    if not links:
        return Piece()
    left = len(others) - len(links)
    listed = join(", ", links) + Piece.plain(f" +{left}" if left else "")
    return (voice.piece("quoted_also") + Piece.plain(" ") + listed).within("i")


def origin_line(voice: Translator, article: StoredArticle) -> str:
    """Format the sources, the date of publication, and whether the article was removed.

    Where the date is unknown, it is when the article was received; nothing is said of an
    article of which nothing is known.
    """
    source = clip(source_name(article) or "", SOURCE_LIMIT)
    if source and article.also:
        named = [clip(name, ALSO_NAME_LIMIT) for name in article.also[:ALSO_LIMIT]]
        left = len(article.also) - len(named)
        others = ", ".join(named) + (f" +{left}" if left else "")
        source = voice.plain("source_also", source=source, others=others)
    parts = [source, _date(voice, article)] if source or _has_date(article) else []
    if article.removed:
        parts.append(voice.plain("source_removed"))
    return " · ".join(filter(None, parts))


def _has_date(article: StoredArticle) -> bool:
    return article.published is not None or article.received is not None


def _date(voice: Translator, article: StoredArticle) -> str:
    """Format the date of publication, else that of receipt, else that it is unknown."""
    received = article.received
    if article.published is None and received is not None:
        day = format_day(received, voice.language)
        return voice.plain("received", clock=f"{received:%H:%M}", day=day)
    return format_datetime(article.published, voice.language)


def source_name(article: StoredArticle) -> str | None:
    """Return the name of an article's source, else its host."""
    if article.source and article.source.strip():
        return article.source
    try:
        host = urlsplit(article.url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def shown_title(article: StoredArticle, limit: int) -> str:
    """Return an article's title, shortened; the first words of its text where it has none."""
    return clip(article.title, limit) or clip(article.text, OPENING_LIMIT) or ELLIPSIS


def clip(text: str, limit: int) -> str:
    """Put a text on one line, shortened to a number of UTF-16 units."""
    return shorten(" ".join(text.split()), limit)[0]


def _title(article: StoredArticle, quotes: Sequence[Quote]) -> Piece:
    """Return an article's title, its matching words bold if it is one of several quotes."""
    title = shown_title(article, TITLE_LIMIT)
    quoted = next((quote for quote in quotes if quote.start is None), None)
    if quoted is None or len(quotes) == 1 or quoted.text != title:
        return Piece.plain(title)
    return emphasise(title, quoted.highlights[:HIGHLIGHT_LIMIT])
