"""Render answers as Telegram messages: verbatim quotes with title, source and date.

The best quote stands whole above its title, the others in one block that a tap opens, so that a
phone shows question, quote, origin and buttons at once. Where they are in doubt all stand whole,
and where contexts are open all of the first article. Quotes of one article are grouped above its
title. Text that is too long is cut at an ellipsis, never within markup or a character.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.messages.captions import caption, clip
from bot.messages.html import Piece, join
from bot.messages.quotes import (
    HIGHLIGHT_LIMIT,
    QUOTE_LIMIT,
    Space,
    bold_excerpt,
    bold_sentence,
    render_sentence,
)
from bot.messages.rendered import ENTITY_LIMIT, MESSAGE_LIMIT, Rendered
from bot.messages.voice import Translator
from bot.questions.keyboards import answer_keyboard
from bot.questions.page_state import Heading, PageState
from bot.questions.quotes.passages import Contexts, Passage, merge_passages
from bot.questions.service import AnswerPage
from bot.questions.words import days_heading
from index.alerts import AlertQuery
from index.models.answer import Quote
from index.models.period import Period

FOCUS_TITLE_LIMIT = 60  # UTF-16 units of the title of the one article asked
IN_DOUBT = frozenset((Heading.MAYBE, Heading.MAYBE_WIDENED, Heading.NEAREST))
"""Headings of pages whose other quotes stand open: the first one alone is too seldom right."""

LEAST_QUOTE = 40  # UTF-16 units; quotes are left out rather than cut shorter


def render_answer_page(voice: Translator, page: AnswerPage) -> Rendered:
    """Render the page of an answer."""
    return render_answer(voice, page.state, page.quotes, period=page.period, topic=page.topic)


def render_answer(
    voice: Translator,
    state: PageState,
    quotes: Sequence[Quote],
    contexts: Contexts | None = None,
    period: Period | None = None,
    topic: AlertQuery | None = None,
) -> Rendered:
    """Render an answer.

    Args:
        voice: The translator.
        state: The state of the page; its quotes are ignored.
        quotes: The quotes to show, best first; those that do not fit are left out.
        contexts: The sentences around each quote, if the context is open.
        period: The dates in the question.
        topic: The topic of the question, to subscribe to.
    """
    heading = _heading(voice, state, period, quotes)
    shown, space = _fit(voice, heading, quotes)
    groups = _group_by_article(shown)
    texts = [_texts(group, space, contexts) for group in groups]
    whole = len(next(iter(texts), [])) if contexts else 1
    captions = _captions(voice, groups)
    if state.heading in IN_DOUBT:
        blocks = [block for each in zip(texts, captions, strict=True) for block in _whole(*each)]
    else:
        blocks = _with_others_folded(texts, captions, whole) if groups else []
    text = join("\n", [heading, *blocks] if heading.length else blocks)
    keyboard = answer_keyboard(
        voice,
        replace(state, quotes=tuple((q.article.number, q.position) for q in shown)),
        next(iter(shown), None),
        topic,
        opened=contexts is not None,
    )
    return Rendered(text.html, keyboard)


def render_quote(voice: Translator, quote: Quote) -> Rendered:
    """Render one quote without buttons, to be sent from inline mode."""
    body = render_sentence(quote)
    return Rendered(join("\n", [body, caption(voice, quote.article, [quote])]).html)


def _heading(
    voice: Translator, state: PageState, period: Period | None, quotes: Sequence[Quote]
) -> Piece:
    """Return the lines above the quotes, which may be empty."""
    many = len(state.scope) > 1
    key = {
        Heading.PLAIN: "",
        Heading.SCOPED: "heading_scoped_many" if many else "heading_scoped",
        Heading.WIDENED: "heading_widened",
        Heading.MAYBE: _maybe_key(state.scope),
        Heading.MAYBE_WIDENED: "heading_maybe_widened",
        Heading.NEAREST: "heading_nearest",
    }[state.heading]
    parts = []
    if state.in_mode and state.scope and quotes:
        title = clip(quotes[0].article.title, FOCUS_TITLE_LIMIT)
        parts.append(voice.piece("heading_focused", title=title))
        key = "" if state.heading is Heading.SCOPED else key
    if key:
        parts.append(voice.piece(key))
    if days := days_heading(voice, state.days, period):
        parts.append(days)
    if state.page:
        parts.append(voice.piece("page_of_quotes", page=state.page + 1))
    return join("\n", parts)


def _maybe_key(scope: Sequence[int]) -> str:
    """Return the key of the heading above what may answer, everywhere or within a scope."""
    if not scope:
        return "heading_maybe"
    return "heading_maybe_scoped" if len(scope) == 1 else "heading_maybe_scoped_many"


def _fit(
    voice: Translator, heading: Piece, quotes: Sequence[Quote]
) -> tuple[Sequence[Quote], Space]:
    """Return the quotes that fit one message, and the space for each."""
    for count in range(len(quotes), 0, -1):
        fixed = join("\n\n\n", [heading, *_captions(voice, _group_by_article(quotes[:count]))])
        room = (MESSAGE_LIMIT - fixed.length - count) // count
        spans = (ENTITY_LIMIT - fixed.entities - count) // count
        if room >= LEAST_QUOTE and spans > 0:
            return quotes[:count], Space(room, min(spans, HIGHLIGHT_LIMIT))
    return (), Space(0, 0)


def _group_by_article(quotes: Sequence[Quote]) -> list[list[Quote]]:
    """Group quotes by article, the article of the best quote first."""
    groups: dict[int, list[Quote]] = {}
    for quote in quotes:
        groups.setdefault(quote.article.number, []).append(quote)
    return list(groups.values())


def _captions(voice: Translator, groups: Sequence[Sequence[Quote]]) -> list[Piece]:
    """Return the caption below each group."""
    return [caption(voice, group[0].article, group) for group in groups]


def _whole(texts: Sequence[Piece], caption: Piece) -> list[Piece]:
    """Render the quotes or passages of an article above its caption."""
    return [*(text.within("blockquote") for text in texts), caption]


def _with_others_folded(
    texts: Sequence[Sequence[Piece]], captions: Sequence[Piece], whole: int
) -> list[Piece]:
    """Render the best quote with its caption, and the others in an expandable block.

    Args:
        texts: The quotes or passages of each article, the best first.
        captions: The caption of each article.
        whole: How many texts of the first article stand by themselves.
    """
    folded = [join("\n", texts[0][whole:])] if texts[0][whole:] else []
    folded += [
        join("\n", [*more, caption]) for more, caption in zip(texts[1:], captions[1:], strict=True)
    ]
    block = [join("\n\n", folded).within("blockquote", "expandable")] if folded else []
    return [*_whole(texts[0][:whole], captions[0]), *block]


def _texts(group: Sequence[Quote], space: Space, contexts: Contexts | None) -> list[Piece]:
    """Render the quotes of one article, in their context if that is open.

    A title that is quoted beside sentences of its article is not repeated: it
    is in the caption anyway.
    """
    quotes = [quote for quote in group if quote.start is not None] or group
    if contexts is None:
        short = replace(space, length=min(space.length, QUOTE_LIMIT))
        return [bold_sentence(quote, short) for quote in quotes]
    return [_in_context(passage, space) for passage in merge_passages(quotes, contexts)]


def _in_context(passage: Passage, space: Space) -> Piece:
    """Render a passage with its quotes in bold."""
    room = space.length * len(passage.spans)
    return bold_excerpt(passage.text, passage.spans, passage.spans[0][0], room)
