"""Documents of an OpenSearch index: the mapping, and the actions that write articles."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from index.engine.cluster_address import ClusterAddress
from index.engine.opensearch.cluster import Json
from index.engine.protocol import Field, SentenceAddress, article_text, sentence_texts
from index.models.article import IndexableArticle

VERSION = 1
"""Version of the mapping and of the indexed terms."""

STATE = "state"
"""Id of the document that says what the index holds: its origin and revision."""

POSITION_BITS = 24
MOST_RESULTS = 200_000

SENTENCES = {"exists": {"field": "word_count"}}
ARTICLES = {"exists": {"field": "sentences"}}
"""Queries for all documents of a kind."""

TEXTS = (Field.SYLLABLES, Field.WORDS, Field.BIGRAMS, Field.ARTICLE)
"""The fields of terms."""

LENGTHS = {
    Field.SYLLABLES: "syllable_count",
    Field.WORDS: "word_count",
    Field.ARTICLE: "article_length",
}
"""The fields that hold how many terms a document has in another one."""


def writer_alias(index: str) -> str:
    """Return the alias to write to, which an index has alone.

    Writing to a name that is no alias is refused, where a cluster would make an index of the name
    of one that was deleted.
    """
    return f"{index}-writer"


def index_body(address: ClusterAddress, name: str, collection: str) -> Json:
    """Return the settings and the mapping of a new index; nothing shows before a refresh.

    Args:
        address: The cluster.
        name: The name of the index.
        collection: The id of the collection, which the mapping names.
    """
    text = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
    number, count = {"type": "long"}, {"type": "integer", "index": False}
    properties: dict[str, Any] = {
        "address": number,
        "article": number,
        "published": number,
        "source": {"type": "keyword"},
        "sentences": {"type": "integer"},
        STATE: {"type": "object", "enabled": False},
        **dict.fromkeys(TEXTS, text),
        **dict.fromkeys(LENGTHS.values(), count),
    }
    return {
        "aliases": {writer_alias(name): {}},
        "settings": {
            "number_of_shards": address.shards,
            "number_of_replicas": address.replicas,
            "refresh_interval": "-1",
            "max_result_window": MOST_RESULTS,
        },
        "mappings": {
            "_meta": {"collection": collection},
            "dynamic": "strict",
            "_source": {"includes": [Field.WORDS, "sentences", STATE]},
            "properties": properties,
        },
    }


def sentence_id(article: int, position: int) -> str:
    """Return the id of the document of a sentence."""
    return f"{article}-{position}"


def address_of(key: int) -> SentenceAddress:
    """Return the address of a sentence from that of its document."""
    return SentenceAddress(key >> POSITION_BITS, key & ((1 << POSITION_BITS) - 1))


def writing_actions(
    index: str, articles: Sequence[IndexableArticle], lengths: Mapping[int, int]
) -> Iterator[Json]:
    """Yield the bulk actions that replace articles.

    An article is first marked with the most sentences of it that may be indexed: what is written
    after a part of these actions deletes the others. What a revision has written already stays when
    the actions are repeated, since documents that are written again count in the frequencies of
    their terms until they are merged away.

    Args:
        index: The index.
        articles: The articles.
        lengths: How many sentences of each are indexed now, title included, by its number.
    """
    for article in articles:
        routed = {
            "_index": writer_alias(index),
            "routing": str(article.number),
            "version": article.revision,
            "version_type": "external",
        }
        before = lengths.get(article.number, 0)
        if before != len(article.terms):
            marked = {
                **_document(article, article.number),
                "sentences": max(before, len(article.terms)),
            }
            earlier = {"version": article.revision - 1, "version_type": "external_gte"}
            yield {**routed, **earlier, "_id": str(article.number), "_source": marked}
        for position, terms in enumerate(article.terms):
            source = _sentence(article, position, terms)
            yield {**routed, "_id": sentence_id(article.number, position), "_source": source}
        for position in range(len(article.terms), before):
            name = sentence_id(article.number, position)
            yield {**routed, "_op_type": "delete", "_id": name}
        yield {**routed, "_id": str(article.number), "_source": _article(article)}


def _sentence(article: IndexableArticle, position: int, terms: str) -> Json:
    texts = sentence_texts(terms)
    return {
        **_document(article, article.number << POSITION_BITS | position),
        **{field.value: text for field, text in texts.items()},
        "syllable_count": len(texts[Field.SYLLABLES].split()),
        "word_count": len(terms.split()),
    }


def _article(article: IndexableArticle) -> Json:
    text = article_text(article)
    return {
        **_document(article, article.number),
        Field.ARTICLE: text,
        "article_length": len(text.split()),
        "sentences": len(article.terms),
    }


def _document(article: IndexableArticle, address: int) -> dict[str, Any]:
    published = {} if article.published is None else {"published": article.published}
    sources = list(article.sources)
    return {"address": address, "article": article.number, "source": sources, **published}
