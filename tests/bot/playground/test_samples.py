import re
import unicodedata
from urllib.parse import urlsplit

from bot.playground import samples
from index.articles.readers.files import read
from index.models.article import Article
from index.models.period import has_time


def articles() -> list[Article]:
    found = list(read([samples.path()]))
    assert all(isinstance(item, Article) for item in found)
    return [item for item in found if isinstance(item, Article)]


def test_at_least_fourteen_articles_ship_each_with_its_own_id_address_and_subject() -> None:
    assert len(articles()) >= 14
    for field in ("id", "url", "title", "text", "published"):
        assert len({getattr(article, field) for article in articles()}) == len(articles())


def test_each_is_complete_and_its_address_is_reserved_for_examples() -> None:
    for article in articles():
        assert article.source
        assert (urlsplit(article.url or "").hostname or "").endswith(".example")
        assert article.published is not None
        assert article.published.isoformat().endswith("+07:00")
        assert has_time(article.published)
        assert 2020 <= article.published.year <= 2026


def test_each_is_as_long_as_a_short_news_item() -> None:
    for article in articles():
        sentences = re.findall(r"[.?!]”?(?=\s|$)(?<!TP\.)(?<!TS\.)", article.text)
        assert 6 <= len(sentences) <= 14, article.id
        assert article.text.endswith(".")


def test_the_text_is_composed_vietnamese_on_single_spaced_lines() -> None:
    for article in articles():
        assert unicodedata.is_normalized("NFC", article.text)
        assert not re.search(r" {2}|\n\n|^ | $", article.text)
        assert re.search("[ạ-ỹ]", article.text)


def test_the_samples_differ_in_source_and_year() -> None:
    assert len({article.source for article in articles()}) >= 12
    assert len({article.published.year for article in articles() if article.published}) >= 6
