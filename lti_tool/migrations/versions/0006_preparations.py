"""What a link was copied from, what was chosen instead, and what is done of a preparation."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("resource_link") as table:
        table.add_column(sa.Column("copied_from", sa.String(length=255), nullable=True))
        table.add_column(sa.Column("opens", sa.String(length=80), nullable=True))
        table.add_column(sa.Column("opens_version", sa.Integer(), nullable=True))
    op.create_table(
        "part_done",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_part_done_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["learner.id"],
            name=op.f("fk_part_done_learner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["resource_link.id"],
            name=op.f("fk_part_done_link_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("learner_id", "link_id", "item_id", name=op.f("pk_part_done")),
    )
    op.create_index("ix_part_done_done_at", "part_done", ["done_at"])


def downgrade() -> None:
    op.drop_index("ix_part_done_done_at", table_name="part_done")
    op.drop_table("part_done")
    with op.batch_alter_table("resource_link") as table:
        for name in ("opens_version", "opens", "copied_from"):
            table.drop_column(name)
