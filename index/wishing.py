"""Wishes over a library: read, expected, shown, and made of questions and titles."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock

from index.analyser import Analyser
from index.analysis import Located
from index.article import Quote, StoredArticle
from index.dates import vietnam
from index.expecting import Expectation, expect
from index.filters import without_filters
from index.query import Query
from index.quotes import make_quote
from index.store.articles import Articles
from index.subscriptions import Wish, parse, wish_highlights
from index.topics import exclusions, topic_of


class Wishes:
    """What can be asked about wishes. May be called from any thread; blocks.

    Args:
        articles: The store.
        analyser: That of articles and questions.
    """

    def __init__(self, articles: Articles, analyser: Analyser) -> None:
        self._articles = articles
        self._analyser = analyser
        self._looking = Lock()  # one at a time: it is heavy, and questions want the machine

    def read(self, text: str) -> Wish:
        """What was typed as a subscription.

        Raises:
            SubscriptionError: It cannot be understood.
        """
        return parse(text, self._analyser)

    def expect(self, wish: Wish) -> Expectation:
        """What a wish would have brought in the last thirty days."""
        with self._looking:
            return expect(self._articles, wish, datetime.now(vietnam()))

    def excerpts(self, matches: Sequence[tuple[int, Sequence[int], Wish]]) -> list[Quote | None]:
        """The sentence to show of each article that a wish matched: the best, else the lead.

        Args:
            matches: The number of each article, the sentences that match, the best first
                (0 is the title), and what was wished for; its words are marked.

        Returns:
            The sentences, None for an article that is gone.
        """
        found = self._articles.get({number for number, _, _ in matches})
        nothing = Query.empty()
        return [
            self._excerpt(nothing, found[number], positions, wish) if number in found else None
            for number, positions, wish in matches
        ]

    @staticmethod
    def _excerpt(nothing: Query, found: Located, positions: Sequence[int], wish: Wish) -> Quote:
        there = [at for at in positions if 0 < at <= len(found[1])]
        at = there[0] if there else min(1, len(found[1]))
        sentence = make_quote(nothing, at, *found)
        return replace(sentence, highlights=wish_highlights(wish, sentence.text))

    def topic(self, question: str, quotes: Sequence[Quote] = ()) -> Wish | None:
        """What a question is about, by the quotes that answer it; None if that is not clear."""
        matched = (each.text[start:end] for each in quotes for start, end in each.matches)
        return topic_of(without_filters(question), matched, self._analyser)

    def exclusions(self, article: StoredArticle, wish: Wish) -> list[str]:
        """Words of an article's title that a wish could exclude, the most telling first."""
        return exclusions(article.title, wish, self._analyser)
