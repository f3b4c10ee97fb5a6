"""Vectors of articles, for the optional search by meaning."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "article_vectors",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column(
            "article", sa.BigInteger, sa.ForeignKey("articles.number"), nullable=False, unique=True
        ),
        sa.Column("model", sa.String(40), nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the table; vectors can be made again."""
    op.drop_table("article_vectors")
