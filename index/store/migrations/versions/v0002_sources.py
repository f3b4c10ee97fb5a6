"""Followed sources with their items; time at which an article was first seen."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables; earlier articles have no time of first sight."""
    op.add_column("articles", sa.Column("first_seen_at", sa.BigInteger))
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("given", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("pattern", sa.Text),
        sa.Column("paused", sa.Text),
        sa.Column("added_at", sa.BigInteger, nullable=False),
        sa.Column("checked_at", sa.BigInteger),
        sa.Column("next_check_at", sa.BigInteger, nullable=False),
        sa.Column("interval", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("first_read_at", sa.BigInteger),
    )
    op.create_index("sources_by_next_check_at", "sources", ["next_check_at"])
    op.create_table(
        "source_items",
        sa.Column(
            "source", sa.Integer, sa.ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("stamp", sa.Text),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("retry_at", sa.BigInteger),
        sa.Column("article", sa.BigInteger, sa.ForeignKey("articles.number")),
        sa.Column("first_seen_at", sa.BigInteger, nullable=False),
        sa.Column("is_back_catalogue", sa.Boolean, nullable=False),
    )
    for column in ("key", "article"):
        op.create_index(f"source_items_by_{column}", "source_items", [column])


def downgrade() -> None:
    """Drop the tables and the column."""
    op.drop_table("source_items")
    op.drop_table("sources")
    op.drop_column("articles", "first_seen_at")
