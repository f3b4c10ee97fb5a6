"""The tables. A change here needs a migration beside it, and `HEAD` names the last one."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

HEAD = "0002"

metadata = MetaData()

collection = Table(
    "collection",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("url", Text),
    Column("url_key", Text, unique=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("published", String(32)),
    Column("published_at", BigInteger),
    Column("source", Text),
    Column("author", Text),
    Column("origin", Text),
    Column("digest", LargeBinary(16), nullable=False),
    Column("revision", BigInteger, nullable=False, unique=True),
    Column("first_seen_at", BigInteger),
    Index("articles_by_published_at", "published_at"),
    Index("articles_by_source", "source"),
    Index("articles_by_digest", "digest"),
    Index("articles_by_origin", "origin"),
)

analyses = Table(
    "analyses",
    metadata,
    Column(
        "article", BigInteger, ForeignKey("articles.number"), primary_key=True, autoincrement=False
    ),
    Column("version", SmallInteger, nullable=False),
    Column("spans", LargeBinary, nullable=False),
    Column("terms", Text, nullable=False),
    Column("codes", LargeBinary, nullable=False),
)

chats = Table(
    "chats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8)),
)

sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("given", Text, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("pattern", Text),
    Column("paused", Text),
    Column("added_at", BigInteger, nullable=False),
    Column("checked_at", BigInteger),
    Column("next_check_at", BigInteger, nullable=False),
    Column("interval", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_error", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("first_read_at", BigInteger),
    Index("sources_by_next_check_at", "next_check_at"),
)

source_items = Table(
    "source_items",
    metadata,
    Column("source", Integer, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("stamp", Text),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", BigInteger),
    Column("article", BigInteger, ForeignKey("articles.number")),
    Column("first_seen_at", BigInteger, nullable=False),
    Column("is_back_catalogue", Boolean, nullable=False),
    Index("source_items_by_key", "key"),
    Index("source_items_by_article", "article"),
)
