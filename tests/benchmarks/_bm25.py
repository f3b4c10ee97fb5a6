"""BM25 search by several libraries with the same parameters, to compare results and speed.

Each builds a search function from texts as lists of terms. k1 and b are those of tantivy and
SQLite, where they are fixed.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import tantivy
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.search.ranking.bm25 import CandidateBM25

K1, B = 1.2, 0.75
PROPOSED = 100
"""Candidates of the first stage where there are two."""

Texts = Sequence[Sequence[str]]
"""Texts as lists of terms."""

Search = Callable[[Sequence[str], int], Sequence[int]]
"""From terms and a limit to the positions of the best texts, best first."""


def rank_bm25(texts: Texts) -> Search:
    """Search by `rank_bm25.BM25Okapi.get_scores` with a non-negative idf."""
    bm25 = BM25Okapi(texts, k1=K1, b=B)
    bm25.idf = smoothed_idf(texts)

    def search(terms: Sequence[str], limit: int) -> Sequence[int]:
        return best_places(bm25.get_scores(terms), limit)

    return search


def bm25s_numpy(texts: Texts, k1: float = K1) -> Search:
    """Search by `bm25s.BM25`, which computes all scores beforehand."""
    return _bm25s(texts, k1, "numpy")


def bm25s_numba(texts: Texts, k1: float = K1) -> Search:
    """Search by `bm25s.BM25` compiled by numba, warmed up by one question."""
    search = _bm25s(texts, k1, "numba")
    search(texts[0], 1)
    return search


def _bm25s(texts: Texts, k1: float, backend: str) -> Search:
    import bm25s

    bm25 = bm25s.BM25(k1=k1, b=B, backend=backend)
    bm25.index(list(map(list, texts)), show_progress=False)

    def search(terms: Sequence[str], limit: int) -> Sequence[int]:
        known = [term for term in terms if term in bm25.vocab_dict]
        if not known:
            return []
        most = min(limit, len(texts))
        places, _ = bm25.retrieve([known], k=most, show_progress=False)
        return [int(place) for place in places[0]]

    return search


def sqlite_fts5(texts: Texts) -> Search:
    """Search by SQLite's FTS5 in memory."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE texts USING fts5 (terms, content='', tokenize='ascii')"
    )
    rows = ((place, " ".join(terms)) for place, terms in enumerate(texts))
    connection.executemany("INSERT INTO texts (rowid, terms) VALUES (?, ?)", rows)
    connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")

    def search(terms: Sequence[str], limit: int) -> Sequence[int]:
        wanted = " OR ".join(f'"{term}"' for term in terms)
        found = connection.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?", (wanted, limit)
        )
        return [place for (place,) in found]

    return search


def tantivy_alone(texts: Texts) -> Search:
    """Search by tantivy in memory."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("place", fast=True)
    builder.add_text_field("terms", tokenizer_name="terms", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("terms", words)
    writer = index.writer(64_000_000, 1)
    for place, terms in enumerate(texts):
        writer.add_document(tantivy.Document(place=place, terms=" ".join(terms)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(terms: Sequence[str], limit: int) -> Sequence[int]:
        wanted = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", term, "freq"))
            for term in terms
        ]
        hits = searcher.search(tantivy.Query.boolean_query(wanted), limit, count=False).hits
        addresses = [address for _, address in hits]
        places = searcher.fast_field_values("place", addresses)
        return [int(place) for place in places if place is not None]

    return search


def tantivy_and_rank_bm25(texts: Texts) -> Search:
    """Rerank tantivy's best by rank_bm25 under global statistics: the core of our ranking."""
    propose = tantivy_alone(texts)
    idf = smoothed_idf(texts)
    average = sum(map(len, texts)) / len(texts)

    def search(terms: Sequence[str], limit: int) -> Sequence[int]:
        proposed = sorted(propose(terms, PROPOSED))
        held = np.array([[texts[place].count(term) for place in proposed] for term in terms])
        bm25 = CandidateBM25(
            held.reshape(len(terms), len(proposed)).astype(np.float64),
            np.array([len(texts[place]) for place in proposed]),
            np.array([idf.get(term, 0.0) for term in terms]),
            average,
            k1=K1,
            b=B,
        )
        best = best_places(bm25.get_scores(range(len(terms))), limit)
        return [proposed[place] for place in best]

    return search


def smoothed_idf(texts: Texts) -> dict[str, float]:
    """Compute Lucene's idf of each term: `ln(1 + (N - n + 0.5) / (n + 0.5))`."""
    documents: Counter[str] = Counter()
    for terms in texts:
        documents.update(set(terms))
    return {
        term: math.log(1 + (len(texts) - held + 0.5) / (held + 0.5))
        for term, held in documents.items()
    }


def best_places(scores: NDArray[np.float64], limit: int) -> Sequence[int]:
    """Return the positions of the highest scores; ties in order of position."""
    if limit < len(scores):
        chosen = np.argpartition(-scores, limit)[:limit]
    else:
        chosen = np.arange(len(scores))
    return sorted(map(int, chosen), key=lambda place: (-scores[place], place))
