"""Group near-duplicate quotes: one stands for near-identical sentences of several articles.

Agencies are copied and background is repeated, so the best sentences of an answer are often one.
Of those that are about as good as the best-ranked, the most complete stands for all of them, the
newest if several are. Others are left to their articles, which the question is hardly about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from index.articles.term_codes import CONTINUES, Codes, decode_terms, word_lengths
from index.language.analyser import syllable_spans
from index.language.number_words import NUMBER_WORDS
from index.language.titles import title_first_syllables
from index.models.article import ArticleWithSpans, StoredArticle, sentence_at
from index.search.ranking.candidates import Ranked
from index.search.ranking.reranking import published_at
from index.search.ranking.weights import FULLEST

ALIKE_FROM = 0.8
"""The share of their syllable bigrams that two sentences have in common (Jaccard)."""

NEAR = 0.03
"""By which share of its score a candidate may be worse than another one to be about as good: copies
of an article are, what repeats a sentence of it as background is not."""

SHORTEST = 6
"""Syllables; a shorter sentence says nothing without its context."""

MOST_APART = timedelta(days=3)
"""The time between two sentences that name nobody and count nothing: later they are of another
event, as in `Nguyên nhân đang được điều tra`."""

_TURNING = frozenset("không chưa chẳng chả tăng giảm thắng thua".split())
"""Words that reverse the meaning of a sentence."""

_NUMBER_WORDS = frozenset(NUMBER_WORDS) - {"một", "năm"}
"""Without those which are an article and a year more often."""

_OFFICES = title_first_syllables()
"""The first syllables of titles and offices, which one may leave out where the other names them."""


@dataclass(frozen=True, slots=True)
class QuoteGroup:
    """A candidate, and the other articles that say the same, in the order of ranking.

    `words` are the lengths of the words of its sentence, in syllables.
    """

    best: Ranked
    words: Sequence[int]
    also_in: Sequence[StoredArticle] = ()


def deduplicate(
    ranked: Sequence[Ranked],
    codes: Mapping[int, bytes],
    articles: Mapping[int, ArticleWithSpans],
    limit: int,
) -> list[QuoteGroup]:
    """Group candidates that say the same, and return the best groups.

    Args:
        ranked: The best first.
        codes: The codes of their articles, see `index.articles.term_codes`.
        articles: Their articles.
        limit: How many at most; of the other candidates it is only seen whether they say one
            of these.
    """
    found: list[list[_Candidate]] = []
    for each in zip(ranked, _outlines(ranked, codes), strict=True):
        for alike in found:
            best, known = alike[0]
            if _are_alike(each[1], known) and _is_one(best, each[0], articles):
                alike.append(each)
                break
        else:
            if len(found) < limit:
                found.append([each])
    return [_group(alike, codes, articles) for alike in found]


def _group(
    alike: Sequence["_Candidate"],
    codes: Mapping[int, bytes],
    articles: Mapping[int, ArticleWithSpans],
) -> QuoteGroup:
    """Let one of some candidates that say the same, the best first, stand for all of them."""
    best = alike[0][0]
    least = best.score - NEAR * abs(best.score)
    about_equal = [each for each in alike if each[0].score >= least]

    def completeness(each: "_Candidate") -> tuple[int, float]:
        return len(each[1]), published_at(articles[each[0].address.article])

    chosen = max(about_equal, key=completeness)[0]
    numbers = dict.fromkeys(candidate.address.article for candidate, _ in alike)
    also_in = [articles[number][0] for number in numbers if number != chosen.address.article]
    article, position = chosen.address
    return QuoteGroup(
        chosen if chosen is best else chosen.rescore(FULLEST, best.score),
        word_lengths(codes[article], position),
        also_in,
    )


_Outline = frozenset[int]
"""A sentence by its bigrams, the last syllable and the end being one."""

_Candidate = tuple[Ranked, _Outline]

_FACTOR = np.uint32(0x9E3779B1)  # odd, and near 2**32 divided by the golden ratio


def _are_alike(one: _Outline, two: _Outline) -> bool:
    common = len(one & two)
    return common >= ALIKE_FROM * (len(one) + len(two) - common)


def _outlines(ranked: Iterable[Ranked], codes: Mapping[int, bytes]) -> Iterator[_Outline]:
    read: dict[int, tuple[Codes, list[int]]] = {}
    for candidate in ranked:
        article, position = candidate.address
        if article not in read:
            column = decode_terms(codes[article])[:, 0] & ~np.uint32(CONTINUES)
            bigrams = column[:-1] * _FACTOR + column[1:]
            read[article] = bigrams, np.flatnonzero(column == 0).tolist()
        bigrams, ends = read[article]
        start = ends[position - 1] + 1 if position else 0
        yield frozenset(bigrams[start : ends[position]].tolist())


def _is_one(best: Ranked, other: Ranked, articles: Mapping[int, ArticleWithSpans]) -> bool:
    """Whether two similar sentences say the same."""
    first, second = articles[best.address.article], articles[other.address.article]
    one = _Sentence.of(sentence_at(best.address.position, *first)[0])
    same = _Sentence.of(sentence_at(other.address.position, *second)[0])
    if best.address.article == other.address.article:
        return one.syllables == same.syllables
    if min(len(one.syllables), len(same.syllables)) < SHORTEST:
        return False
    if (one.numbers, one.turns) != (same.numbers, same.turns):
        return False
    if not (one.names.issubset(same.syllables) and same.names.issubset(one.syllables)):
        return False
    stands_alone = len(one.names) > 1 or bool(one.numbers)
    return stands_alone or not _are_apart(first, second)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The parts of a sentence that are compared.

    Args:
        syllables: Its syllables.
        names: Those of them with a capital, but for what opens it and is no name.
        numbers: Its numbers, in order.
        turns: The words that reverse what it says, in order.
    """

    syllables: Sequence[str]
    names: frozenset[str]
    numbers: Sequence[str]
    turns: Sequence[str]

    @classmethod
    def of(cls, text: str) -> "_Sentence":
        spans = syllable_spans(text)
        capital = [text[start].isupper() for _, start, _ in spans]
        # A capital at the beginning says something only if the next word has one too.
        named = {
            spans[at][0]
            for at, is_capital in enumerate(capital)
            if is_capital and (at or capital[1:2] == [True])
        }
        syllables = [syllable for syllable, _, _ in spans]
        return cls(
            syllables,
            frozenset(named - _OFFICES),
            [syllable.replace(",", ".") for syllable in syllables if _is_number(syllable)],
            [syllable for syllable in syllables if syllable in _TURNING],
        )


def _is_number(syllable: str) -> bool:
    return syllable in _NUMBER_WORDS or any(sign.isdigit() for sign in syllable)


def _are_apart(one: ArticleWithSpans, other: ArticleWithSpans) -> bool:
    first, second = one[0].published, other[0].published
    return first is not None and second is not None and abs(first - second) > MOST_APART
