"""What every search engine does: the embedded one in a folder, and OpenSearch on a real server."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.engine.protocol import (
    Engine,
    Field,
    Origin,
    SentenceAddress,
    TermSearch,
    WeightedTerm,
)
from index.engine.tantivy_engine import TantivyEngine
from index.models.article import ArticleFilter, IndexableArticle
from tests.support.engines import ONE, ORIGIN, RAIN, TWO, after, bigrams, find
from tests.support.opensearch_engine import fresh_address, fresh_engine


@pytest.fixture(params=["tantivy", pytest.param("opensearch", marks=pytest.mark.opensearch)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Engine]:
    """Open the same engine, as another process would."""
    if request.param == "tantivy":
        return lambda: TantivyEngine(tmp_path / "engine")
    return fresh_engine(fresh_address(request.getfixturevalue("opensearch_url")), tmp_path)


@pytest.fixture
def engine(opened: Callable[[], Engine]) -> Engine:
    """An engine with two articles."""
    engine = opened()
    engine.rebuild(after(ONE, TWO), ORIGIN)
    return engine


def test_sentences_are_found_by_their_terms(engine: Engine) -> None:
    assert find(engine, "cuốn trôi") == [SentenceAddress(1, 1)]
    words = TermSearch([WeightedTerm(Field.WORDS, "bộ_đội")], 10)
    (hits,) = engine.snapshot().best(words, TermSearch(), [ArticleFilter()])
    assert hits == ([SentenceAddress(1, 2)], [])


def test_articles_are_found_as_a_whole(engine: Engine) -> None:
    terms = [WeightedTerm(Field.ARTICLE, "quét"), WeightedTerm(Field.ARTICLE, "đội")]
    (hits,) = engine.snapshot().best(TermSearch(), TermSearch(terms, 10), [ArticleFilter()])
    assert hits == ([], [1, 2])


def test_several_filters_are_searched_at_once(engine: Engine) -> None:
    filters = [ArticleFilter(), ArticleFilter(until=1_000), ArticleFilter(since=2_001)]
    of_articles = TermSearch([WeightedTerm(Field.ARTICLE, "đội")], 10)
    of_sentences = TermSearch([WeightedTerm(Field.SYLLABLES, "thắng")], 10)
    found = engine.snapshot().best(of_sentences, of_articles, filters)
    assert [sentences for sentences, _ in found] == [[(2, 1)], [], []]
    assert [set(articles) for _, articles in found] == [{1, 2}, {1}, set()]


def test_filters_keep_what_is_wanted(engine: Engine) -> None:
    for name in ("Báo B", "Báo C"):
        assert find(engine, "đội", ArticleFilter(sources=(name,))) == [SentenceAddress(2, 1)]
    assert find(engine, "đội", ArticleFilter(until=1_000)) == [SentenceAddress(1, 2)]
    assert find(engine, "đội", ArticleFilter(since=1_001)) == [SentenceAddress(2, 1)]
    assert find(engine, "đội", ArticleFilter(since=2_001)) == []


def test_statistics_are_those_of_the_collection(engine: Engine) -> None:
    snapshot = engine.snapshot()
    wanted = {Field.SYLLABLES: ["đội", "mưa", "đội"], Field.BIGRAMS: ["cuốn_trôi"]}
    found = snapshot.document_frequencies(wanted)
    assert (found[Field.SYLLABLES]["đội"], found[Field.SYLLABLES]["mưa"]) == (2, 0)
    assert found[Field.BIGRAMS]["cuốn_trôi"] == 1
    assert snapshot.totals(Field.SYLLABLES).documents == 5
    assert snapshot.totals(Field.SYLLABLES).average_length == pytest.approx(14 / 5)
    assert snapshot.totals(Field.WORDS).average_length == pytest.approx(11 / 5)
    assert snapshot.totals(Field.ARTICLE).average_length == pytest.approx(14 / 2)


def test_a_replaced_article_is_found_by_its_new_terms_only(engine: Engine) -> None:
    engine.update(after(replace(ONE, revision=3, terms=("hạn_hán", "nắng nóng"))))
    assert find(engine, "quét") == []
    assert find(engine, "hạn") == [SentenceAddress(1, 0)]
    assert engine.revision() == 3


def test_a_snapshot_stays_as_it_was_while_others_write(engine: Engine) -> None:
    snapshot, syllables = engine.snapshot(), TermSearch([WeightedTerm(Field.SYLLABLES, "đội")], 9)
    engine.update(after(replace(TWO, revision=3, terms=("mưa lớn",)), replace(ONE, revision=4)))
    (hits,) = snapshot.best(syllables, TermSearch(), [ArticleFilter()])
    assert set(hits.sentences) == {(1, 2), (2, 1)}
    assert snapshot.document_frequencies({Field.SYLLABLES: ["mưa"]})[Field.SYLLABLES]["mưa"] == 0
    assert snapshot.totals(Field.SYLLABLES).documents == 5
    assert snapshot.indexed(2, None) == [(2, 0), (2, 1)]
    assert snapshot.mismatched_sentences(TWO) == []
    assert find(engine, "mưa") == [SentenceAddress(2, 0)]


def test_an_interrupted_run_leaves_the_last_commit(engine: Engine) -> None:
    def broken(_: int) -> Iterator[Sequence[IndexableArticle]]:
        yield [replace(ONE, number=3, revision=3)]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.update(broken)
    assert engine.revision() == 2
    assert find(engine, "quét") == [SentenceAddress(1, 0)]


def test_another_process_sees_what_was_committed(
    engine: Engine, opened: Callable[[], Engine]
) -> None:
    reader = opened()
    assert find(reader, "mưa") == []
    engine.update(after(replace(TWO, number=3, revision=3, terms=("mưa lớn",))))
    assert find(reader, "mưa") == [SentenceAddress(3, 0)]


def test_an_index_is_built_beside_the_one_that_answers(
    engine: Engine, opened: Callable[[], Engine]
) -> None:
    reader = opened()
    rain = replace(TWO, number=3, revision=3, terms=("mưa lớn",))
    seen: list[list[SentenceAddress]] = []

    def changed(revision: int) -> Iterator[Sequence[IndexableArticle]]:
        if revision == 0:
            yield [ONE]
            seen.append(find(reader, "thắng"))
            # Others go on following what answers, and nothing of that is lost.
            opened().update(after(rain))
            seen.append(find(reader, "mưa"))
        else:
            yield from after(ONE, rain)(revision)

    engine.rebuild(changed, replace(ORIGIN, analyser=2))
    assert seen == [[SentenceAddress(2, 1)], [RAIN]]
    for each in (engine, reader):
        assert (each.origin(), each.revision()) == (Origin("test", 2), 3)
        assert find(each, "mưa") == [RAIN]
        assert find(each, "bóng") == []


def test_sentences_hold_every_requirement_in_one_of_its_ways(engine: Engine) -> None:
    engine.rebuild(after(ONE, TWO), ORIGIN)
    snapshot, anything = engine.snapshot(), ArticleFilter()

    either = [[[WeightedTerm(Field.SYLLABLES, "quét")], [WeightedTerm(Field.WORDS, "bóng_đá")]]]
    both = [*bigrams("đội_bóng"), [[WeightedTerm(Field.SYLLABLES, "thắng")]]]
    assert set(snapshot.sentences_holding(either, 9, anything)) == {(1, 0), (2, 0)}
    assert snapshot.sentences_holding(both, 9, anything) == [(2, 1)]
    assert snapshot.sentences_holding([*both, *bigrams("lũ_quét")], 9, anything) == []
    assert snapshot.sentences_holding(either, 9, ArticleFilter(sources=("Báo C",))) == [(2, 0)]


def test_preferred_terms_put_a_sentence_first(engine: Engine) -> None:
    engine.rebuild(after(ONE, TWO), ORIGIN)
    team = [[[WeightedTerm(Field.SYLLABLES, "đội")]]]

    for preferred, first in (("thắng", (2, 1)), ("đến", (1, 2))):
        terms = [WeightedTerm(Field.SYLLABLES, preferred, 9.0)]
        found = engine.snapshot().sentences_holding(team, 9, ArticleFilter(), preferred=terms)
        assert len(found) == 2
        assert found[0] == first


def test_the_newest_come_first_and_undated_articles_last(engine: Engine) -> None:
    undated = replace(ONE, number=3, revision=3, published=None)
    engine.rebuild(after(ONE, TWO, undated), ORIGIN)
    snapshot, anything = engine.snapshot(), ArticleFilter()
    syllable = [[[WeightedTerm(Field.ARTICLE, "đội")]]]

    assert snapshot.articles_holding([], 9, anything, newest=True) == [2, 1, 3]
    assert snapshot.articles_holding(syllable, 2, anything, newest=True) == [2, 1]
    assert snapshot.articles_holding([], 9, ArticleFilter(until=1_500), newest=True) == [1]
    found = snapshot.sentences_holding(bigrams("lũ_quét"), 9, anything, newest=True)
    assert found == [(1, 0), (3, 0)]
