"""Items are found by words and filters; preparations are published, and remember their course.

What finds an item is worked out from its newest version, which the tool could do again at any
time: it may therefore use the tool's own code.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from lti_tool.experience.document.model import from_canonical_json
from lti_tool.experience.library.terms import terms

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_version = sa.table(
    "version",
    sa.column("id", sa.Integer),
    sa.column("item_id", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("document", sa.Text),
    sa.column("practise", sa.Text),
    sa.column("cover", sa.String),
    sa.column("cover_alt", sa.Text),
    sa.column("public", sa.Boolean),
)


def upgrade() -> None:
    with op.batch_alter_table("version") as table:
        table.add_column(sa.Column("practise", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("cover", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("cover_alt", sa.Text(), nullable=False, server_default=""))
        table.add_column(
            sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    search_term = op.create_table(
        "search_term",
        sa.Column("field", sa.String(length=8), nullable=False),
        sa.Column(
            "term",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_search_term_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("field", "term", "item_id", name=op.f("pk_search_term")),
    )
    op.create_index("ix_search_term_item_id", "search_term", ["item_id"])
    op.create_table(
        "course_item",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("deployment_id", sa.Integer(), nullable=False),
        sa.Column("context_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployment.id"],
            name=op.f("fk_course_item_deployment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_course_item_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_course_item")),
    )
    op.create_index("ix_course_item_context", "course_item", ["deployment_id", "context_id"])
    rows = [row for version in _newest() for row in _describe(*version)]
    if rows:
        op.bulk_insert(search_term, rows)


def downgrade() -> None:
    op.drop_index("ix_course_item_context", table_name="course_item")
    op.drop_table("course_item")
    op.drop_index("ix_search_term_item_id", table_name="search_term")
    op.drop_table("search_term")
    with op.batch_alter_table("version") as table:
        for name in ("public", "cover_alt", "cover", "practise"):
            table.drop_column(name)


def _newest() -> list[Any]:
    newer = _version.alias()
    return list(
        op.get_bind()
        .execute(
            sa.select(_version.c.id, _version.c.item_id, _version.c.document).where(
                ~sa.exists().where(
                    newer.c.item_id == _version.c.item_id, newer.c.number > _version.c.number
                )
            )
        )
        .all()
    )


def _describe(version_id: int, item_id: int, text: str) -> Iterator[dict[str, Any]]:
    """Fill in the version's new columns; yield what finds it."""
    said = json.loads(text)
    cover = said.get("cover") or {}
    op.get_bind().execute(
        sa.update(_version)
        .where(_version.c.id == version_id)
        .values(
            practise=said.get("practise", ""),
            cover=cover.get("image"),
            cover_alt=cover.get("alt", ""),
            public=said.get("public", False),
        )
    )
    for term in terms(from_canonical_json(text)):
        yield {"item_id": item_id, **term._asdict()}
