"""The embedded engine: two tantivy indexes, of sentences and of articles, in a folder."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import tantivy
from filelock import FileLock, Timeout

from index.analysis import IndexableArticle
from index.engines import (
    ChangedSince,
    Field,
    Filter,
    SentenceAddress,
    Totals,
    WeightedTerm,
)
from index.errors import StorageError
from index.spelling import fold

# Names the folder: bump it when the schema or what goes into it changes.
VERSION = 1

_POSITION_BITS = 24
_WRITER_MEMORY_BYTES = 64_000_000
_LOCK_WAIT_SECONDS = 600
_FREQUENCIES_KEPT = 50_000  # of terms, while the collection stays as it is
_TOKENIZER = "terms"


class TantivyEngine:
    """A tantivy engine in a folder.

    Args:
        folder: Created when missing; holds one folder for each engine version.
        signature: What the indexed terms depend on (the store's identity, the
            analyser's version): an index made under another one starts afresh.

    Raises:
        StorageError: The folder cannot be used.
    """

    def __init__(self, folder: Path, signature: str) -> None:
        self._folder = folder / f"tantivy-{VERSION}"
        self._mark = _Mark(self._folder / "mark.json", signature)
        self._lock = FileLock(folder / "writer.lock")
        with self._in_words():
            self._indexes = self._open()
        self._taken_at: int | None = None
        self._snapshot = TantivySnapshot(self._indexes)

    def revision(self) -> int:
        """The revision up to which the store has been indexed."""
        return self._mark.revision()

    def snapshot(self) -> "TantivySnapshot":
        """The collection as last committed."""
        written_at = self._mark.written_at()
        if written_at != self._taken_at:
            with self._in_words():
                self._indexes.reload()
                self._snapshot = TantivySnapshot(self._indexes)
            self._taken_at = written_at
        return self._snapshot

    def follow(
        self, changed_since: ChangedSince, *, afresh: bool = False, wait: bool = True
    ) -> None:
        """Index what changed in the store since `revision()`, and commit."""
        try:
            with self._in_words(), self._lock.acquire(_LOCK_WAIT_SECONDS if wait else 0):
                self._follow(changed_since, 0 if afresh else self._mark.revision())
        except Timeout:
            if wait:
                raise StorageError(
                    f"search index {self._folder}: another process has been writing it for "
                    f"{_LOCK_WAIT_SECONDS} seconds; stop that one or try again"
                ) from None

    def _follow(self, changed_since: ChangedSince, revision: int) -> None:
        with self._indexes.writing() as writers:
            if revision == 0:
                writers.clear()
            for batch in changed_since(revision):
                for article in batch:
                    writers.replace(article)
                revision = batch[-1].revision
            writers.commit()
        self._mark.write(revision)

    def _open(self) -> "_Indexes":
        """Open the indexes; missing or damaged ones are made anew, empty, to be filled."""
        if self._mark.revision() and _Indexes.exist(self._folder):
            with suppress(ValueError):
                return _Indexes(self._folder)
        with self._lock.acquire(_LOCK_WAIT_SECONDS):
            if not (self._mark.revision() and _Indexes.exist(self._folder)):
                self._mark.forget()
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                return _Indexes(self._folder)
            except ValueError:
                self._mark.forget()
                shutil.rmtree(self._folder)
                self._folder.mkdir()
                return _Indexes(self._folder)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except Timeout:
            raise
        except (OSError, ValueError) as error:
            raise StorageError(f"search index {self._folder}: {self._reason(error)}") from error

    def _reason(self, error: OSError | ValueError) -> str:
        folder = next(path for path in self._folder.parents if path.exists())
        if shutil.disk_usage(folder).free < _WRITER_MEMORY_BYTES:
            return "the disk is full; free some space, what was stored before is kept"
        if "Read-only" in str(error) or not os.access(folder, os.W_OK):
            return "it cannot be written; check the folder's permissions"
        return f"{error}; if it is damaged, delete the folder: it is made again from the database"


class TantivySnapshot:
    """The searchers of one commit."""

    def __init__(self, indexes: "_Indexes") -> None:
        self._indexes = indexes
        self._sentences = indexes.sentences.searcher()
        self._articles = indexes.articles.searcher()
        searchers = dict.fromkeys(_SENTENCE_FIELDS, self._sentences)
        searchers |= dict.fromkeys(_ARTICLE_FIELDS, self._articles)
        self._frequency = lru_cache(_FREQUENCIES_KEPT)(
            lambda field, term: searchers[field].doc_freq(field, term)
        )

    def totals(self, field: Field) -> Totals:
        """How large the collection is, counted in documents of the field."""
        return self._totals[field]

    def document_frequency(self, field: Field, term: str) -> int:
        """In how many documents of the field the term occurs."""
        return self._frequency(field, term)

    def sentences(
        self, terms: Sequence[WeightedTerm], limit: int, wanted: Filter
    ) -> list[SentenceAddress]:
        """The best sentences by BM25 over terms of sentence fields."""
        found = _search(self._sentences, self._indexes.sentence_schema, terms, limit, wanted)
        mask = (1 << _POSITION_BITS) - 1
        return [SentenceAddress(key >> _POSITION_BITS, key & mask) for key in found]

    def articles(self, terms: Sequence[WeightedTerm], limit: int, wanted: Filter) -> list[int]:
        """The numbers of the best articles by BM25 over terms of article fields."""
        return _search(self._articles, self._indexes.article_schema, terms, limit, wanted)

    @cached_property
    def _totals(self) -> dict[Field, Totals]:
        sentences, articles = self._sentences.num_docs, self._articles.num_docs
        syllables = Totals(sentences, _average(self._sentences, "syllable_count"))
        words = Totals(sentences, _average(self._sentences, "word_count"))
        bigrams = Totals(sentences, max(1.0, syllables.average_length - 1))
        article = Totals(articles, _average(self._articles, "syllable_count"))
        return {
            Field.SYLLABLES: syllables,
            Field.FOLDED: syllables,
            Field.WORDS: words,
            Field.BIGRAMS: bigrams,
            Field.ARTICLE: article,
            Field.ARTICLE_FOLDED: article,
        }


_SENTENCE_FIELDS = (Field.SYLLABLES, Field.WORDS, Field.BIGRAMS, Field.FOLDED)
_ARTICLE_FIELDS = (Field.ARTICLE, Field.ARTICLE_FOLDED)


class _Mark:
    """The file that says up to which revision, of which store, an index has come."""

    def __init__(self, path: Path, signature: str) -> None:
        self._path = path
        self._signature = signature

    def revision(self) -> int:
        try:
            mark = json.loads(self._path.read_bytes())
            return int(mark["revision"]) if mark["signature"] == self._signature else 0
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return 0

    def written_at(self) -> int | None:
        try:
            return self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)

    def write(self, revision: int) -> None:
        mark = {"signature": self._signature, "revision": revision}
        draft = self._path.with_suffix(".new")
        with draft.open("w") as file:
            json.dump(mark, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


class _Indexes:
    """The two indexes on disk."""

    def __init__(self, folder: Path) -> None:
        self.sentence_schema = _schema(_SENTENCE_FIELDS, ("syllable_count", "word_count"))
        self.article_schema = _schema(_ARTICLE_FIELDS, ("syllable_count",))
        self.sentences = _open(folder / "sentences", self.sentence_schema)
        self.articles = _open(folder / "articles", self.article_schema)

    @classmethod
    def exist(cls, folder: Path) -> bool:
        return all((folder / name / "meta.json").exists() for name in ("sentences", "articles"))

    def reload(self) -> None:
        self.sentences.reload()
        self.articles.reload()

    @contextmanager
    def writing(self) -> Iterator["_Writers"]:
        # Not as a context of its own: a writer commits when it leaves one, also on an error.
        with ExitStack() as stack:
            writers = []
            for index in (self.sentences, self.articles):
                writers.append(index.writer(_WRITER_MEMORY_BYTES, 1))
                stack.callback(writers[-1].wait_merging_threads)
            yield _Writers(*writers)


class _Writers:
    """A writer for each index; what was not committed when they close is dropped."""

    def __init__(self, sentences: tantivy.IndexWriter, articles: tantivy.IndexWriter) -> None:
        self._sentences = sentences
        self._articles = articles

    def clear(self) -> None:
        self._sentences.delete_all_documents()
        self._articles.delete_all_documents()

    def replace(self, article: IndexableArticle) -> None:
        self._sentences.delete_documents_by_term("article", article.number)
        self._articles.delete_documents_by_term("article", article.number)
        for position, terms in enumerate(article.terms):
            self._sentences.add_document(_sentence_document(article, position, terms))
        self._articles.add_document(_article_document(article))

    def commit(self) -> None:
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


def _open(folder: Path, schema: tantivy.Schema) -> tantivy.Index:
    try:
        index = _open_or_create(folder, schema)
    except ValueError:
        # Damaged: it is derived, so it is made again.
        shutil.rmtree(folder)
        (folder.parent / "mark.json").unlink(missing_ok=True)
        index = _open_or_create(folder, schema)
    # The default tokenizer splits words at their underscores.
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, words)
    index.config_reader("manual")
    return index


def _open_or_create(folder: Path, schema: tantivy.Schema) -> tantivy.Index:
    folder.mkdir(exist_ok=True)
    return tantivy.Index(schema, str(folder))


def _sentence_document(article: IndexableArticle, position: int, terms: str) -> tantivy.Document:
    syllables = terms.replace("_", " ")
    split = syllables.split()
    document = _document(article, article.number << _POSITION_BITS | position)
    document.add_text(Field.WORDS, terms)
    document.add_text(Field.SYLLABLES, syllables)
    document.add_text(Field.BIGRAMS, " ".join(map("_".join, pairwise(split))))
    document.add_text(Field.FOLDED, fold(syllables))
    document.add_unsigned("syllable_count", len(split))
    document.add_unsigned("word_count", len(terms.split()))
    return document


def _article_document(article: IndexableArticle) -> tantivy.Document:
    syllables = " ".join(article.terms).replace("_", " ")
    document = _document(article, article.number)
    document.add_text(Field.ARTICLE, syllables)
    document.add_text(Field.ARTICLE_FOLDED, fold(syllables))
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


def _search(
    searcher: tantivy.Searcher,
    schema: tantivy.Schema,
    terms: Sequence[WeightedTerm],
    limit: int,
    wanted: Filter,
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


def _conditions(schema: tantivy.Schema, wanted: Filter) -> Iterator[tantivy.Query]:
    if wanted.since is not None or wanted.until is not None:
        yield tantivy.Query.range_query(
            schema, "published", tantivy.FieldType.Integer, wanted.since, wanted.until
        )
    if wanted.sources:
        yield tantivy.Query.term_set_query(schema, "source", wanted.sources)


def _average(searcher: tantivy.Searcher, field: str) -> float:
    mean = {"mean": {"avg": {"field": field}}}
    found = searcher.aggregate(tantivy.Query.all_query(), mean)["mean"]["value"]
    return max(1.0, found or 0.0)
