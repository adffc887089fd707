"""corrections of a closed conversation"""

import sqlalchemy as sa
from alembic import op

revision = "0009_corrections"
down_revision = "0008_question_bank"
branch_labels = None
depends_on = None


def upgrade() -> None:
    shared = sa.Enum(
        "shared", name="visibility", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visibility", shared, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_correction_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["enrolment.id"], name=op.f("fk_correction_written_by_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_conversation_id"), "correction", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("correction")
