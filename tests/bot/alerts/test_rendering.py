"""Alerts as messages, whatever they hold."""

from bot.alerts.rendering import AlertNews, render_digest
from bot.subscriptions.views import SubscriptionView
from index.alerts.parser import parse
from index.language.analyser import Analyser
from index.models.answer import Quote
from index.models.article import StoredArticle
from index.models.schedule import Schedule
from index.store.chats.subscriptions import Subscription
from tests.support.rendering import VOICE, parse_rendered

QUERY = parse("bão", Analyser())


def news(subscription: int, number: int, name: str) -> AlertNews:
    article = StoredArticle(number=number, id=str(number), title="Tin dài " * 30, text="Một câu.")
    stored = Subscription(
        id=subscription,
        bot=1,
        chat=1001,
        thread=None,
        wish="bão",
        name=name,
        schedule=Schedule(),
        is_silent=False,
        paused_at=None,
        created_at=0,
    )
    return AlertNews(
        number,
        SubscriptionView(stored, QUERY),
        Quote(text="Một câu.", start=0, end=8, score=0.0, article=article, position=1),
    )


def test_a_digest_of_many_subscriptions_with_long_names_is_one_message_that_fits() -> None:
    many = [news(subscription, 1, "📰" * 40) for subscription in range(60)]

    text, _ = parse_rendered(render_digest(VOICE, many, in_channel=False))

    assert "60 bài" in text
    assert "… và " in text


def test_a_digest_names_as_many_articles_as_fit() -> None:
    many = [news(1, number, "Bão") for number in range(1, 200)]

    text, _ = parse_rendered(render_digest(VOICE, many, in_channel=False))

    assert "Bão (199)" in text
    assert "… và 179 bài nữa" in text
