"""Ranking agrees with exhaustive BM25, and counts what is there."""

import math
import random
from pathlib import Path

import numpy as np
import pytest
from rank_bm25 import BM25Okapi

from index import Article, Library
from index.articles.analysis import analyse
from index.articles.term_codes import encode_terms
from index.engine.protocol import Field, SentenceAddress, TermSearch, WeightedTerm
from index.engine.tantivy_engine import TantivyEngine
from index.language.analyser import VERSION, Analyser
from index.language.word_frequency import folded_frequency, smoothed_idf, word_frequency
from index.models.article import ArticleFilter
from index.search.query.model import Query, QueryTerm, Variant
from index.search.ranking.bm25 import SENTENCE_B, SENTENCE_K1, BM25Layers, rank
from index.search.ranking.candidates import Candidates
from index.search.ranking.term_counts import CollectionCounts, TermCounts
from index.store import Articles, Database
from index.store.database import sqlite_address
from tests.support.articles import ARTICLES

ANALYSER = Analyser()
WORDS = (
    "lũ bão cầu đường xã huyện tỉnh nông dân lúa cà phê giá tăng giảm học sinh trường bệnh viện "
    "bác sĩ công an vụ án tòa xử du lịch lễ hội sông núi mưa nắng điện nước".split()
)


def concept(*ways: tuple[Field, str]) -> QueryTerm:
    return QueryTerm(tuple(Variant(field, tuple(terms.split())) for field, terms in ways))


