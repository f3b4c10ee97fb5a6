"""Two tantivy indexes, of sentences and of articles, in a folder."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property, lru_cache, wraps
from itertools import pairwise
from pathlib import Path
from typing import ParamSpec, TypeVar

import tantivy

from index.articles.analysis import IndexableArticle
from index.engine.protocol import ChangedSince, Field, SentenceAddress, Totals, WeightedTerm
from index.errors import DamagedError
from index.models.article import ArticleFilter

VERSION = 2
"""Raised when the schema or what goes into it changes; the folders are named after it."""

READABLE = frozenset({VERSION})
"""The versions whose folders can be asked: an older one among them answers until it is replaced."""

_POSITION_BITS = 24
WRITER_MEMORY_BYTES = 64_000_000
_FREQUENCIES_KEPT = 50_000  # of terms, while the collection stays as it is
_TOKENIZER = "terms"

P = ParamSpec("P")
R = TypeVar("R")


def raises_on_damage(function: Callable[P, R]) -> Callable[P, R]:
    """Have a function that calls tantivy raise `DamagedError` where damaged files stop it."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
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

    return called


class TantivySnapshot:
    """The searchers of one commit."""

    def __init__(self, indexes: "Indexes") -> None:
        self._indexes = indexes
        self._sentences = indexes.sentences.searcher()
        self._articles = indexes.articles.searcher()
        searchers = dict.fromkeys(_SENTENCE_FIELDS, self._sentences)
        searchers |= dict.fromkeys(_ARTICLE_FIELDS, self._articles)

        @lru_cache(_FREQUENCIES_KEPT)
        @raises_on_damage
        def frequency(field: Field, term: str) -> int:
            return searchers[field].doc_freq(field, term)

        self._frequency = frequency

    def totals(self, field: Field) -> Totals:
        """How large the collection is, counted in documents of the field."""
        return self._totals[field]

    def document_frequency(self, field: Field, term: str) -> int:
        """In how many documents of the field the term occurs."""
        return self._frequency(field, term)

    def sentences(
        self, terms: Sequence[WeightedTerm], limit: int, wanted: ArticleFilter
    ) -> list[SentenceAddress]:
        """The best sentences by BM25 over terms of sentence fields."""
        found = _search(self._sentences, self._indexes.sentence_schema, terms, limit, wanted)
        return [_address(key) for key in found]

    def articles(
        self, terms: Sequence[WeightedTerm], limit: int, wanted: ArticleFilter
    ) -> list[int]:
        """The numbers of the best articles by BM25 over terms of article fields."""
        return _search(self._articles, self._indexes.article_schema, terms, limit, wanted)

    def indexed(self, first: int, last: int | None) -> list[SentenceAddress]:
        """What is indexed of the articles from one number to another, each as often as it is."""
        query = _numbered(self._indexes.sentence_schema, first, last)
        return [_address(key) for key in _all(self._sentences, query)]

    def indexed_articles(self, first: int, last: int | None) -> list[int]:
        """The same for articles as a whole."""
        return _all(self._articles, _numbered(self._indexes.article_schema, first, last))

    def differing(self, article: IndexableArticle) -> list[int]:
        """The positions of an article's sentences that are not indexed by just their terms."""
        return [
            position
            for position, terms in enumerate(article.terms)
            if not self._has(article, position, terms)
        ]

    @raises_on_damage
    def _has(self, article: IndexableArticle, position: int, terms: str) -> bool:
        """Whether a sentence is found by each of its terms, and has no more than those."""
        schema = self._indexes.sentence_schema
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, _numbered(schema, article.number, article.number)),
                *(
                    (tantivy.Occur.Must, tantivy.Query.term_query(schema, field, term, "basic"))
                    for field, text in _texts(terms).items()
                    for term in set(text.split())
                ),
            ]
        )
        unscored = tantivy.Query.const_score_query(query, 0.0)
        key = article.number << _POSITION_BITS | position
        result = self._sentences.search(unscored, len(article.terms), count=False)
        hits = [hit for _, hit in result.hits]
        values = (self._sentences.fast_field_values(name, hits) for name in _SENTENCE_COUNTS)
        found = zip(self._sentences.fast_field_values("address", hits), *values, strict=True)
        return (key, len(terms.replace("_", " ").split()), len(terms.split())) in found

    @cached_property
    def _totals(self) -> dict[Field, Totals]:
        sentences, articles = self._sentences.num_docs, self._articles.num_docs
        syllables = Totals(sentences, _average(self._sentences, "syllable_count"))
        words = Totals(sentences, _average(self._sentences, "word_count"))
        bigrams = Totals(sentences, max(1.0, syllables.average_length - 1))
        article = Totals(articles, _average(self._articles, "syllable_count"))
        return {
            Field.SYLLABLES: syllables,
            Field.WORDS: words,
            Field.BIGRAMS: bigrams,
            Field.ARTICLE: article,
        }


_SENTENCE_FIELDS = (Field.SYLLABLES, Field.WORDS, Field.BIGRAMS)
_SENTENCE_COUNTS = ("syllable_count", "word_count")
_ARTICLE_FIELDS = (Field.ARTICLE,)


