"""Render alerts as Telegram messages: one article, several at once, a digest."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat_settings.views import ChatAction
from bot.conversation.callback_data import Action, button
from bot.messages.captions import HIGHLIGHT_LIMIT as TITLE_HIGHLIGHTS
from bot.messages.captions import SOURCE_LIMIT, TITLE_LIMIT, clip, origin_line, source_name
from bot.messages.html import ELLIPSIS, Piece, emphasise, join
from bot.messages.links import article_link, deep_link
from bot.messages.quotes import render_sentence
from bot.messages.rendered import MESSAGE_LIMIT, Rendered
from bot.messages.voice import Translator
from bot.questions.rendering import ENTITY_LIMIT
from bot.subscriptions.words import subscription_name
from index.alerts import AlertQuery, alert_highlights
from index.models.answer import Quote
from index.models.article import StoredArticle
from index.store.chats import Subscription

SEVERAL_LIMIT = 10  # articles of one message
DIGEST_LINES = (20, 12, 8, 5, 3, 2, 1, 0)  # articles of one subscription in a digest, at most
DIGEST_TITLE_LIMIT = 120  # UTF-16 units


class AlertAction(Action):
    """Actions of the buttons under an alert."""

    ABOUT = "sa{article}"  # ask it from now on
    ABOUT_ALL = "sA{article}"  # ask all articles again
    LESS = "sm{subscription}.{article}"  # offer ways to get less like it
    EXCLUDE = "sw{subscription}.{article}.{place}"  # exclude a word of its title
    PAUSE = "sP{subscription}.{article}"
    ASK_STOP = "su{subscription}.{article}"  # offer to end the subscription
    STOP = "sU{subscription}.{article}"  # end the subscription
    BACK = "sb{subscription}.{article}"  # show the alert's own buttons again


@dataclass(frozen=True, slots=True)
class AlertNews:
    """An article that a subscription matches, with the sentence to show of it."""

    subscription: Subscription
    query: AlertQuery
    excerpt: Quote

    @property
    def article(self) -> StoredArticle:
        """The article."""
        return self.excerpt.article


def render_alert(voice: Translator, news: AlertNews, *, in_channel: bool = False) -> Rendered:
    """Render the alert of one article: title, sentence, source, date, subscription."""
    quoted = render_sentence(news.excerpt) if news.excerpt.start is not None else Piece()
    what_for = Piece.plain(subscription_name(voice, news.subscription, news.query))
    parts = [_title(voice, news), quoted, Piece.plain(origin_line(voice, news.article))]
    text = join("\n", [part for part in parts if part.length])
    text += join("", [Piece.plain("\n🔔 "), what_for.within("i")])
    if not in_channel:
        keyboard = alert_buttons(voice, news.subscription.id, news.article.number)
    else:  # readers go on in their own chat
        link = deep_link(voice.bot, news.article.number)
        about = InlineKeyboardButton(voice.plain("button_about"), url=link)
        keyboard = InlineKeyboardMarkup([[about]])
    return Rendered(text.html, keyboard)


def alert_buttons(voice: Translator, subscription: int, article: int) -> InlineKeyboardMarkup:
    """Return the buttons of the alert of an article for a subscription."""
    return InlineKeyboardMarkup(
        [
            [button(voice.plain("button_about"), AlertAction.ABOUT, article)],
            [
                button(voice.plain("button_less"), AlertAction.LESS, subscription, article),
                button(voice.plain("button_stop"), AlertAction.ASK_STOP, subscription, article),
            ],
        ]
    )


def render_several(
    voice: Translator, news: Sequence[AlertNews], *, in_channel: bool = False
) -> Rendered:
    """Render several alerts as one message."""
    heading = voice.piece("alerts_several", count=len(news))
    entries = []
    for place, alert in enumerate(news, start=1):
        name = Piece.plain(subscription_name(voice, alert.subscription, alert.query)).within("i")
        source = Piece.plain(f"{origin_line(voice, alert.article)} · 🔔 ") + name
        entries.append(join("\n", [Piece.plain(f"{place}. ") + _title(voice, alert), source]))
    text = join("\n\n", [heading, *entries])
    return Rendered(text.html, None if in_channel else _manage(voice, news))


def render_digest(
    voice: Translator, news: Sequence[AlertNews], *, in_channel: bool = False
) -> Rendered:
    """Render a digest: for each subscription the number of articles and the first of them."""
    groups: dict[int, list[AlertNews]] = {}
    for each in news:
        groups.setdefault(each.subscription.id, []).append(each)
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
    name = Piece.plain(subscription_name(voice, group[0].subscription, group[0].query))
    heading = name.within("b") + Piece.plain(f" ({voice.count(len(group))})")
    lines = [Piece.plain("• ") + _line(voice, each) for each in group[:most]]
    left = len(group) - len(lines)
    if left and lines:
        lines.append(voice.piece("digest_more", count=voice.count(left)))
    return join("\n", [heading, *lines])


def _line(voice: Translator, news: AlertNews) -> Piece:
    article = news.article
    title = Piece.plain(clip(article.title, DIGEST_TITLE_LIMIT) or ELLIPSIS)
    link = title.linked(article_link(article.url, article.number, voice.bot))
    source = source_name(article)
    return link + Piece.plain(f" · {clip(source, SOURCE_LIMIT)}") if source else link


def _title(voice: Translator, news: AlertNews) -> Piece:
    """Return the linked title with the words of the query in bold."""
    article, excerpt = news.article, news.excerpt
    title = clip(article.title, TITLE_LIMIT) or ELLIPSIS
    sentences = [excerpt.text] if excerpt.start is not None else []
    spans = alert_highlights(news.query, title)[:TITLE_HIGHLIGHTS]
    link = article_link(article.url, article.number, voice.bot, sentences)
    return emphasise(title, spans).linked(link)


def _manage(voice: Translator, news: Sequence[AlertNews]) -> InlineKeyboardMarkup:
    chat = news[0].subscription.chat
    manage = button(voice.plain("button_manage"), ChatAction.OPEN_LIST, chat)
    return InlineKeyboardMarkup([[manage]])
