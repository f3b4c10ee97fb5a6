"""Database schema. A change needs a migration, and `HEAD` is the last one."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

HEAD = "0016"

metadata = MetaData()

COUNTED = BigInteger().with_variant(Integer, "sqlite")
"""Type of autoincrement keys; SQLite increments INTEGER only."""


def _article_key() -> Column[int]:
    """Return a column of an article's number that is part of the primary key."""
    number = ForeignKey("articles.number")
    return Column("article", BigInteger, number, primary_key=True, autoincrement=False)


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
    Column("news_until", BigInteger),
    Column("removed_at", BigInteger),
    Index("articles_by_published_at", "published_at"),
    Index("articles_by_first_seen_at", "first_seen_at"),
    Index("articles_by_source", "source"),
    Index("articles_by_digest", "digest"),
    Index("articles_by_origin", "origin"),
)

article_locations = Table(
    "article_places",
    metadata,
    Column("url_key", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("article", BigInteger, ForeignKey("articles.number"), nullable=False),
    Column("source", Text),
    Column("digest", LargeBinary(16), nullable=False),
    Column("first_seen_at", BigInteger, nullable=False),
    Index("article_places_by_article", "article"),
    Index("article_places_by_source", "source"),
)

duplicate_keys = Table(
    "copy_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    _article_key(),
    Index("copy_keys_by_article", "article"),
    sqlite_with_rowid=False,
)

news_keys = Table(
    "news_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    _article_key(),
    Column("filed_at", BigInteger, nullable=False),
    Index("news_keys_by_article", "article"),
    Index("news_keys_by_filed_at", "filed_at"),
    sqlite_with_rowid=False,
)

definitions = Table(
    "definitions",
    metadata,
    Column("short", Text, primary_key=True),
    Column("long_form", Text, primary_key=True),
    _article_key(),
    Index("definitions_by_article", "article"),
    sqlite_with_rowid=False,
)

analyses = Table(
    "analyses",
    metadata,
    _article_key(),
    Column("version", SmallInteger, nullable=False),
    Column("spans", LargeBinary, nullable=False),
    Column("terms", Text, nullable=False),
    Column("codes", LargeBinary, nullable=False),
)

article_vectors = Table(
    "article_vectors",
    metadata,
    Column("id", COUNTED, primary_key=True),
    Column("article", BigInteger, ForeignKey("articles.number"), nullable=False, unique=True),
    Column("model", String(40), nullable=False),
    Column("vector", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

chats = Table(
    "chats",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8)),
    Column("kind", String(16)),
    Column("title", Text),
    Column("time_zone", String(64)),
    Column("quiet_from", SmallInteger),
    Column("quiet_until", SmallInteger),
    Column("digest_minute", SmallInteger),
    Column("is_silent", Boolean),
    Column("inactive_since", BigInteger),
    Column("previews", Boolean),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", COUNTED, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", BigInteger, ForeignKey("chats.id"), nullable=False),
    Column("thread", BigInteger),
    Column("wish", Text, nullable=False),
    Column("name", Text),
    Column("rhythm", String(8), nullable=False),
    Column("minute", SmallInteger),
    Column("weekday", SmallInteger),
    Column("is_silent", Boolean, nullable=False),
    Column("paused_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Index("subscriptions_by_chat", "chat"),
    Index("subscriptions_by_revision", "revision"),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", COUNTED, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("thread", BigInteger),
    Column("article", BigInteger, ForeignKey("articles.number")),
    Column("subscription", BigInteger, nullable=False),
    Column("positions", String(40), nullable=False),
    Column("others", Text),
    Column("state", String(8), nullable=False),
    Column("reason", String(16)),
    Column("due_at", BigInteger, nullable=False),
    Column("leased_by", String(32)),
    Column("leased_until", BigInteger),
    Column("attempts", SmallInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("settled_at", BigInteger),
    UniqueConstraint("chat", "article", "bot", name="deliveries_once"),
    Index("deliveries_by_due_at", "state", "due_at"),
    Index("deliveries_by_subscription", "subscription"),
    Index("deliveries_by_article", "article"),
    sqlite_autoincrement=True,
)

bulletins = Table(
    "bulletins",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", BigInteger, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("thread", BigInteger),
    Column("minute", SmallInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Index("bulletins_by_next_at", "next_at"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("article", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("is_good", Boolean, nullable=False),
    Column("question", Text),
    Column("created_at", BigInteger, nullable=False),
    Index("feedback_by_person", "person"),
)

senders = Table(
    "senders",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("owner", String(32), nullable=False),
    Column("until", Float, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("owner", String(32), nullable=False),
    Column("until", Float, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("roles", String(100), nullable=False),
    Column("started_at", Float, nullable=False),
    Column("until", Float, nullable=False),
)

updates = Table(
    "updates",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("conversation", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", Float, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("done_at", Float),
    Index("updates_by_conversation", "bot", "conversation", "done_at"),
    Index("updates_by_done_at", "done_at"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(40), primary_key=True),
    Column("claimed_by", String(32)),
    Column("state", Text),
    Column("saved_at", Float, nullable=False),
    Index("conversations_by_claimed_by", "claimed_by"),
    Index("conversations_by_saved_at", "saved_at"),
)

flood_buckets = Table(
    "flood_buckets",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(8), primary_key=True),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("tokens", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
    Column("paused_until", Float),
    Index("flood_buckets_by_seen_at", "seen_at"),
)

send_pace = Table(
    "send_pace",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("next_at", Float, nullable=False),
)

PASSING = senders, leases, workers, updates, conversations, flood_buckets, send_pace
"""What running processes share for a while: a backup neither needs nor replaces it."""

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
    Column("claimed_by", String(32)),
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
    Column("revisit_at", BigInteger),
    Column("guid", String(24)),
    Index("source_items_by_key", "key"),
    Index("source_items_by_guid", "source", "guid"),
    Index("source_items_by_article", "article"),
    Index("source_items_by_revisit_at", "source", "revisit_at"),
)

source_pages = Table(
    "source_pages",
    metadata,
    Column("source", Integer, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("headline", String(24), primary_key=True),
    Column("read_at", BigInteger, nullable=False),
    Column("lines", LargeBinary, nullable=False),
    Column("cuts", Text, nullable=False),
)

usage_counts = Table(
    "usage_counts",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), primary_key=True),
    Column("name", String(16), primary_key=True),
    Column("count", BigInteger, nullable=False),
)

askers = Table(
    "askers",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), nullable=False),
    Index("askers_by_day", "day"),
)

unanswered = Table(
    "unanswered",
    metadata,
    Column("bot", BigInteger, primary_key=True, autoincrement=False),
    Column("question", String(200), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),
)
