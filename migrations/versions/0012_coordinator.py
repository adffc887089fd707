"""who coordinates"""

import sqlalchemy as sa
from alembic import op

revision = "0012_coordinator"
down_revision = "0011_address"
branch_labels = None
depends_on = None


def upgrade() -> None:
    reach = sa.Enum(
        "school", "course", name="reach", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        "coordinator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reach", reach, nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(reach = 'school') = (course_id IS NULL)",
            name=op.f("ck_coordinator_reach_is_clear"),
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_coordinator_course_id_course")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_coordinator_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordinator")),
        sa.UniqueConstraint(
            "person_id", "course_id", name=op.f("uq_coordinator_person_id_course_id")
        ),
    )
    op.create_index(
        "uq_coordinator_of_the_school",
        "coordinator",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("course_id IS NULL"),
        postgresql_where=sa.text("course_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("coordinator")
