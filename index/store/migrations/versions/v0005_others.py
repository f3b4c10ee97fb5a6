"""Further subscriptions of its chat that a delivery matches."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; it stays empty for existing deliveries."""
    op.add_column("deliveries", sa.Column("others", sa.Text))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("deliveries", "others")