def invented_articles(count: int) -> list[Article]:
    chance = random.Random(7)
    return [
        Article(
            id=str(number),
            title=" ".join(chance.choices(WORDS, k=5)).capitalize(),
            text=". ".join(
                " ".join(chance.choices(WORDS, k=chance.randint(4, 14))).capitalize()
                for _ in range(8)
            ),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(
    "question", ["lũ cầu huyện", "giá cà phê tăng", "bác sĩ bệnh viện", "mưa mưa sông"]
)
def test_the_top_ten_are_those_of_exhaustive_bm25_with_the_same_idf(
    tmp_path: Path, question: str
) -> None:
    with Library.open(tmp_path) as library:
        library.ingest(invented_articles(300))
    database = Database(sqlite_address(tmp_path / "hoibao.db"))
    articles = Articles(database, VERSION)
    snapshot = TantivyEngine(tmp_path / "engine").snapshot()
    sentences = {
        SentenceAddress(article.number, position): terms.replace("_", " ").split()
        for batch in articles.changed_since(0)
        for article in batch
        for position, terms in enumerate(article.terms)
    }
    syllables = ANALYSER.analyse(question).syllables
    query = Query(question, None, tuple(concept((Field.SYLLABLES, each)) for each in syllables))
    wanted = [WeightedTerm(Field.SYLLABLES, term) for term in syllables]
    ((candidates, _),) = snapshot.best(TermSearch(wanted, 100), TermSearch(), [ArticleFilter()])
    with articles.view() as view:
        counts = TermCounts(query.concepts, view.codes({a.article for a in candidates}))
    rows = counts.rows(candidates)
    layers = BM25Layers(query, CollectionCounts(query, snapshot))
    scores = layers.most * layers.scores(
        Field.SYLLABLES, counts.frequencies[:, rows], counts.syllables[rows]
    )

    exhaustive = BM25Okapi(list(sentences.values()), k1=SENTENCE_K1, b=SENTENCE_B)
    holding = {term: sum(term in words for words in sentences.values()) for term in syllables}
    exhaustive.idf = {
        term: smoothed_idf(len(sentences), number, word_frequency(term))
        for term, number in holding.items()
    }
    expected = dict(zip(sentences, exhaustive.get_scores(syllables), strict=True))

    ours = dict(zip(candidates, scores, strict=True))
    best = sorted(ours, key=lambda address: (-round(ours[address], 9), address))[:10]
    theirs = sorted(expected, key=lambda address: (-round(expected[address], 9), address))[:10]
    assert best == theirs
    assert [ours[a] for a in best] == pytest.approx([expected[a] for a in theirs])


def test_idf_is_positive_even_for_a_term_that_is_everywhere() -> None:
    assert smoothed_idf(10, 10, 1.0) > 0
    assert smoothed_idf(10, 0, 0.0) == pytest.approx(math.log(1 + 1010.5 / 0.5))


def test_a_syllable_without_marks_is_as_common_as_all_its_forms_together(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.ingest([Article(title="Hội nghị", text="Hỏi đáp. Hồi kết. Hoi. Nam. Năm.")])
    snapshot = TantivyEngine(tmp_path / "engine").snapshot()
    documents = snapshot.totals(Field.SYLLABLES).documents
    bare = concept((Field.FOLDED, "hoi"))
    counts = CollectionCounts(Query("hoi", None, (bare,)), snapshot)
    common = smoothed_idf(documents, 4, folded_frequency("hoi"))
    assert counts.concepts[Field.SYLLABLES] == [4]
    assert counts.concepts[Field.ARTICLE] == [4]
    assert BM25Layers(Query("hoi", None, (bare,)), counts).idf == pytest.approx([common])


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        (((Field.SYLLABLES, "hội"),), [1, 2, 0]),
        (((Field.SYLLABLES, "hội nghị"),), [1, 1, 0]),
        (((Field.WORDS, "hội_nghị"),), [1, 1, 0]),
        (((Field.WORDS, "hội"),), [0, 1, 0]),
        (((Field.WORDS, "hội_nghị_bàn"),), [0, 0, 0]),
        (((Field.FOLDED, "hoi"),), [1, 2, 0]),
        (((Field.SYLLABLES, "nghị tan"),), [0, 0, 0]),
        (((Field.SYLLABLES, "nghị"), (Field.SYLLABLES, "tan")), [1, 1, 1]),
        (((Field.SYLLABLES, "cuối"),), [0, 0, 1]),
    ],
)
def test_terms_phrases_and_words_are_counted_sentence_by_sentence(
    ways: tuple[tuple[Field, str], ...], expected: list[int]
) -> None:
    encoded = encode_terms(["dự hội_nghị", "hội_nghị của hội", "tan cuối"])
    counts = TermCounts([concept(*ways)], {5: encoded})
    assert counts.frequencies[0].tolist() == expected


def test_lengths_and_blocks_stay_within_their_article() -> None:
    articles = {
        1: encode_terms(["một", "hai hai", "ba_ba ba"]),
        2: encode_terms(["", "một"]),
    }
    counts = TermCounts([concept((Field.SYLLABLES, "một"))], articles)
    assert counts.syllables.tolist() == [1, 2, 3, 0, 1]
    assert counts.words.tolist() == [1, 2, 2, 0, 1]
    frequencies, lengths = counts.block(np.array([2, 3]), 2)
    assert (frequencies[0].tolist(), lengths.tolist()) == ([1, 1], [6, 1])


def test_no_articles_have_no_counts() -> None:
    counts = TermCounts([concept((Field.SYLLABLES, "một"))], {})
    assert counts.frequencies.shape == (1, 0)


def test_a_sentence_that_is_gone_is_passed_over(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    query = Query("một", None, (concept((Field.SYLLABLES, "một")),))
    stale = Candidates([SentenceAddress(1, 7), SentenceAddress(9, 0)], [8])
    counts = CollectionCounts(query, engine.snapshot())
    assert not rank(query, stale, {1: encode_terms(["một"])}, counts)


def test_all_sentences_of_the_best_articles_are_ranked_in_a_second_pass(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    query = Query("một", None, (concept((Field.SYLLABLES, "một")),))
    articles = {
        1: encode_terms(["một một", "hai", "một"]),
        2: encode_terms(["ba một ba ba ba ba ba", "bốn"]),
    }
    proposed = Candidates([SentenceAddress(1, 2), SentenceAddress(2, 0)])
    counts = CollectionCounts(query, engine.snapshot())
    ranked = {
        whole: [
            candidate.address for candidate in rank(query, proposed, articles, counts, whole=whole)
        ]
        for whole in (0, 1)
    }
    assert set(ranked[0]) == {(1, 2), (2, 0)}
    assert set(ranked[1]) == {(1, 0), (1, 1), (1, 2), (2, 0)}
    assert len(ranked[1]) == 4


def test_codes_tell_the_syllables_of_real_articles_apart() -> None:
    codes: dict[int, str] = {}
    for article in ARTICLES:
        for terms in analyse(article, ANALYSER).terms:
            flat = np.frombuffer(encode_terms([terms]), "<u4").reshape(-1, 2)[:-1, 0] & ~np.uint32(
                1
            )
            for number, syllable in zip(flat, terms.replace("_", " ").split(), strict=True):
                assert codes.setdefault(int(number), syllable) == syllable
