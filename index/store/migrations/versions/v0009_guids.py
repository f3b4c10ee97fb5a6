"""Ids by which feeds name the items of sources."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column; it is filled as the feeds are read again."""
    op.add_column("source_items", sa.Column("guid", sa.String(24)))
    op.create_index("source_items_by_guid", "source_items", ["source", "guid"])


def downgrade() -> None:
    """Drop the column."""
    op.drop_index("source_items_by_guid", "source_items")
    op.drop_column("source_items", "guid")
