"""Tantivy indexes of sentences and of articles: schema, documents, queries, snapshots."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import tantivy

from index.engine.protocol import (
    ChangedSince,
    Field,
    Hits,
    Kept,
    Requirement,
    SentenceAddress,
    TermSearch,
    Totals,
    WeightedTerm,
    article_text,
    sentence_texts,
)
from index.errors import DamagedError
from index.models.article import ArticleFilter, IndexableArticle
from index.store.private_files import make_private_folder

VERSION = 2
"""Version of the schema and of the indexed terms; part of the folder names."""

READABLE = frozenset({VERSION})
"""Versions whose indexes can be searched until they are rebuilt."""

_POSITION_BITS = 24
WRITER_MEMORY_BYTES = 128_000_000
_FREQUENCIES_KEPT = 20_000  # of the terms of a field, while the collection stays as it is
_TOKENIZER = "terms"


Params = ParamSpec("Params")
Result = TypeVar("Result")


def raising_on_damage(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """Decorate a function to raise `DamagedError` where damaged files stop tantivy."""

    @wraps(function)
    def checked(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            # A panic is no Exception, and its type is to be had by its name only.
            if isinstance(error, ValueError) or type(error).__name__ == "PanicException":
                cause = " ".join(str(error).split())
                raise DamagedError(
                    f"the search index is damaged ({cause}); make it anew: hoibao reindex"
                ) from error
            raise

    return checked


class TantivySnapshot:
    """Searchers of one commit; see `index.engine.protocol.Snapshot`."""

    def __init__(self, indexes: "Indexes") -> None:
        self._indexes = indexes
        self._sentences = indexes.sentences.searcher()
        self._articles = indexes.articles.searcher()
        searchers = dict.fromkeys(_SENTENCE_FIELDS, self._sentences)
        searchers |= dict.fromkeys(_ARTICLE_FIELDS, self._articles)
        self._frequencies = {
            field: Kept(partial(_frequencies, searcher, field), _FREQUENCIES_KEPT)
            for field, searcher in searchers.items()
        }

    def totals(self, field: Field) -> Totals:
        """Return the size of the collection in documents of the field."""
        return self._totals[field]

    def document_frequencies(
        self, terms: Mapping[Field, Iterable[str]]
    ) -> Mapping[Field, Mapping[str, int]]:
        """Count the documents that contain each of some terms of each of some fields."""
        return {field: self._frequencies[field].of(texts) for field, texts in terms.items()}

    def best(
        self, sentences: TermSearch, articles: TermSearch, filters: Sequence[ArticleFilter]
    ) -> list[Hits]:
        """Search for the best sentences and the best articles among those of each filter."""
        of_sentences, of_articles = self._indexes.sentence_schema, self._indexes.article_schema
        return [
            Hits(
                list(map(_address, _search(self._sentences, of_sentences, sentences, wanted))),
                _search(self._articles, of_articles, articles, wanted),
            )
            for wanted in filters
        ]

    def sentences_holding(
        self,
        required: Sequence[Requirement],
        limit: int,
        wanted: ArticleFilter,
        *,
        newest: bool = False,
        preferred: Sequence[WeightedTerm] = (),
    ) -> list[SentenceAddress]:
        """Search for sentences that meet every requirement."""
        query = _holding(self._indexes.sentence_schema, required, wanted, preferred)
        return [_address(key) for key in _addresses(self._sentences, query, limit, newest=newest)]

    def articles_holding(
        self,
        required: Sequence[Requirement],
        limit: int,
        wanted: ArticleFilter,
        *,
        newest: bool = False,
    ) -> list[int]:
        """Search for articles, by number, that meet every requirement of the article field."""
        query = _holding(self._indexes.article_schema, required, wanted)
        return _addresses(self._articles, query, limit, newest=newest)

    def indexed(self, first: int, last: int | None) -> list[SentenceAddress]:
        """List all indexed sentences of a range of articles, with repetitions."""
        query = _numbered(self._indexes.sentence_schema, first, last)
        return [_address(key) for key in _all(self._sentences, query)]

    def indexed_articles(self, first: int, last: int | None) -> list[int]:
        """List all indexed articles of a range, with repetitions."""
        return _all(self._articles, _numbered(self._indexes.article_schema, first, last))

    def mismatched_sentences(self, article: IndexableArticle) -> list[int]:
        """Return the positions of sentences that are not indexed by exactly their terms."""
        return [
            position
            for position, terms in enumerate(article.terms)
            if not self._has(article, position, terms)
        ]

    @raising_on_damage
    def _has(self, article: IndexableArticle, position: int, terms: str) -> bool:
        """Whether a sentence is indexed by each of its terms and by no others."""
        schema = self._indexes.sentence_schema
        of_terms = [
            tantivy.Query.term_query(schema, field, term, "basic")
            for field, text in sentence_texts(terms).items()
            for term in set(text.split())
        ]
        query = _all_of([_numbered(schema, article.number, article.number), *of_terms])
        unscored = tantivy.Query.const_score_query(query, 0.0)
        key = article.number << _POSITION_BITS | position
        result = self._sentences.search(unscored, len(article.terms), count=False)
        hits = [hit for _, hit in result.hits]
        values = (self._sentences.fast_field_values(name, hits) for name in _SENTENCE_COUNTS)
        indexed = zip(self._sentences.fast_field_values("address", hits), *values, strict=True)
        return (key, len(terms.replace("_", " ").split()), len(terms.split())) in indexed

    @cached_property
    def _totals(self) -> dict[Field, Totals]:
        sentences, articles = self._sentences.num_docs, self._articles.num_docs
        syllables = _average(self._sentences, "syllable_count")
        return {
            Field.SYLLABLES: Totals(sentences, syllables),
            Field.WORDS: Totals(sentences, _average(self._sentences, "word_count")),
            Field.BIGRAMS: Totals(sentences, max(1.0, syllables - 1)),
            Field.ARTICLE: Totals(articles, _average(self._articles, "syllable_count")),
        }


_SENTENCE_FIELDS = (Field.SYLLABLES, Field.WORDS, Field.BIGRAMS)
_SENTENCE_COUNTS = ("syllable_count", "word_count")
_ARTICLE_FIELDS = (Field.ARTICLE,)


class Indexes:
    """Indexes of sentences and articles in a folder; without one, empty ones in memory."""

    def __init__(self, folder: Path | None = None, *, is_new: bool = True) -> None:
        self.sentence_schema = _schema(_SENTENCE_FIELDS, _SENTENCE_COUNTS)
        self.article_schema = _schema(_ARTICLE_FIELDS, ("syllable_count",))
        self.sentences = _open(folder and folder / "sentences", self.sentence_schema, is_new)
        self.articles = _open(folder and folder / "articles", self.article_schema, is_new)

    def reload(self) -> None:
        """Load the last commit."""
        self.sentences.reload()
        self.articles.reload()

    @contextmanager
    def writing(self) -> Iterator["Writers"]:
        """Open the writers; one pair at a time can be open."""
        # Not `with writer`: a writer commits when it leaves its context, even on an error.
        with ExitStack() as stack:
            writers = []
            for index in (self.sentences, self.articles):
                writers.append(index.writer(WRITER_MEMORY_BYTES, 1))
                stack.callback(writers[-1].wait_merging_threads)
            yield Writers(*writers)


class Writers:
    """Writers of both indexes; uncommitted changes are dropped when they close."""

    def __init__(self, sentences: tantivy.IndexWriter, articles: tantivy.IndexWriter) -> None:
        self._sentences = sentences
        self._articles = articles

    def index_changed(self, changed_since: ChangedSince, revision: int) -> int:
        """Index the articles changed after a revision; return the last revision indexed."""
        for batch in changed_since(revision):
            for article in batch:
                self.replace(article)
            revision = batch[-1].revision
        return revision

    def replace(self, article: IndexableArticle) -> None:
        """Index an article, replacing its previous documents."""
        self._sentences.delete_documents_by_term("article", article.number)
        self._articles.delete_documents_by_term("article", article.number)
        for position, terms in enumerate(article.terms):
            self._sentences.add_document(_sentence_document(article, position, terms))
        self._articles.add_document(_article_document(article))

    def commit(self) -> None:
        """Make the changes durable and visible to new snapshots."""
        self._articles.commit()
        self._sentences.commit()


def _schema(texts: Sequence[Field], counts: Sequence[str]) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("address", fast=True)
    # Not unsigned: deleting by a term of an unsigned field deletes nothing.
    builder.add_integer_field("article", indexed=True)
    builder.add_integer_field("published", indexed=True, fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    for text in texts:
        builder.add_text_field(text, tokenizer_name=_TOKENIZER, index_option="freq")
    for count in counts:
        builder.add_unsigned_field(count, fast=True)
    return builder.build()


def _open(folder: Path | None, schema: tantivy.Schema, is_new: bool) -> tantivy.Index:
    if folder is not None and is_new:
        make_private_folder(folder)
    elif folder is not None and not (folder / "meta.json").exists():
        raise ValueError(f"{folder / 'meta.json'} is missing")
    index = tantivy.Index(schema, str(folder) if folder else None)
    # The default tokenizer splits words at underscores.
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, words)
    index.config_reader("manual")
    return index


def _sentence_document(article: IndexableArticle, position: int, terms: str) -> tantivy.Document:
    texts = sentence_texts(terms)
    document = _document(article, article.number << _POSITION_BITS | position)
    for field, text in texts.items():
        document.add_text(field, text)
    document.add_unsigned("syllable_count", len(texts[Field.SYLLABLES].split()))
    document.add_unsigned("word_count", len(terms.split()))
    return document


def _article_document(article: IndexableArticle) -> tantivy.Document:
    syllables = article_text(article)
    document = _document(article, article.number)
    document.add_text(Field.ARTICLE, syllables)
    document.add_unsigned("syllable_count", len(syllables.split()))
    return document


def _document(article: IndexableArticle, address: int) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("address", address)
    document.add_integer("article", article.number)
    if article.published is not None:
        document.add_integer("published", article.published)
    for source in article.sources:
        document.add_text("source", source)
    return document


@raising_on_damage
def _frequencies(searcher: tantivy.Searcher, field: Field, terms: Sequence[str]) -> list[int]:
    return [searcher.doc_freq(field, term) for term in terms]


@raising_on_damage
def _search(
    searcher: tantivy.Searcher,
    schema: tantivy.Schema,
    search: TermSearch,
    wanted: ArticleFilter,
) -> list[int]:
    if not search.terms or search.limit < 1 or searcher.num_docs == 0:
        return []
    query = _any_of(schema, search.terms)
    if conditions := list(_conditions(schema, wanted)):
        unscored = (tantivy.Query.const_score_query(condition, 0.0) for condition in conditions)
        query = _all_of([query, *unscored])
    return _addresses(searcher, query, search.limit)


def _any_of(schema: tantivy.Schema, terms: Sequence[WeightedTerm]) -> tantivy.Query:
    """Build a query for documents with any of the terms, the weights of equal terms summed."""
    weights: defaultdict[tuple[Field, str], float] = defaultdict(float)
    for term in terms:
        weights[term.field, term.text] += term.weight
    queries = (
        tantivy.Query.boost_query(tantivy.Query.term_query(schema, field, text, "freq"), weight)
        for (field, text), weight in weights.items()
    )
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _all_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _holding(
    schema: tantivy.Schema,
    required: Sequence[Requirement],
    wanted: ArticleFilter,
    preferred: Sequence[WeightedTerm] = (),
) -> tantivy.Query:
    """Build a query for documents that meet every requirement; for all documents without any."""
    conditions = (
        tantivy.Query.const_score_query(condition, 0.0) for condition in _conditions(schema, wanted)
    )
    parts = [
        *((tantivy.Occur.Must, _meeting(schema, requirement)) for requirement in required),
        *((tantivy.Occur.Must, condition) for condition in conditions),
    ]
    if not parts:
        return tantivy.Query.all_query()
    if preferred:
        parts.append((tantivy.Occur.Should, _any_of(schema, preferred)))
    return tantivy.Query.boolean_query(parts)


def _meeting(schema: tantivy.Schema, requirement: Requirement) -> tantivy.Query:
    """Build a query for documents that hold all terms of one of some alternatives."""
    ways = [[_any_of(schema, [term]) for term in alternative] for alternative in requirement]
    queries = [terms[0] if len(terms) == 1 else _all_of(terms) for terms in ways]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _numbered(schema: tantivy.Schema, first: int, last: int | None) -> tantivy.Query:
    """Build a query for the documents of a range of articles."""
    if first == last:
        return tantivy.Query.term_query(schema, "article", first)
    return tantivy.Query.range_query(schema, "article", tantivy.FieldType.Integer, first, last)


@raising_on_damage
def _all(searcher: tantivy.Searcher, query: tantivy.Query) -> list[int]:
    """Return the addresses of all documents that match a query."""
    counted = searcher.aggregate(query, {"all": {"value_count": {"field": "address"}}})
    return _addresses(searcher, query, max(1, int(counted["all"]["value"])))


@raising_on_damage
def _addresses(
    searcher: tantivy.Searcher, query: tantivy.Query, limit: int, *, newest: bool = False
) -> list[int]:
    if limit < 1 or searcher.num_docs == 0:
        return []
    order = "published" if newest else None
    result = searcher.search(query, limit, count=False, order_by_field=order)
    hits = [hit for _, hit in result.hits]
    return [int(key) for key in searcher.fast_field_values("address", hits) if key is not None]


def _address(key: int) -> SentenceAddress:
    return SentenceAddress(key >> _POSITION_BITS, key & ((1 << _POSITION_BITS) - 1))


def _conditions(schema: tantivy.Schema, wanted: ArticleFilter) -> Iterator[tantivy.Query]:
    if wanted.since is not None or wanted.until is not None:
        yield tantivy.Query.range_query(
            schema, "published", tantivy.FieldType.Integer, wanted.since, wanted.until
        )
    if wanted.sources:
        yield tantivy.Query.term_set_query(schema, "source", wanted.sources)


@raising_on_damage
def _average(searcher: tantivy.Searcher, field: str) -> float:
    mean = {"mean": {"avg": {"field": field}}}
    average = searcher.aggregate(tantivy.Query.all_query(), mean)["mean"]["value"]
    return max(1.0, average or 0.0)
