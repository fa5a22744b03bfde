"""A conversation starter for a group, and what makers hear about their content."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("asked", sa.Boolean(), nullable=False, server_default="0"))
    op.create_table(
        "starter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_counts", sa.Text(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        _to("starter", "link_id", "resource_link"),
        _to("starter", "item_id", "item"),
        _to("starter", "version_id", "version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_starter")),
        sa.UniqueConstraint("link_id", "item_id", name=op.f("uq_starter_link_id_item_id")),
    )
    op.create_table(
        "starter_mark",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=8), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        _to("starter_mark", "learner_id", "learner"),
        _to("starter_mark", "item_id", "item"),
        _to("starter_mark", "link_id", "resource_link"),
        _to("starter_mark", "version_id", "version"),
        sa.PrimaryKeyConstraint("learner_id", "item_id", name=op.f("pk_starter_mark")),
    )
    op.create_index("ix_starter_mark_link_item", "starter_mark", ["link_id", "item_id"])
    op.create_index("ix_starter_mark_marked_at", "starter_mark", ["marked_at"])
    op.create_table(
        "heard",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        _to("heard", "version_id", "version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heard")),
    )
    op.create_index("ix_heard_version", "heard", ["version_id", "told"])


def downgrade() -> None:
    op.drop_index("ix_heard_version", table_name="heard")
    op.drop_table("heard")
    op.drop_index("ix_starter_mark_marked_at", table_name="starter_mark")
    op.drop_index("ix_starter_mark_link_item", table_name="starter_mark")
    op.drop_table("starter_mark")
    op.drop_table("starter")
    with op.batch_alter_table("run") as table:
        table.drop_column("asked")
