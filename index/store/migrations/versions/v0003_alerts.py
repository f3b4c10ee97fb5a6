"""Subscriptions, deliveries, chat settings, votes on quotes, senders."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

COUNTED = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables; existing articles trigger no alerts."""
    op.add_column("articles", sa.Column("news_until", sa.BigInteger))
    op.create_index("articles_by_first_seen_at", "articles", ["first_seen_at"])
    for column in (
        sa.Column("kind", sa.String(16)),
        sa.Column("title", sa.Text),
        sa.Column("time_zone", sa.String(64)),
        sa.Column("quiet_from", sa.SmallInteger),
        sa.Column("quiet_until", sa.SmallInteger),
        sa.Column("inactive_since", sa.BigInteger),
    ):
        op.add_column("chats", column)
    op.bulk_insert(
        sa.table("collection", sa.column("name"), sa.column("value")),
        [{"name": "subscriptions", "value": "0"}],
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", COUNTED, primary_key=True),
        sa.Column("bot", sa.BigInteger, nullable=False),
        sa.Column("chat", sa.BigInteger, sa.ForeignKey("chats.id"), nullable=False),
        sa.Column("thread", sa.BigInteger),
        sa.Column("wish", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("rhythm", sa.String(8), nullable=False),
        sa.Column("minute", sa.SmallInteger),
        sa.Column("weekday", sa.SmallInteger),
        sa.Column("is_silent", sa.Boolean, nullable=False),
        sa.Column("paused_at", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    for name in ("chat", "revision"):
        op.create_index(f"subscriptions_by_{name}", "subscriptions", [name])
    op.create_table(
        "deliveries",
        sa.Column("id", COUNTED, primary_key=True),
        sa.Column("bot", sa.BigInteger, nullable=False),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("thread", sa.BigInteger),
        sa.Column("article", sa.BigInteger, sa.ForeignKey("articles.number"), nullable=False),
        sa.Column("subscription", sa.BigInteger, nullable=False),
        sa.Column("positions", sa.String(40), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("leased_by", sa.String(32)),
        sa.Column("leased_until", sa.BigInteger),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.UniqueConstraint("chat", "article", "bot", name="deliveries_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("deliveries_by_due_at", "deliveries", ["state", "due_at"])
    for name in ("subscription", "article"):
        op.create_index(f"deliveries_by_{name}", "deliveries", [name])
    op.create_table(
        "feedback",
        *(
            sa.Column(name, sa.BigInteger, primary_key=True, autoincrement=False)
            for name in ("bot", "chat", "message", "person")
        ),
        sa.Column("article", sa.BigInteger, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("is_good", sa.Boolean, nullable=False),
        sa.Column("question", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_index("feedback_by_person", "feedback", ["person"])
    op.create_table(
        "senders",
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("until", sa.Float, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables and columns."""
    for table in ("senders", "feedback", "deliveries", "subscriptions"):
        op.drop_table(table)
    op.execute("DELETE FROM collection WHERE name = 'subscriptions'")
    for column in ("inactive_since", "quiet_until", "quiet_from", "time_zone", "title", "kind"):
        op.drop_column("chats", column)
    op.drop_index("articles_by_first_seen_at", "articles")
    op.drop_column("articles", "news_until")
