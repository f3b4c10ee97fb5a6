"""Two small articles as engines index them, and a search for them."""

from collections.abc import Iterator, Sequence

from index.engine.protocol import (
    ChangedSince,
    Engine,
    Field,
    Origin,
    SentenceAddress,
    TermSearch,
    WeightedTerm,
)
from index.models.article import ArticleFilter, IndexableArticle

ONE = IndexableArticle(1, 1, 1_000, ("Báo A",), ("lũ quét", "cầu bị cuốn_trôi", "bộ_đội đến"))
TWO = IndexableArticle(2, 2, 2_000, ("Báo B", "Báo C"), ("bóng_đá", "đội bóng thắng"))
ORIGIN = Origin("test", 1)
RAIN = SentenceAddress(3, 0)


def after(*articles: IndexableArticle) -> ChangedSince:
    """What gives those of some articles that changed after a revision."""

    def changed(revision: int) -> Iterator[Sequence[IndexableArticle]]:
        if later := [article for article in articles if article.revision > revision]:
            yield later

    return changed


def find(engine: Engine, text: str, wanted: ArticleFilter | None = None) -> list[SentenceAddress]:
    terms = [WeightedTerm(Field.SYLLABLES, syllable) for syllable in text.split()]
    filters = [wanted or ArticleFilter()]
    ((sentences, _),) = engine.snapshot().best(TermSearch(terms, 10), TermSearch(), filters)
    return list(sentences)


def bigrams(*pairs: str) -> list[list[list[WeightedTerm]]]:
    """Requirements of sentences that hold each of some pairs of syllables."""
    return [[[WeightedTerm(Field.BIGRAMS, pair)]] for pair in pairs]
