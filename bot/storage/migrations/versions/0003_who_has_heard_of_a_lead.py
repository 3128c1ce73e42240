"""who has heard of a lead is told that it is gone

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("held_notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heard", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("held_notice", schema=None) as batch_op:
        batch_op.alter_column("heard", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("held_notice", schema=None) as batch_op:
        batch_op.drop_column("heard")
