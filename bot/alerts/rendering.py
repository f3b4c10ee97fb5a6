"""Render alerts as Telegram messages: one article, several at once, a digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat_settings.views import ChatAction
from bot.conversation.callback_data import Action, button
from bot.messages.captions import HIGHLIGHT_LIMIT as TITLE_HIGHLIGHTS
from bot.messages.captions import (
    SOURCE_LIMIT,
    TITLE_LIMIT,
    clip,
    origin_line,
    shown_title,
    source_name,
)
from bot.messages.html import Piece, emphasise, join
from bot.messages.links import article_link, deep_link, page_address
from bot.messages.quotes import render_sentence
from bot.messages.rendered import ENTITY_LIMIT, MESSAGE_LIMIT, Rendered
from bot.messages.voice import Translator
from bot.questions.keyboards import FocusAction
from bot.subscriptions.views import SubscriptionView, display_name
from index.alerts import alert_highlights
from index.models.answer import Quote
from index.models.article import StoredArticle

SEVERAL_LIMIT = 10  # articles of one message
DIGEST_LINES = (20, 12, 8, 5, 3, 2, 1, 0)  # articles of one subscription in a digest, at most
DIGEST_TITLE_LIMIT = 120  # UTF-16 units


class AlertAction(Action):
    """Actions of the buttons under an alert."""

    LESS = "sm{subscription}.{article}"  # offer ways to get less like it
    EXCLUDE = "sw{subscription}.{article}.{place}"  # exclude a word of its title
    PAUSE = "sP{subscription}.{article}"
    ASK_STOP = "su{subscription}.{article}"  # offer to end the subscription
    STOP = "sU{subscription}.{article}"  # end the subscription
    BACK = "sb{subscription}.{article}"  # show the alert's own buttons again


@dataclass(frozen=True, slots=True)
class AlertNews:
    """A delivery: an article that a subscription matches, with the sentence to show of it."""

    delivery: int
    view: SubscriptionView
    excerpt: Quote

    @property
    def article(self) -> StoredArticle:
        """The article."""
        return self.excerpt.article


def render_alerts(voice: Translator, news: Sequence[AlertNews], *, in_channel: bool) -> Rendered:
    """Render one alert, or several as one message."""
    if len(news) == 1:
        return _alert(voice, news[0], in_channel=in_channel)
    heading = voice.piece("alerts_several", count=len(news))
    entries = []
    for number, alert in enumerate(news, start=1):
        name = Piece.plain(display_name(voice, alert.view)).within("i")
        source = Piece.plain(f"{origin_line(voice, alert.article)} · 🔔 ") + name
        entries.append(join("\n", [Piece.plain(f"{number}. ") + _title(voice, alert), source]))
    text = join("\n\n", [heading, *entries])
    return Rendered(text.html, None if in_channel else _manage(voice, news))


def _alert(voice: Translator, news: AlertNews, *, in_channel: bool) -> Rendered:
    """Render the alert of one article: title, sentence, source, date, subscription."""
    quoted = render_sentence(news.excerpt) if news.excerpt.start is not None else Piece()
    parts = [_title(voice, news), quoted, Piece.plain(origin_line(voice, news.article))]
    text = join("\n", [part for part in parts if part.length])
    text += Piece.plain("\n🔔 ") + Piece.plain(display_name(voice, news.view)).within("i")
    if not in_channel:
        keyboard = alert_buttons(voice, news.view.subscription.id, news.article.number)
    else:  # readers go on in their own chat
        link = deep_link(voice.bot, news.article.number)
        about = InlineKeyboardButton(voice.plain("button_about"), url=link)
        keyboard = InlineKeyboardMarkup([[about]])
    return Rendered(text.html, keyboard, page_address(news.article.url, voice.bot))


def alert_buttons(voice: Translator, subscription: int, article: int) -> InlineKeyboardMarkup:
    """Return the buttons of the alert of an article for a subscription."""
    return InlineKeyboardMarkup(
        [
            [button(voice.plain("button_about"), FocusAction.ABOUT, article)],
            [
                button(voice.plain("button_less"), AlertAction.LESS, subscription, article),
                button(voice.plain("button_stop"), AlertAction.ASK_STOP, subscription, article),
            ],
        ]
    )


def render_digest(voice: Translator, news: Sequence[AlertNews], *, in_channel: bool) -> Rendered:
    """Render a digest: for each subscription the number of articles and the first of them."""
    groups: dict[int, list[AlertNews]] = {}
    for alert in news:
        groups.setdefault(alert.view.subscription.id, []).append(alert)
    heading = voice.piece("digest", count=voice.count(len(news)))
    for most in DIGEST_LINES:
        sections = [_section(voice, group, most) for group in groups.values()]
        text = join("\n\n", [heading, *sections])
        if _fits(text):
            break
    for shown in range(len(sections) - 1, -1, -1):
        if _fits(text):
            break
        left = voice.piece("digest_more_subscriptions", count=len(sections) - shown)
        text = join("\n\n", [heading, *sections[:shown], left])
    return Rendered(text.html, None if in_channel else _manage(voice, news))


def _fits(text: Piece) -> bool:
    return text.length <= MESSAGE_LIMIT and text.entities <= ENTITY_LIMIT


def _section(voice: Translator, group: Sequence[AlertNews], most: int) -> Piece:
    name = Piece.plain(display_name(voice, group[0].view))
    heading = name.within("b") + Piece.plain(f" ({voice.count(len(group))})")
    lines = [Piece.plain("• ") + _line(voice, alert) for alert in group[:most]]
    left = len(group) - len(lines)
    if left and lines:
        lines.append(voice.piece("digest_more", count=voice.count(left)))
    return join("\n", [heading, *lines])


def _line(voice: Translator, news: AlertNews) -> Piece:
    article = news.article
    title = Piece.plain(shown_title(article, DIGEST_TITLE_LIMIT))
    link = title.linked(article_link(article.url, article.number, voice.bot))
    source = source_name(article)
    return link + Piece.plain(f" · {clip(source, SOURCE_LIMIT)}") if source else link


def _title(voice: Translator, news: AlertNews) -> Piece:
    """Return the linked title with the words of the query in bold."""
    article, excerpt = news.article, news.excerpt
    title = shown_title(article, TITLE_LIMIT)
    sentences = [excerpt.text] if excerpt.start is not None else []
    spans = alert_highlights(news.view.query, title)[:TITLE_HIGHLIGHTS]
    link = article_link(article.url, article.number, voice.bot, sentences)
    return emphasise(title, spans).linked(link)


def _manage(voice: Translator, news: Sequence[AlertNews]) -> InlineKeyboardMarkup:
    chat = news[0].view.subscription.chat
    manage = button(voice.plain("button_manage"), ChatAction.OPEN_LIST, chat)
    return InlineKeyboardMarkup([[manage]])
