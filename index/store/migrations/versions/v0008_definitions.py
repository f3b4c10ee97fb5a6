"""Abbreviations defined in articles."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table; `hoibao reindex` fills it for existing articles."""
    op.create_table(
        "definitions",
        sa.Column("short", sa.Text, primary_key=True),
        sa.Column("long_form", sa.Text, primary_key=True),
        sa.Column(
            "article",
            sa.BigInteger,
            sa.ForeignKey("articles.number"),
            primary_key=True,
            autoincrement=False,
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("definitions_by_article", "definitions", ["article"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("definitions")
