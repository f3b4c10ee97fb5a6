"""Keys that repeated news is found by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table; existing articles are not compared."""
    op.create_table(
        "news_keys",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column(
            "article",
            sa.BigInteger,
            sa.ForeignKey("articles.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("filed_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    for column in ("article", "filed_at"):
        op.create_index(f"news_keys_by_{column}", "news_keys", [column])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("news_keys")
