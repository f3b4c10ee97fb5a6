"""Further locations of articles, keys of duplicates, time of removal at the source."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables; duplicates among existing articles stay articles of their own."""
    op.add_column("articles", sa.Column("removed_at", sa.BigInteger))
    op.add_column("source_items", sa.Column("revisit_at", sa.BigInteger))
    op.create_index("source_items_by_revisit_at", "source_items", ["source", "revisit_at"])
    op.create_table(
        "article_places",
        sa.Column("url_key", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("article", sa.BigInteger, sa.ForeignKey("articles.number"), nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("digest", sa.LargeBinary(16), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger, nullable=False),
    )
    for column in ("article", "source"):
        op.create_index(f"article_places_by_{column}", "article_places", [column])
    op.create_table(
        "copy_keys",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column(
            "article",
            sa.BigInteger,
            sa.ForeignKey("articles.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("copy_keys_by_article", "copy_keys", ["article"])


def downgrade() -> None:
    """Drop the tables and columns."""
    op.drop_table("copy_keys")
    op.drop_table("article_places")
    op.drop_index("source_items_by_revisit_at", "source_items")
    op.drop_column("source_items", "revisit_at")
    op.drop_column("articles", "removed_at")
