"""The tables. A change here needs a migration beside it, and `HEAD` names the last one."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

HEAD = "0001"

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
