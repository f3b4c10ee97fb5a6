"""Query bodies of an OpenSearch search: terms with weights, requirements, filters."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from index.engine.opensearch.cluster import Json
from index.engine.opensearch.documents import SENTENCES
from index.engine.protocol import Field, Requirement, TermSearch, WeightedTerm
from index.models.article import ArticleFilter

MOST_CLAUSES = 1_000
"""Terms of a search; a cluster refuses more than 1,024. A question has some dozens."""

NOTHING: Json = {"query": {"match_none": {}}, "size": 0}
"""The body of a search that finds nothing."""


def best(search: TermSearch, wanted: ArticleFilter) -> Json:
    """Return the body of a search for the best documents by BM25."""
    query = {"bool": {**_any_of(search.terms), "filter": list(_conditions(wanted))}}
    return _body(query, search.limit)


def holding(
    kind: Json,
    required: Sequence[Requirement],
    limit: int,
    wanted: ArticleFilter,
    preferred: Sequence[WeightedTerm] = (),
    *,
    newest: bool = False,
) -> Json:
    """Return the body of a search for documents of a kind that meet every requirement."""
    query = {
        "bool": {
            "must": list(map(_meeting, required)),
            "filter": [kind, *_conditions(wanted)],
            "should": list(map(_term, preferred)),
        }
    }
    order = [{"published": {"order": "desc", "missing": "_last"}}, {"address": "asc"}]
    return {**_body(query, limit), **({"sort": order} if newest else {})}


def numbered(kind: Json, first: int, last: int | None, after: int, limit: int) -> Json:
    """Return the body of a search for the documents of a range of articles, by address."""
    within = {"gte": first, **({} if last is None else {"lte": last})}
    query = {"bool": {"filter": [kind, {"range": {"article": within}}]}}
    return {**_body(query, limit), "sort": [{"address": "asc"}], "search_after": [after]}


def words_of(article: int, limit: int) -> Json:
    """Return the body of a search for the indexed words of the sentences of an article."""
    return {
        "query": {"bool": {"filter": [SENTENCES, {"term": {"article": article}}]}},
        "size": limit,
        "_source": [Field.WORDS],
        "docvalue_fields": ["address"],
    }


def _body(query: Json, limit: int) -> Json:
    return {
        "query": query,
        "size": limit,
        "stored_fields": "_none_",
        "docvalue_fields": ["address"],
        "track_total_hits": False,
    }


def _any_of(terms: Iterable[WeightedTerm]) -> Json:
    """Return clauses for documents with any of the terms, the weights of equal terms summed."""
    weights: defaultdict[tuple[Field, str], float] = defaultdict(float)
    for term in terms:
        weights[term.field, term.text] += term.weight
    clauses = [_term(WeightedTerm(*key, weight)) for key, weight in weights.items()]
    return {"should": clauses[:MOST_CLAUSES], "minimum_should_match": 1}


def _meeting(requirement: Requirement) -> Json:
    """Return a query for documents that hold all terms of one of some alternatives."""
    ways = [{"bool": {"must": list(map(_term, alternative))}} for alternative in requirement]
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def _term(term: WeightedTerm) -> Json:
    return {"term": {term.field: {"value": term.text, "boost": term.weight}}}


def _conditions(wanted: ArticleFilter) -> Iterator[Json]:
    if wanted.since is not None or wanted.until is not None:
        ends = {"gte": wanted.since, "lte": wanted.until}
        within = {end: value for end, value in ends.items() if value is not None}
        yield {"range": {"published": within}}
    if wanted.sources:
        yield {"terms": {"source": list(wanted.sources)}}
