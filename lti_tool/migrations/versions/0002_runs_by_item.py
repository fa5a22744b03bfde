"""A run belongs to learner, link and item, is sealed, and keeps its own farewell.

Moments become full hours. Two tables' worth of marks go: `used_state` was left with one use, now
a column of the session, and further frame origins were never set by anything.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from flask import current_app

from lti_tool.vault import Vault

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_run = sa.table(
    "run",
    sa.column("id", sa.Integer),
    sa.column("item_id", sa.Integer),
    sa.column("version_id", sa.Integer),
    sa.column("state", sa.Text),
    sa.column("touched_at", sa.DateTime(timezone=True)),
    sa.column("ended_at", sa.DateTime(timezone=True)),
)
_version = sa.table("version", sa.column("id", sa.Integer), sa.column("item_id", sa.Integer))
_reflection = sa.table(
    "reflection",
    sa.column("id", sa.Integer),
    sa.column("saved_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.drop_table("used_state")
    op.drop_column("platform", "frame_origins")
    op.drop_column("launch_session", "farewell")
    op.add_column(
        "launch_session",
        sa.Column("answered", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("run", sa.Column("item_id", sa.Integer(), nullable=True))
    op.add_column("run", sa.Column("farewell", sa.Text(), nullable=True))
    _seal_runs()
    with op.batch_alter_table("run") as batch_op:
        batch_op.alter_column("item_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            op.f("fk_run_item_id"), "item", ["item_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.drop_constraint(op.f("uq_run_learner_id_link_id"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_run_learner_id_link_id_item_id"), ["learner_id", "link_id", "item_id"]
        )


def downgrade() -> None:
    vault = _vault()
    connection = op.get_bind()
    # One run for a link is all that the older tables can hold: the latest stays.
    connection.execute(
        sa.text(
            "DELETE FROM run WHERE EXISTS (SELECT 1 FROM run AS newer WHERE "
            "newer.learner_id = run.learner_id AND newer.link_id = run.link_id "
            "AND newer.id > run.id)"
        )
    )
    for row in connection.execute(sa.select(_run.c.id, _run.c.state)).all():
        if row.state is not None:
            connection.execute(
                sa.update(_run).where(_run.c.id == row.id).values(state=vault.unseal(row.state))
            )
    with op.batch_alter_table("run") as batch_op:
        batch_op.drop_constraint(op.f("uq_run_learner_id_link_id_item_id"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_run_learner_id_link_id"), ["learner_id", "link_id"]
        )
        batch_op.drop_constraint(op.f("fk_run_item_id"), type_="foreignkey")
        batch_op.drop_column("item_id")
        batch_op.drop_column("farewell")
    op.drop_column("launch_session", "answered")
    op.add_column("launch_session", sa.Column("farewell", sa.Text(), nullable=True))
    op.add_column(
        "platform",
        sa.Column("frame_origins", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "used_state",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_used_state")),
    )
    op.create_index("ix_used_state_expires_at", "used_state", ["expires_at"])


def _seal_runs() -> None:
    """Give each run its item, seal where it is, and round its moments."""
    vault = _vault()
    connection = op.get_bind()
    connection.execute(
        sa.update(_run).values(
            item_id=sa.select(_version.c.item_id)
            .where(_version.c.id == _run.c.version_id)
            .scalar_subquery()
        )
    )
    for row in connection.execute(sa.select(_run)).all():
        connection.execute(
            sa.update(_run)
            .where(_run.c.id == row.id)
            .values(
                state=None if row.state is None else vault.seal(row.state),
                touched_at=_full_hour(row.touched_at),
                ended_at=None if row.ended_at is None else _full_hour(row.ended_at),
            )
        )
    for row in connection.execute(sa.select(_reflection)).all():
        connection.execute(
            sa.update(_reflection)
            .where(_reflection.c.id == row.id)
            .values(saved_at=_full_hour(row.saved_at))
        )


def _full_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _vault() -> Vault:
    vault: Vault = current_app.extensions["proeftuin"].vault
    return vault
