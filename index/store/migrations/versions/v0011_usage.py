"""Counts of use by day: questions by outcome, who asked last when, and what found nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the tables; counting begins with the update."""
    op.create_table(
        "usage_counts",
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "askers",
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.String(10), nullable=False),
    )
    op.create_index("askers_by_day", "askers", ["day"])
    op.create_table(
        "unanswered",
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("question", sa.String(200), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("unanswered", "askers", "usage_counts"):
        op.drop_table(table)
