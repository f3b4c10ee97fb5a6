"""Accuracy and cost of near-duplicate detection: `python -m tests.benchmarks.copies [ARTICLES]`.

Articles of real news are changed in ways that leave them the same article, and in ways that
make another one of them. Then all articles are compared with each other; what is called a
copy among them is held against what a person says.
"""

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice

from rich.console import Console
from rich.table import Table

from index import Article
from index.articles.duplicates import duplicate_keys, is_duplicate
from index.language.analyser import syllable_spans
from tests.benchmarks._news import news_records, require_news

ARTICLES = 60_000
CHANGED = 500
"""Articles that are changed in each way."""

MOST_OF_A_KEY = 100

SAME = frozenset(
    """
    024144/021897 032160/035205 033482/043485 057149/032282 061611/065301 063730/064510
    065670/086393 069390/020476 083144/065792 084534/084624 086661/061631
    """.split()
)
"""Pairs that are one article to a person who read the 67 that share the most runs, 0.58 of them
or more: most of the others go on telling a story, or are forms with other numbers."""

_NAME = re.compile(r"(?<=[a-zà-ỹ,] )[A-ZĐ][a-zà-ỹ]+(?: [A-ZĐ][a-zà-ỹ]+)+")
_NOBODY = "Lò Phúng Xèo"

Change = Callable[[Article, Article, random.Random], Article | None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=int, nargs="?", default=ARTICLES)
    wanted = parser.parse_args().articles
    require_news()
    news = list(islice(_news(), wanted))
    console = Console()
    console.print(_measure_changes(news))
    console.print(_compare_all(news))


def _news() -> Iterator[Article]:
    for record in news_records():
        yield Article(id=record["id"], title=record["title"], text=record["text"])


def _measure_changes(news: Sequence[Article]) -> Table:
    draw = random.Random(7)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    chosen = draw.sample([article for article in news if len(_paragraphs(article)) > 2], CHANGED)
    for article, other in zip(chosen, chosen[1:] + chosen[:1], strict=True):
        keys = _keys(article)
        for name, change in (CHANGES_OF_ONE | CHANGES_TO_ANOTHER).items():
            if changed := change(article, other, draw):
                found = bool(keys & _keys(changed))
                copy = found and is_duplicate(article, replace(changed, source="B"))
                counts[name] += Counter(articles=1, found=found, copies=copy)
    table = Table(title="real articles, changed at another source")
    for column in ("change", "articles", "share a key", "called copies"):
        table.add_column(column, justify="left" if column == "change" else "right")
    for name, count in counts.items():
        shares = (f"{count[kind] / count['articles']:.1%}" for kind in ("found", "copies"))
        table.add_row(name, str(count["articles"]), *shares)
        if name == list(CHANGES_OF_ONE)[-1]:
            table.add_section()
    return table


def _compare_all(news: Sequence[Article]) -> Table:
    terms = [_terms(article) for article in news]
    started = time.process_time()
    keys = [duplicate_keys(each) for each in terms]
    spent = (time.process_time() - started) / len(news)
    filed: defaultdict[int, list[int]] = defaultdict(list)
    for number, several in enumerate(keys):
        for key in several:
            filed[key].append(number)
    pairs = {
        pair for them in filed.values() for pair in combinations(sorted(them[:MOST_OF_A_KEY]), 2)
    }
    table = Table(title=f"{len(news):,} articles with each other")
    for column in ("", "pairs compared", "ms a pair", "called copies", "rightly", "missed"):
        table.add_column(column, justify="right")
    there = {article.id for article in news}
    expected = sum({*pair.split("/")} <= there for pair in SAME)
    for name, source in (("of one source", None), ("of two sources", "B")):
        started = time.process_time()
        copies = [
            (news[a], news[b])
            for a, b in pairs
            if is_duplicate(news[a], replace(news[b], source=source))
        ]
        each = (time.process_time() - started) / max(1, len(pairs))
        right = sum(f"{a.id}/{b.id}" in SAME or f"{b.id}/{a.id}" in SAME for a, b in copies)
        figures = len(pairs), f"{each * 1e3:.1f}", len(copies), right, expected - right
        table.add_row(name, *map(str, figures))
    table.caption = f"keys of an article: {spent * 1e3:.2f} ms CPU"
    return table


def _paragraphs(article: Article) -> list[str]:
    return [line for line in article.text.split("\n") if line.strip()]


def _terms(article: Article) -> tuple[str, str]:
    return "", " ".join(syllable for syllable, _, _ in syllable_spans(article.text))


def _keys(article: Article) -> set[int]:
    return set(duplicate_keys(_terms(article)))


def _lines(article: Article, lines: Sequence[str]) -> Article:
    return replace(article, text="\n".join(lines))


def _some_words(article: Article) -> str:
    return " ".join(_paragraphs(article)[0].split()[:50])


def _change_number(article: Article, _: Article, draw: random.Random) -> Article | None:
    numbers = list(re.finditer(r"\d+", article.text))
    if not numbers:
        return None
    number = draw.choice(numbers)
    changed = str(int(number[0]) + 1)
    text = article.text[: number.start()] + changed + article.text[number.end() :]
    return replace(article, text=text)


def _change_name(article: Article, _: Article, __: random.Random) -> Article | None:
    names = Counter(_NAME.findall(article.text)).most_common(1)
    if not names or names[0][1] < 2:
        return None
    name = names[0][0]
    return replace(
        article,
        title=article.title.replace(name, _NOBODY),
        text=article.text.replace(name, _NOBODY),
    )


def _change_words(article: Article, _: Article, draw: random.Random) -> Article:
    words = article.text.split(" ")
    for place in draw.sample(range(len(words)), max(1, len(words) // 100)):
        words[place] = "ấy" if words[place].islower() else words[place]
    return replace(article, text=" ".join(words))


CHANGES_OF_ONE: dict[str, Change] = {
    "none": lambda one, _, __: one,
    "another title": lambda one, _, __: replace(one, title=_some_words(one)[:60]),
    "50 words added at the end": lambda one, other, _: _lines(
        one, [*_paragraphs(one), _some_words(other)]
    ),
    "50 words added inside": lambda one, other, _: _lines(
        one, [*_paragraphs(one)[:2], _some_words(other), *_paragraphs(one)[2:]]
    ),
    "first paragraph cut": lambda one, _, __: _lines(one, _paragraphs(one)[1:]),
    "last paragraph cut": lambda one, _, __: _lines(one, _paragraphs(one)[:-1]),
    "1 % of the words changed": _change_words,
    "a credit added": lambda one, _, __: replace(one, text=f"{one.text}\nTheo TTXVN"),
}
CHANGES_TO_ANOTHER: dict[str, Change] = {
    "one number changed": _change_number,
    "its commonest name changed": _change_name,
    "another article with its longest paragraph": lambda one, other, _: _lines(
        other, [*_paragraphs(other)[:-1], max(_paragraphs(one), key=len)]
    ),
}

if __name__ == "__main__":
    main()
