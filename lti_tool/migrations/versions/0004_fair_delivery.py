"""Deliveries by turns, and presses that count once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_UNDER_WAY = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("platform") as table:
        table.add_column(sa.Column("served_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_completion_due_at", table_name="completion")
    with op.batch_alter_table("completion") as table:
        table.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_completion_under_way",
        "completion",
        ["platform_id", "due_at"],
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )


def downgrade() -> None:
    op.drop_index("ix_completion_under_way", table_name="completion")
    with op.batch_alter_table("completion") as table:
        table.drop_column("asked_at")
    op.create_index(
        "ix_completion_due_at",
        "completion",
        ["due_at"],
        sqlite_where=_UNDER_WAY,
        postgresql_where=_UNDER_WAY,
    )
    with op.batch_alter_table("platform") as table:
        table.drop_column("served_at")
