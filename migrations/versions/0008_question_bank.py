"""the question bank: sharing, arranging, the school's set"""

import sqlalchemy as sa
from alembic import op

revision = "0008_question_bank"
down_revision = "0007_reflection"
branch_labels = None
depends_on = None


def _level(*values: str) -> sa.Enum:
    return sa.Enum(*values, name="visibility", native_enum=False, create_constraint=True, length=40)


def _allow(*levels: str) -> None:
    """Let an own question have these levels. SQLite's copy of the table has lost the old CHECK."""
    allowed = ", ".join(f"'{one}'" for one in levels)
    with op.batch_alter_table("own_question", recreate="auto") as batch_op:
        if op.get_bind().dialect.name != "sqlite":
            batch_op.drop_constraint(op.f("ck_own_question_visibility"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_own_question_visibility"), f"visibility IN ({allowed})"
        )


def upgrade() -> None:
    with op.batch_alter_table("own_question") as batch_op:
        batch_op.add_column(sa.Column("copied_from_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_own_question_copied_from_id_own_question"),
            "own_question",
            ["copied_from_id"],
            ["id"],
        )
    _allow("teacher_instrument", "school_instrument")
    op.create_table(
        "question_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_question_place_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_place")),
        sa.UniqueConstraint(
            "person_id", "question_key", name=op.f("uq_question_place_person_id_question_key")
        ),
    )
    op.create_table(
        "school_hidden",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_school_hidden_registration_id_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_hidden")),
        sa.UniqueConstraint(
            "registration_id",
            "question_key",
            name=op.f("uq_school_hidden_registration_id_question_key"),
        ),
    )
    op.create_table(
        "school_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("phase_key", sa.Text(), nullable=False),
        sa.Column("group_key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("chosen_from_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visibility", _level("school_instrument"), nullable=False),
        sa.ForeignKeyConstraint(
            ["chosen_from_id"],
            ["own_question.id"],
            name=op.f("fk_school_question_chosen_from_id_own_question"),
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_school_question_registration_id_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_question")),
    )
    op.create_index(
        op.f("ix_school_question_registration_id"), "school_question", ["registration_id"]
    )
    with op.batch_alter_table("question_mark") as batch_op:
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("words", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "visibility",
                _level("teacher_pupil"),
                nullable=False,
                server_default="teacher_pupil",
            )
        )
        batch_op.create_foreign_key(
            op.f("fk_question_mark_owner_id_enrolment"), "enrolment", ["owner_id"], ["id"]
        )
    with op.batch_alter_table("question_mark") as batch_op:
        batch_op.alter_column("visibility", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("question_mark") as batch_op:
        batch_op.drop_constraint(op.f("ck_question_mark_visibility"), type_="check")
        batch_op.drop_column("visibility")
        batch_op.drop_column("words")
        batch_op.drop_constraint(op.f("fk_question_mark_owner_id_enrolment"), type_="foreignkey")
        batch_op.drop_column("owner_id")
    op.drop_index(op.f("ix_school_question_registration_id"), table_name="school_question")
    op.drop_table("school_question")
    op.drop_table("school_hidden")
    op.drop_table("question_place")
    op.execute("UPDATE own_question SET visibility = 'teacher_instrument'")
    with op.batch_alter_table("own_question") as batch_op:
        batch_op.drop_constraint(
            op.f("fk_own_question_copied_from_id_own_question"), type_="foreignkey"
        )
        batch_op.drop_column("copied_from_id")
    _allow("teacher_instrument")
