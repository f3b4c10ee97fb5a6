"""Workers over one database: what they claim, and what they share of conversations and limits."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create the tables, and let workers claim sources."""
    op.create_table(
        "workers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("roles", sa.String(100), nullable=False),
        sa.Column("started_at", sa.Float, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
    )
    op.create_table(
        "updates",
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("conversation", sa.String(40), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("received_at", sa.Float, nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("done_at", sa.Float),
    )
    op.create_index("updates_by_conversation", "updates", ["bot", "conversation", "done_at"])
    op.create_index("updates_by_done_at", "updates", ["done_at"])
    op.create_table(
        "conversations",
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("claimed_by", sa.String(32)),
        sa.Column("state", sa.Text),
        sa.Column("saved_at", sa.Float, nullable=False),
    )
    op.create_index("conversations_by_claimed_by", "conversations", ["claimed_by"])
    op.create_index("conversations_by_saved_at", "conversations", ["saved_at"])
    op.create_table(
        "flood_buckets",
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("tokens", sa.Float, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
        sa.Column("paused_until", sa.Float),
    )
    op.create_index("flood_buckets_by_seen_at", "flood_buckets", ["seen_at"])
    op.create_table(
        "send_pace",
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("next_at", sa.Float, nullable=False),
    )
    op.add_column("sources", sa.Column("claimed_by", sa.String(32)))


def downgrade() -> None:
    """Drop the tables."""
    with op.batch_alter_table("sources") as table:
        table.drop_column("claimed_by")
    for name in ("send_pace", "flood_buckets", "conversations", "updates", "workers"):
        op.drop_table(name)
