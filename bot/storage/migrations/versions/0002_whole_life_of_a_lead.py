"""the whole life of a lead

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("agreed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_chat_id"), ["chat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_up_due_on"), ["due_on"], unique=False)

    op.create_table(
        "host_group",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("municipality", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("forum", sa.Boolean(), nullable=False),
        sa.Column("present", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("joined_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_host_group")),
    )
    with op.batch_alter_table("host_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_host_group_municipality"), ["municipality"], unique=False)

    op.create_table(
        "held_notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("group_chat", sa.BigInteger(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("html", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("buttons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("due_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_held_notice_host_id_host")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_notice")),
    )
    with op.batch_alter_table("held_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_notice_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_notice_group_chat"), ["group_chat"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_notice_reference"), ["reference"], unique=False)

    op.create_table(
        "mailbox",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox")),
    )
    op.create_table(
        "service",
        sa.Column("municipality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("settings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("municipality", name=op.f("pk_service")),
    )
    op.create_table(
        "text_block",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("municipality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_block")),
    )
    with op.batch_alter_table("text_block", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_block_municipality"), ["municipality"], unique=False)

    op.create_table(
        "answer_draft",
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_answer_draft_host_id_host")),
        sa.ForeignKeyConstraint(
            ["reference"], ["lead.reference"], name=op.f("fk_answer_draft_reference_lead"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reference", "host_id", name=op.f("pk_answer_draft")),
    )
    op.create_table(
        "lead_topic",
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"], ["lead.reference"], name=op.f("fk_lead_topic_reference_lead"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reference", "chat_id", name=op.f("pk_lead_topic")),
    )
    with op.batch_alter_table("host", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "preferences",
                sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
                nullable=True,
            )
        )

    with op.batch_alter_table("invite", schema=None) as batch_op:
        batch_op.add_column(sa.Column("host_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("invited_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("waiting_chat", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("waiting_name", sqlmodel.sql.sqltypes.AutoString(), nullable=True))

    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waiting_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("step", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column("stand_in", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("helped", sqlmodel.sql.sqltypes.AutoString(), nullable=True))

    with op.batch_alter_table("lead_statistic", schema=None) as batch_op:
        batch_op.add_column(sa.Column("helped", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lead_statistic", schema=None) as batch_op:
        batch_op.drop_column("helped")

    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.drop_column("helped")
        batch_op.drop_column("stand_in")
        batch_op.drop_column("step")
        batch_op.drop_column("waiting_since")

    with op.batch_alter_table("invite", schema=None) as batch_op:
        batch_op.drop_column("waiting_name")
        batch_op.drop_column("waiting_chat")
        batch_op.drop_column("invited_by")
        batch_op.drop_column("host_id")

    with op.batch_alter_table("host", schema=None) as batch_op:
        batch_op.drop_column("preferences")

    op.drop_table("lead_topic")
    op.drop_table("answer_draft")
    with op.batch_alter_table("text_block", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_block_municipality"))

    op.drop_table("text_block")
    op.drop_table("service")
    op.drop_table("mailbox")
    with op.batch_alter_table("held_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_notice_reference"))
        batch_op.drop_index(batch_op.f("ix_held_notice_group_chat"))
        batch_op.drop_index(batch_op.f("ix_held_notice_due_at"))

    op.drop_table("held_notice")
    with op.batch_alter_table("host_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_host_group_municipality"))

    op.drop_table("host_group")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_due_on"))
        batch_op.drop_index(batch_op.f("ix_follow_up_chat_id"))

    op.drop_table("follow_up")
