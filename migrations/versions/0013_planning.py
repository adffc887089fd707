"""times a teacher offers for conversations, and who chose which"""

import sqlalchemy as sa
from alembic import op

revision = "0013_planning"
down_revision = "0012_coordinator"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round") as batch:
        batch.add_column(
            sa.Column("offers_times", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    visibility = sa.Enum(
        "shared",
        name=op.f("ck_offered_time_visibility"),
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "offered_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("booked_at", moment, nullable=True),
        sa.Column("called_off_at", moment, nullable=True),
        sa.Column("called_off_for_id", sa.Integer(), nullable=True),
        sa.Column("visibility", visibility, nullable=False),
        sa.CheckConstraint(
            "minutes BETWEEN 5 AND 240", name=op.f("ck_offered_time_minutes_of_a_conversation")
        ),
        sa.CheckConstraint(
            "called_off_at IS NULL OR conversation_id IS NULL",
            name=op.f("ck_offered_time_called_off_is_nobodys"),
        ),
        sa.CheckConstraint(
            "called_off_for_id IS NULL OR called_off_at IS NOT NULL",
            name=op.f("ck_offered_time_called_off_has_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_offered_time_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["enrolment.id"], name=op.f("fk_offered_time_teacher_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_offered_time_conversation_id_conversation"),
        ),
        sa.ForeignKeyConstraint(
            ["called_off_for_id"],
            ["conversation.id"],
            name=op.f("fk_offered_time_called_off_for_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_time")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_offered_time_conversation_id")),
    )
    op.create_index("ix_offered_time_round_id_starts_at", "offered_time", ["round_id", "starts_at"])
    op.create_index(op.f("ix_offered_time_teacher_id"), "offered_time", ["teacher_id"])
    op.create_index(
        op.f("ix_offered_time_called_off_for_id"), "offered_time", ["called_off_for_id"]
    )


def downgrade() -> None:
    op.drop_table("offered_time")
    with op.batch_alter_table("round") as batch:
        batch.drop_column("offers_times")
