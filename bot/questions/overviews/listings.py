"""Render a single article and the list of the latest articles as Telegram messages."""

from collections.abc import Sequence

from bot.messages.captions import caption, clip
from bot.messages.html import Piece, join, shorten
from bot.messages.rendered import Rendered, fit_to_limit
from bot.messages.voice import Translator
from index.models.answer import Quote
from index.models.article import StoredArticle

LEAD_LIMIT = 1000  # UTF-16 units
TEXT_LIMIT = 3000  # UTF-16 units; an article without an address can be read only here
NAME_LIMIT = 80  # UTF-16 units


def render_article(voice: Translator, article: StoredArticle, lead: Sequence[Quote]) -> Rendered:
    """Render an article: title, source, date, first sentences, and how to ask about it."""
    if article.url:
        text, attribute, limit = _slice(article, lead), "", LEAD_LIMIT
    else:
        text, attribute, limit = article.text, "expandable", TEXT_LIMIT
    quoted = Piece.plain(shorten(text.strip(), limit)[0]).within("blockquote", attribute)
    head = caption(voice, article)
    parts = [head, quoted, voice.piece("article_invitation")]
    return Rendered(join("\n\n", [part for part in parts if part.length]).html)


def render_latest(
    voice: Translator, articles: Sequence[StoredArticle], source: str | None
) -> Rendered:
    """Render the latest articles, of one source or of all."""
    if source is None:
        heading = voice.piece("latest")
    else:
        heading = voice.piece("latest_from", source=clip(source, NAME_LIMIT))
    captions = [caption(voice, article) for article in articles]
    hint = voice.piece("latest_hint")
    return fit_to_limit(heading, captions, lambda _: hint, between="\n\n")


def _slice(article: StoredArticle, sentences: Sequence[Quote]) -> str:
    """Return the body verbatim from the first of the sentences to the last."""
    ends = [sentence for sentence in sentences if sentence.start is not None]
    return article.text[ends[0].start : ends[-1].end] if ends else ""
