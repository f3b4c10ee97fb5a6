"""Articles and sources as Telegram messages: one article, the newest, the sources."""

from collections.abc import Callable, Sequence

from bot.captions import Voice, caption, clipped
from bot.markup import Piece, join, shorten
from bot.rendering import MESSAGE_LIMIT, Rendered
from index.article import Quote, SourceSummary, StoredArticle
from index.dates import to_words

LEAD_LIMIT = 1000  # UTF-16 units
TEXT_LIMIT = 3000  # UTF-16 units; an article without an address can be read only here
SOURCES_LIMIT = 30  # lines; more is no longer read
NAME_LIMIT = 80  # UTF-16 units


def render_article(voice: Voice, article: StoredArticle, lead: Sequence[Quote]) -> Rendered:
    """Return an article: title, source, date, its first sentences, and how to ask about it."""
    if article.url:
        text, attribute, limit = _slice(article, lead), "", LEAD_LIMIT
    else:
        text, attribute, limit = article.text, "expandable", TEXT_LIMIT
    quoted = Piece.plain(shorten(text.strip(), limit)[0]).within("blockquote", attribute)
    head = caption(voice, article)
    parts = [head, quoted, voice.piece("article_invitation")]
    return Rendered(join("\n\n", [part for part in parts if part.length]).html)


def render_latest(voice: Voice, articles: Sequence[StoredArticle], source: str | None) -> Rendered:
    """Return the newest articles, of one source or of all."""
    if source is None:
        heading = voice.piece("latest")
    else:
        heading = voice.piece("latest_from", source=clipped(source, NAME_LIMIT))
    captions = [caption(voice, article) for article in articles]
    hint = voice.piece("latest_hint")
    return fitted(heading, captions, lambda _: hint, between="\n\n")


def render_sources(voice: Voice, summaries: Sequence[SourceSummary]) -> Rendered:
    """Return the sources with how much there is of each, those with most articles first."""
    lines = source_lines(voice, summaries, SOURCES_LIMIT)

    def rest(shown: int) -> Piece:
        left = len(summaries) - shown
        return voice.piece("sources_more", count=voice.count(left)) if left else Piece()

    return fitted(voice.piece("sources"), lines, rest)


def source_lines(voice: Voice, summaries: Sequence[SourceSummary], limit: int) -> list[Piece]:
    """Return the first lines of the list of sources."""
    ordered = sorted(summaries, key=lambda summary: (-summary.articles, summary.name))
    return [_source_line(voice, summary) for summary in ordered[:limit]]


def fitted(
    heading: Piece,
    items: Sequence[Piece],
    footer: Callable[[int], Piece],
    *,
    between: str = "\n",
) -> Rendered:
    """Return a list as a message: as many of its items as one message has room for.

    Args:
        heading: What stands above the items.
        items: What is listed, the most important first.
        footer: Gives what stands below, from the number of items shown.
        between: What parts the items.
    """
    for shown in range(len(items), -1, -1):
        parts = [heading, join(between, items[:shown]), footer(shown)]
        message = join("\n\n", [part for part in parts if part.length])
        if message.length <= MESSAGE_LIMIT:
            break
    return Rendered(message.html)


def _slice(article: StoredArticle, sentences: Sequence[Quote]) -> str:
    """Return the stretch of the body from the first sentence to the last, word for word."""
    ends = [sentence for sentence in sentences if sentence.start is not None]
    return article.text[ends[0].start : ends[-1].end] if ends else ""


def _source_line(voice: Voice, summary: SourceSummary) -> Piece:
    """Return a source's name and numbers."""
    name = Piece.plain("• " + clipped(summary.name, NAME_LIMIT) + ": ")
    latest = to_words(summary.latest, voice.language)
    return name + voice.piece("source_line", articles=voice.count(summary.articles), latest=latest)
