"""Standing queries over a library: parse, estimate, show, suggest from questions and titles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock

from index.alerts.frequency import FrequencyEstimate, estimate_frequency
from index.alerts.parser import parse
from index.alerts.query import OR, AlertQuery
from index.alerts.topics import (
    extract_topic,
    is_put_to_bot,
    suggest_exclusions,
    suggest_subjects,
)
from index.language.analyser import Analyser, syllable_spans
from index.language.english import parse_english_question
from index.language.spelling import fold
from index.models.answer import Quote
from index.models.article import ArticleWithSpans, StoredArticle
from index.models.period import vietnam
from index.search.query import Query, remove_filters
from index.search.quotes import join_highlights, make_quote, occurrences
from index.store.articles import Articles

SUBJECT_TITLES = 60
"""The newest articles in whose titles subjects are looked for: some milliseconds of analysis."""

_PLAIN = re.compile(r"[a-z ]{1,120}", re.IGNORECASE)
"""Words without any sign or diacritic."""

_EITHER = re.compile(r" or ", re.IGNORECASE)


def _ways(words: str) -> Iterator[str]:
    """Yield English words, and what they are in Vietnamese."""
    yield words
    english = parse_english_question(words) or ()
    if any(word.equivalents for word in english):
        ways = [word.equivalents[0] if word.equivalents else word.text for word in english]
        yield " ".join(f'"{way}"' if " " in way else way for way in ways)


def alert_highlights(query: AlertQuery, text: str) -> tuple[tuple[int, int], ...]:
    """Return the `[start, end)` spans of a text that match a query, in order, neighbours joined.

    Common words too are highlighted, since somebody asked for just these. Names of
    sources are not looked for in the text.
    """
    spans = syllable_spans(text)
    exact = [syllable for syllable, _, _ in spans]
    folded = list(map(fold, exact))
    matched: set[int] = set()
    for phrase in query.wanted:
        matched.update(occurrences(phrase.sought, exact if phrase.exact else folded))
    return tuple(join_highlights(text, [spans[position][1:] for position in sorted(matched)]))


class AlertQueries:
    """Service for standing queries over a library. May be called from any thread; blocks.

    Args:
        articles: The store.
        analyser: That of articles and questions.
    """

    def __init__(self, articles: Articles, analyser: Analyser) -> None:
        self._articles = articles
        self._analyser = analyser
        self._looking = Lock()  # one at a time: it is heavy, and questions want the machine

    def read(self, text: str, *, english: bool = False) -> AlertQuery:
        """Parse a typed or stored text into a standing query; see `parse` for `english`.

        Raises:
            SubscriptionError: It cannot be understood.
        """
        return parse(text, self._analyser, english=english)

    @staticmethod
    def with_translation(words: str) -> str:
        """Add its Vietnamese words to an English text, as an alternative: `storm OR bão`.

        Words that have no translation stay as they are; a text of none that has one, or with signs
        that mean something, is returned as it is.
        """
        if not _PLAIN.fullmatch(words):
            return words
        return f" {OR} ".join(way for side in _EITHER.split(words) for way in _ways(side))

    def expect(self, query: AlertQuery) -> FrequencyEstimate:
        """Estimate how often a query matches, from the articles of the last thirty days."""
        with self._looking:
            return estimate_frequency(self._articles, query, datetime.now(vietnam()))

    def excerpts(
        self, matches: Sequence[tuple[int, Sequence[int], AlertQuery]]
    ) -> list[Quote | None]:
        """Return the sentence to show of each matched article: the best match, else the lead.

        Args:
            matches: The number of each article, the sentences that match, the best first
                (0 is the title), and the query; its words are highlighted.

        Returns:
            The sentences, None for an article that is gone.
        """
        articles = self._articles.get({number for number, _, _ in matches})
        return [
            _excerpt(articles[number], positions, query) if number in articles else None
            for number, positions, query in matches
        ]

    def topic(
        self, question: str, quotes: Sequence[Quote] = (), *, confident: bool = True
    ) -> AlertQuery | None:
        """Suggest a standing query from a question and the quotes that answer it.

        Args:
            question: As it was asked.
            quotes: The best quotes, whose words that match are preferred.
            confident: Whether they answer it; if not, the words of the question alone count.

        Returns:
            The query; None if there is no clear subject, or the question is put to the bot.
        """
        bare = remove_filters(question)
        if not confident and is_put_to_bot(bare):
            return None
        matched = [(quote.text, quote.matches) for quote in quotes] if confident else []
        return extract_topic(bare, matched, self._analyser)

    def subjects(self, most: int) -> list[AlertQuery]:
        """Suggest standing queries for what several of the newest titles name."""
        titles = [article.title for article in self._articles.latest(SUBJECT_TITLES)]
        return suggest_subjects(titles, self._analyser)[:most]

    def exclusions(self, article: StoredArticle, query: AlertQuery) -> list[str]:
        """Suggest words of a title to exclude from a query, the most informative first."""
        return suggest_exclusions(article.title, query, self._analyser)


def _excerpt(article: ArticleWithSpans, positions: Sequence[int], query: AlertQuery) -> Quote:
    last = len(article[1])
    position = next((position for position in positions if 0 < position <= last), min(1, last))
    sentence = make_quote(Query.empty(), position, *article)
    return replace(sentence, highlights=alert_highlights(query, sentence.text))
