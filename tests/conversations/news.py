"""Articles to ask: the first 2,000 of the shared news, with dates and sources of our own."""

from datetime import datetime, timedelta
from itertools import islice

from index import Article
from tests.benchmarks._news import news_records

ARTICLES = 2_000
A_DAY = 70
"""Articles of a day: those of 29 days."""

SOURCES = ("Báo Sông Thương", "Báo Phù Sa", "Tin Cao Nguyên", "Báo Ngàn Phố", "Nhịp Số")


def dated_news(now: datetime) -> tuple[Article, ...]:
    """Return the articles, newest first: the news has neither dates nor sources.

    The first 70 are of the day until now, spread evenly, the next 70 of the day before, and so on.

    Args:
        now: The time of the questions, in Vietnam.
    """
    records = islice(news_records(), ARTICLES)
    return tuple(
        Article(
            id=record["id"],
            url=f"https://bao.example/{record['id']}",
            title=record["title"],
            text=record["text"],
            source=SOURCES[number % len(SOURCES)],
            published=_moment(number, now),
        )
        for number, record in enumerate(records)
    )


def _moment(number: int, now: datetime) -> datetime:
    days, place = divmod(number, A_DAY)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    length = timedelta(days=1) if days else now - midnight
    return midnight - timedelta(days=days) + length * ((A_DAY - place) / (A_DAY + 1))
