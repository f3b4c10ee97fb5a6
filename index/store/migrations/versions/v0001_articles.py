"""Articles, their analyses, chats."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    collection = op.create_table(
        "collection",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    # The first analyser is version 1; a collection without articles is up to date under any.
    op.bulk_insert(
        collection,
        [
            {"name": "id", "value": uuid4().hex},
            {"name": "revision", "value": "0"},
            {"name": "analyser", "value": "1"},
        ],
    )
    op.create_table(
        "articles",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("url", sa.Text),
        sa.Column("url_key", sa.Text, unique=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("published", sa.String(32)),
        sa.Column("published_at", sa.BigInteger),
        sa.Column("source", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("origin", sa.Text),
        sa.Column("digest", sa.LargeBinary(16), nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False, unique=True),
    )
    for column in ("published_at", "source", "digest", "origin"):
        op.create_index(f"articles_by_{column}", "articles", [column])
    op.create_table(
        "analyses",
        sa.Column(
            "article",
            sa.BigInteger,
            sa.ForeignKey("articles.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("version", sa.SmallInteger, nullable=False),
        sa.Column("spans", sa.LargeBinary, nullable=False),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("codes", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "chats",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("language", sa.String(8)),
    )


def downgrade() -> None:
    """Drop everything."""
    for table in ("chats", "analyses", "articles", "collection"):
        op.drop_table(table)