class Indexes:
    """The two indexes in a folder; without one in memory, empty."""

    def __init__(self, folder: Path | None = None, *, is_new: bool = True) -> None:
        self.sentence_schema = _schema(_SENTENCE_FIELDS, _SENTENCE_COUNTS)
        self.article_schema = _schema(_ARTICLE_FIELDS, ("syllable_count",))
        self.sentences = _open(folder and folder / "sentences", self.sentence_schema, is_new)
        self.articles = _open(folder and folder / "articles", self.article_schema, is_new)

    def reload(self) -> None:
        """See what was committed since."""
        self.sentences.reload()
        self.articles.reload()

    @contextmanager
    def writing(self) -> Iterator["Writers"]:
        """Writers, of which there can be one pair at a time."""
        # Not as a context of its own: a writer commits when it leaves one, also on an error.
        with ExitStack() as stack:
            writers = []
            for index in (self.sentences, self.articles):
                writers.append(index.writer(WRITER_MEMORY_BYTES, 1))
                stack.callback(writers[-1].wait_merging_threads)
            yield Writers(*writers)


class Writers:
    """A writer for each index; what was not committed when they close is dropped."""

    def __init__(self, sentences: tantivy.IndexWriter, articles: tantivy.IndexWriter) -> None:
        self._sentences = sentences
        self._articles = articles

    def take(self, changed_since: ChangedSince, revision: int) -> int:
        """Take in what changed after a revision; returns the one that it is up to then."""
        for batch in changed_since(revision):
            for article in batch:
                self.replace(article)
            revision = batch[-1].revision
        return revision

    def replace(self, article: IndexableArticle) -> None:
        """Index an article, in place of what was indexed of it."""
        self._sentences.delete_documents_by_term("article", article.number)
        self._articles.delete_documents_by_term("article", article.number)
        for position, terms in enumerate(article.terms):
            self._sentences.add_document(_sentence_document(article, position, terms))
        self._articles.add_document(_article_document(article))

    def commit(self) -> None:
        """Make what was taken in last, and be found."""
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
        folder.mkdir(parents=True, exist_ok=True)
    elif folder is not None and not (folder / "meta.json").exists():
        raise ValueError(f"{folder / 'meta.json'} is missing")
    index = tantivy.Index(schema, str(folder) if folder else None)
    # The default tokenizer splits words at their underscores.
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, words)
    index.config_reader("manual")
    return index


def _sentence_document(article: IndexableArticle, position: int, terms: str) -> tantivy.Document:
    texts = _texts(terms)
    document = _document(article, article.number << _POSITION_BITS | position)
    for field, text in texts.items():
        document.add_text(field, text)
    document.add_unsigned("syllable_count", len(texts[Field.SYLLABLES].split()))
    document.add_unsigned("word_count", len(terms.split()))
    return document


def _texts(terms: str) -> dict[Field, str]:
    """What a sentence is found by, field by field."""
    syllables = terms.replace("_", " ")
    return {
        Field.WORDS: terms,
        Field.SYLLABLES: syllables,
        Field.BIGRAMS: " ".join(map("_".join, pairwise(syllables.split()))),
    }


def _article_document(article: IndexableArticle) -> tantivy.Document:
    syllables = " ".join(article.terms).replace("_", " ")
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


@raises_on_damage
def _search(
    searcher: tantivy.Searcher,
    schema: tantivy.Schema,
    terms: Sequence[WeightedTerm],
    limit: int,
    wanted: ArticleFilter,
) -> list[int]:
    if not terms or limit < 1 or searcher.num_docs == 0:
        return []
    query = _any_of(schema, terms)
    if conditions := list(_conditions(schema, wanted)):
        unscored = [tantivy.Query.const_score_query(each, 0.0) for each in conditions]
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, each) for each in (query, *unscored)]
        )
    result = searcher.search(query, limit, count=False)
    addresses = [address for _, address in result.hits]
    return [int(key) for key in searcher.fast_field_values("address", addresses) if key is not None]


def _any_of(schema: tantivy.Schema, terms: Sequence[WeightedTerm]) -> tantivy.Query:
    """Texts that hold any of some terms, each looked for once."""
    weights: dict[tuple[Field, str], float] = {}
    for term in terms:
        key = term.field, term.text
        weights[key] = weights.get(key, 0.0) + term.weight
    return tantivy.Query.boolean_query(
        [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(schema, field, text, "freq"), weight
                ),
            )
            for (field, text), weight in weights.items()
        ]
    )


def _numbered(schema: tantivy.Schema, first: int, last: int | None) -> tantivy.Query:
    """The documents of the articles from one number to another."""
    if first == last:
        return tantivy.Query.term_query(schema, "article", first)
    return tantivy.Query.range_query(schema, "article", tantivy.FieldType.Integer, first, last)


@raises_on_damage
def _all(searcher: tantivy.Searcher, query: tantivy.Query) -> list[int]:
    """The addresses of all documents that a query finds."""
    counted = searcher.aggregate(query, {"all": {"value_count": {"field": "address"}}})
    limit = max(1, int(counted["all"]["value"]))
    hits = [address for _, address in searcher.search(query, limit, count=False).hits]
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


@raises_on_damage
def _average(searcher: tantivy.Searcher, field: str) -> float:
    mean = {"mean": {"avg": {"field": field}}}
    found = searcher.aggregate(tantivy.Query.all_query(), mean)["mean"]["value"]
    return max(1.0, found or 0.0)
