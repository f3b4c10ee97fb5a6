"""Cost of matching an article to many standing queries: `python -m tests.benchmarks.matching`.

The queries are made from one part of the news and matched against another: words,
pyvi words, pairs of them, quoted phrases and names, a third of them typed without
diacritics, some with an excluded word or a title; very frequent words are left out. One in
twenty is a query that many people share, a very common word among them. The naive matcher
tries each query in turn.
"""

import gc
import pickle
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from rich.console import Console
from rich.table import Table

from index import Article
from index.alerts import AlertPhrase, AlertQuery, SubscriptionError
from index.alerts.matcher import Matcher
from index.alerts.parser import parse
from index.articles.analysis import analyse
from index.language.analyser import Analyser
from index.language.spelling import fold
from index.language.word_frequency import folded_frequency, word_frequency
from tests.benchmarks._news import news_records, require_news
from tests.support.matching import Rows, naive_matches

ARTICLES = 300
DRAWN_FROM = 2_000
COUNTS = (1_000, 10_000, 100_000)
INFORMATIVE_BELOW = 0.01
"""Of news sentences: 614 syllables are in more, and no drawn phrase is made of such alone."""
SOURCE = ("Báo Sông Thương",)
SHARED = 0.05
"""Share of queries that many people have."""
SHARED_QUERIES = (
    "Hà Nội",
    "công an",
    "giá vàng",
    "bóng đá",
    "TP HCM",
    "giáo dục",
    "tai nạn giao thông",
    "bão lũ",
    "bat dong san",
    "covid 19",
    "title:Việt Nam",
    "chứng khoán -bitcoin",
    "của",
    "source:vnexpress",
)
MatchArticle = Callable[[Rows], object]


def main() -> None:
    require_news()
    analyser = Analyser()
    records = list(islice(news_records(), ARTICLES + DRAWN_FROM))
    articles = [
        analyse(Article(title=each["title"], text=each["text"]), analyser).terms
        for each in records[:ARTICLES]
    ]
    texts = [line for each in records[ARTICLES:] for line in each["text"].split("\n") if line]
    queries = list(islice(_queries(texts, analyser), max(COUNTS)))
    table = Table(title=f"{ARTICLES} articles; CPU milliseconds an article")
    for column in ("queries", "median", "p95", "slowest", "matches", "MB", "add, µs", "remove, µs"):
        table.add_column(column, justify="right")
    table.add_row("1,000 in turn", *_naive_figures(queries[:1_000], articles))
    for count in COUNTS:
        table.add_row(f"{count:,}", *_figures(queries[:count], articles))
    Console(width=100).print(table)


def _figures(queries: Sequence[AlertQuery], articles: Sequence[Rows]) -> list[str]:
    matcher = Matcher()
    started = time.process_time()
    for number, query in enumerate(queries):
        matcher.add(number, query)
    adding = time.process_time() - started
    figures = _times(lambda terms: matcher.match(terms, SOURCE), articles)
    found = statistics.mean(len(matcher.match(terms, SOURCE)) for terms in articles)
    started = time.process_time()
    for number in range(len(queries)):
        matcher.remove(number)
    removing = time.process_time() - started
    each = [f"{1e6 * seconds / len(queries):.1f}" for seconds in (adding, removing)]
    return [*figures, f"{found:,.0f}", f"{_megabytes(queries):.0f}", *each]


def _naive_figures(queries: Sequence[AlertQuery], articles: Sequence[Rows]) -> list[str]:
    matcher = Matcher()
    for number, query in enumerate(queries):
        matcher.add(number, query)
    for terms in articles:
        ids = [match.id for match in matcher.match(terms, SOURCE)]
        assert ids == naive_matches(queries, terms, SOURCE), "the two do not agree"
    found = statistics.mean(len(naive_matches(queries, terms, SOURCE)) for terms in articles)
    return [
        *_times(lambda terms: naive_matches(queries, terms, SOURCE), articles),
        f"{found:,.0f}",
        *"–––",
    ]


def _times(match: MatchArticle, articles: Sequence[Rows]) -> list[str]:
    for terms in articles[:10]:
        match(terms)
    gc.collect()
    times: list[float] = []
    for terms in articles:
        started = time.process_time()
        match(terms)
        times.append(1_000 * (time.process_time() - started))
    times.sort()
    figures = (statistics.median(times), times[int(0.95 * len(times))], times[-1])
    return [f"{figure:.2f}" for figure in figures]


def _megabytes(queries: Sequence[AlertQuery]) -> float:
    """Return the Python memory of a matcher and its queries in MB."""
    stored = [pickle.dumps(query) for query in queries]
    tracemalloc.start()
    matcher = Matcher()
    for number, each in enumerate(stored):
        matcher.add(number, pickle.loads(each))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken / 1e6


def _queries(texts: Sequence[str], analyser: Analyser) -> Iterator[AlertQuery]:
    """Yield endless queries, the same ones each time."""
    chance = random.Random(3)
    while True:
        if chance.random() < SHARED:
            yield parse(chance.choice(SHARED_QUERIES), analyser)
        else:
            yield _draw_query(chance, texts, analyser)


def _draw_query(chance: random.Random, texts: Sequence[str], analyser: Analyser) -> AlertQuery:
    while True:
        try:
            query = parse(_draw_text(chance, texts), analyser)
        except SubscriptionError:
            continue
        if all(map(_is_informative, query.wanted)):
            return query


def _is_informative(phrase: AlertPhrase) -> bool:
    """Tell whether a phrase is informative: not `và`, not `trong`, not `cho biết`."""
    usual = word_frequency if phrase.exact else folded_frequency
    return min(map(usual, phrase.syllables)) < INFORMATIVE_BELOW


def _draw_text(chance: random.Random, texts: Sequence[str]) -> str:
    words = chance.choice(texts).split()
    at = chance.randrange(len(words))
    capitalised = [n for n, word in enumerate(words) if n and word[0].isupper()]
    kind = chance.random()
    if kind < 0.4 and capitalised:
        at = chance.choice(capitalised)
    typed = " ".join(words[at : at + chance.choice((1, 2, 2, 3, 4))])
    if kind > 0.9:
        typed = f'"{typed}"'
    elif kind > 0.6:
        typed += " " + " ".join(chance.choice(texts).split()[:2])
    if kind > 0.95:
        typed += f" -{chance.choice(words)}"
    if 0.55 < kind < 0.6:
        typed = f"title:{typed}"
    return fold(typed) if chance.random() < 0.33 else typed


if __name__ == "__main__":
    main()
