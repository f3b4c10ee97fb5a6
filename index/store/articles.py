"""Articles in the database: what is new, what changed, and reading them back."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from sqlalchemy import Column, Connection, Row, Select, func, insert, select, update

from index.analysis import Analysis, IndexableArticle, Spans, pack_spans, unpack_spans
from index.article import Article, SourceSummary, StoredArticle
from index.codes import encode
from index.dates import vietnam
from index.store.database import Database
from index.store.tables import analyses, articles, collection

_STORED = (
    articles.c.number,
    articles.c.id,
    articles.c.title,
    articles.c.text,
    articles.c.url,
    articles.c.published,
    articles.c.source,
    articles.c.author,
)

# SQLite takes at most 32,766 values a statement, PostgreSQL 65,535.
_VALUES_A_STATEMENT = 10_000


@dataclass(slots=True)
class Upsert:
    """How many articles of a batch were new, changed, or known as they were."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    sentences: int = 0


class Articles:
    """The articles of a database.

    Each change of an article takes the next number of one counter, its
    revision, so that an engine can ask for what changed since it last looked.
    An article's own number is the revision at which it was first stored.
    """

    def __init__(self, database: Database, analyser_version: int) -> None:
        self._database = database
        self._version = analyser_version

    def collection_id(self) -> str:
        """What tells this collection from any other; made up once."""
        with self._database.writing() as connection:
            if stored := connection.scalar(_stored_value("id")):
                return stored
            made = uuid4().hex
            connection.execute(insert(collection).values(name="id", value=made))
            return made

    def digest(self, article: Article) -> bytes:
        """What tells one state of an article from another."""
        published = article.published.isoformat() if article.published else ""
        parts = (article.title, article.text, published, article.author or "")
        return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).digest()

    def unseen(self, batch: Sequence[Article]) -> list[Article]:
        """Those of the batch that are new or changed."""
        with self._database.reading() as connection:
            known = _Known(connection, batch, self.digest)
        return [article for article in batch if not known.unchanged(article)]

    def upsert(self, batch: Sequence[Article], analysed: Mapping[bytes, Analysis]) -> Upsert:
        """Store a batch in one transaction.

        Args:
            batch: Articles as they were read.
            analysed: The analysis of each new or changed article, by its digest.
        """
        result = Upsert()
        with self._database.writing() as connection:
            known = _Known(connection, batch, self.digest)
            revision = _counter(connection)
            new: list[dict[str, Any]] = []
            changed: list[dict[str, Any]] = []
            for article in batch:
                analysis = analysed.get(self.digest(article))
                if analysis is None or known.unchanged(article):
                    result.unchanged += 1
                    continue
                revision += 1
                result.sentences += len(analysis.spans)
                state = known.match(article)
                if state is None:
                    state = known.add(article, revision)
                    new.append(_row(article, state, revision) | self._analysis(analysis))
                    result.added += 1
                else:
                    state = known.change(state, article)
                    changed.append(_row(article, state, revision) | self._analysis(analysis))
                    result.updated += 1
            _insert(connection, new)
            _update(connection, changed)
            _set_counter(connection, revision)
        return result

    def get(self, numbers: Iterable[int]) -> dict[int, tuple[StoredArticle, Spans]]:
        """Articles with the spans of their sentences, by number; unknown ones are left out."""
        found: dict[int, tuple[StoredArticle, Spans]] = {}
        wanted = select(*_STORED, analyses.c.spans).join(analyses)
        with self._database.reading() as connection:
            for part in _parts(list(numbers)):
                rows = connection.execute(wanted.where(articles.c.number.in_(part)))
                found |= {row.number: (_stored(row), unpack_spans(row.spans)) for row in rows}
        return found

    def find(self, reference: str) -> StoredArticle | None:
        """The article with this public id or URL."""
        conditions = [articles.c.id == reference]
        if key := url_key(reference):
            conditions.append(articles.c.url_key == key)
        with self._database.reading() as connection:
            for condition in conditions:
                if row := connection.execute(select(*_STORED).where(condition)).first():
                    return _stored(row)
        return None

    def codes(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """The codes of the titles and sentences of articles, by number; see `index.codes`."""
        found: dict[int, bytes] = {}
        wanted = select(analyses.c.article, analyses.c.codes)
        with self._database.reading() as connection:
            for part in _parts(list(numbers)):
                rows = connection.execute(wanted.where(analyses.c.article.in_(part)))
                found |= {row.article: row.codes for row in rows}
        return found

    def latest(self, limit: int, source: str | None = None) -> list[StoredArticle]:
        """The articles published last, newest first; those without a date come last."""
        query = select(*_STORED).order_by(
            articles.c.published_at.desc().nulls_last(), articles.c.number.desc()
        )
        if source is not None:
            query = query.where(articles.c.source == source)
        with self._database.reading() as connection:
            return [_stored(row) for row in connection.execute(query.limit(limit))]

    def sources(self) -> list[SourceSummary]:
        """Where the articles come from, the largest source first."""
        query = (
            select(
                articles.c.source,
                func.count().label("articles"),
                func.max(articles.c.published_at).label("latest"),
            )
            .where(articles.c.source.is_not(None))
            .group_by(articles.c.source)
            .order_by(func.count().desc(), articles.c.source)
        )
        with self._database.reading() as connection:
            return [
                SourceSummary(row.source, row.articles, _moment(row.latest))
                for row in connection.execute(query)
            ]

    def count(self) -> int:
        """How many articles there are."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(articles)) or 0

    def revision(self) -> int:
        """The revision of the last change; 0 for an empty store."""
        with self._database.reading() as connection:
            return _counter(connection)

    def changed_since(self, revision: int, batch: int = 500) -> Iterator[list[IndexableArticle]]:
        """Articles changed after a revision, in the order of their revisions, in batches."""
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(_changed_since(revision).limit(batch)).all()
            if not rows:
                return
            yield [
                IndexableArticle(
                    row.number,
                    row.revision,
                    row.published_at,
                    row.source,
                    tuple(row.terms.split("\n")),
                )
                for row in rows
            ]
            revision = rows[-1].revision

    def outdated(self, batch: int = 200) -> Iterator[list[StoredArticle]]:
        """Articles whose analysis is of another analyser version, in batches."""
        while True:
            query = (
                select(*_STORED)
                .join(analyses, analyses.c.article == articles.c.number)
                .where(analyses.c.version != self._version)
            )
            with self._database.reading() as connection:
                found = [_stored(row) for row in connection.execute(query.limit(batch))]
            if not found:
                return
            yield found

    def renew(self, renewed: Mapping[int, Analysis]) -> None:
        """Replace analyses, by article number; the articles count as changed."""
        with self._database.writing() as connection:
            revision = _counter(connection)
            for number, analysis in renewed.items():
                revision += 1
                connection.execute(
                    update(analyses)
                    .where(analyses.c.article == number)
                    .values(**self._analysis(analysis))
                )
                connection.execute(
                    update(articles).where(articles.c.number == number).values(revision=revision)
                )
            _set_counter(connection, revision)

    def _analysis(self, analysis: Analysis) -> dict[str, Any]:
        return {
            "version": self._version,
            "spans": pack_spans(analysis.spans),
            "terms": "\n".join(analysis.terms),
            "codes": encode(analysis.terms),
        }


Digest = Callable[[Article], bytes]


@dataclass(frozen=True, slots=True)
class _State:
    number: int
    id: str
    url_key: str | None
    digest: bytes
    source: str | None
    origin: str | None


class _Known:
    """The stored states that a batch may meet, kept up to date while it is written.

    An article is known by its URL, else by its id; one that has neither by its
    content, else by the file that it was read from.
    """

    def __init__(self, connection: Connection, batch: Sequence[Article], digest: Digest) -> None:
        self._digest = digest
        self._states: dict[tuple[str, Any], _State] = {}
        bare = [article for article in batch if not article.url and not article.id]
        self._load(connection, articles.c.url_key, (url_key(a.url) for a in batch if a.url))
        self._load(connection, articles.c.id, (public_id(a, digest(a)) for a in batch))
        self._load(connection, articles.c.digest, (digest(a) for a in bare))
        self._load(connection, articles.c.origin, (a.origin for a in bare if a.origin))

    def match(self, article: Article) -> _State | None:
        """The stored article that this one is a state of."""
        if article.url and (state := self._states.get(("url_key", url_key(article.url)))):
            return state
        if article.id:
            state = self._states.get(("id", article.id))
            moved = state is None or not article.url or state.source == article.source
            return state if moved else None
        if article.url:
            return None
        if same := self._states.get(("digest", self._digest(article))):
            return same
        return self._states.get(("origin", article.origin)) if article.origin else None

    def unchanged(self, article: Article) -> bool:
        """Whether the article is stored as it is."""
        state = self.match(article)
        if state is None or state.digest != self._digest(article):
            return False
        named = article.url or article.id
        return not named or state.source == article.source

    def add(self, article: Article, number: int) -> _State:
        """Take up an article that `match` does not know."""
        digest = self._digest(article)
        name = public_id(article, digest)
        if ("id", name) in self._states:
            name = f"{name}~{number}"
        key = url_key(article.url) if article.url else None
        return self._put(_State(number, name, key, digest, article.source, article.origin))

    def change(self, state: _State, article: Article) -> _State:
        """Take up a new state of a known article."""
        key = url_key(article.url) if article.url else state.url_key
        digest = self._digest(article)
        return self._put(
            _State(state.number, state.id, key, digest, article.source, article.origin)
        )

    def _load(self, connection: Connection, column: Column[Any], values: Iterable[Any]) -> None:
        names = [field.name for field in fields(_State)]
        for part in _parts(list(dict.fromkeys(values))):
            columns = (getattr(articles.c, name) for name in names)
            for row in connection.execute(select(*columns).where(column.in_(part))):
                self._put(_State(*row))

    def _put(self, state: _State) -> _State:
        self._states["url_key", state.url_key] = state
        self._states["id", state.id] = state
        self._states["digest", state.digest] = state
        if state.url_key is None:
            self._states["origin", state.origin] = state
        return state


def url_key(url: str) -> str | None:
    """What two spellings of one address have in common; None if it is no address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return None
    path = parts.path or "/"
    return urlunsplit(("", parts.netloc.lower(), path, parts.query, "")).removeprefix("//")


def public_id(article: Article, digest: bytes) -> str:
    """The name that an article is asked for by: its own id, else one made of its address."""
    if article.id:
        return article.id
    key = url_key(article.url) if article.url else None
    seed = key.encode() if key else digest
    short = hashlib.blake2b(seed, digest_size=10).digest()
    return base64.b32encode(short).decode().lower()


def _row(article: Article, state: _State, revision: int) -> dict[str, Any]:
    published = article.published
    return {
        "number": state.number,
        "id": state.id,
        "url": article.url,
        "url_key": state.url_key,
        "title": article.title,
        "text": article.text,
        "published": published.isoformat() if published else None,
        "published_at": int(published.timestamp()) if published else None,
        "source": article.source,
        "author": article.author,
        "origin": article.origin,
        "digest": state.digest,
        "revision": revision,
    }


_ANALYSIS = ("version", "spans", "terms", "codes")


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    of_article = [{k: v for k, v in row.items() if k not in _ANALYSIS} for row in rows]
    of_analysis = [{"article": row["number"]} | {k: row[k] for k in _ANALYSIS} for row in rows]
    connection.execute(insert(articles), of_article)
    connection.execute(insert(analyses), of_analysis)


def _update(connection: Connection, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        of_article = {k: v for k, v in row.items() if k not in _ANALYSIS}
        number = row["number"]
        connection.execute(update(articles).where(articles.c.number == number).values(**of_article))
        connection.execute(
            update(analyses)
            .where(analyses.c.article == number)
            .values({k: row[k] for k in _ANALYSIS})
        )


def _changed_since(revision: int) -> Select[Any]:
    return (
        select(
            articles.c.number,
            articles.c.revision,
            articles.c.published_at,
            articles.c.source,
            analyses.c.terms,
        )
        .join(analyses, analyses.c.article == articles.c.number)
        .where(articles.c.revision > revision)
        .order_by(articles.c.revision)
    )


def _counter(connection: Connection) -> int:
    return int(connection.scalar(_stored_value("revision").with_for_update()) or 0)


def _stored_value(name: str) -> Select[str]:
    return select(collection.c.value).where(collection.c.name == name)


def _set_counter(connection: Connection, revision: int) -> None:
    row = update(collection).where(collection.c.name == "revision").values(value=str(revision))
    if connection.execute(row).rowcount == 0:
        connection.execute(insert(collection).values(name="revision", value=str(revision)))


def _parts(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _VALUES_A_STATEMENT):
        yield values[start : start + _VALUES_A_STATEMENT]


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, vietnam())


def _stored(row: Row[*tuple[Any, ...]]) -> StoredArticle:
    return StoredArticle(
        number=row.number,
        id=row.id,
        title=row.title,
        text=row.text,
        url=row.url,
        published=datetime.fromisoformat(row.published) if row.published else None,
        source=row.source,
        author=row.author,
    )
