"""How the last pages of each source were read: their lines, and what was cut."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table; it is filled as pages are read."""
    op.create_table(
        "source_pages",
        sa.Column(
            "source", sa.Integer, sa.ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("headline", sa.String(24), primary_key=True),
        sa.Column("read_at", sa.BigInteger, nullable=False),
        sa.Column("lines", sa.LargeBinary, nullable=False),
        sa.Column("cuts", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("source_pages")
