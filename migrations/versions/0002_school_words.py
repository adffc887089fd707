"""the words of the school"""

import sqlalchemy as sa
from alembic import op

revision = "0002_school_words"
down_revision = "0001"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "school_words",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("pupil", _one_of("pupil_word", "leerling", "student"), nullable=False),
        sa.Column("teacher", _one_of("teacher_word", "mentor", "docent", "slb'er"), nullable=False),
        sa.Column(
            "workplace",
            _one_of("workplace_word", "praktijkopleider", "stagebegeleider"),
            nullable=False,
        ),
        sa.Column(
            "conversation",
            _one_of("conversation_word", "loopbaangesprek", "ontwikkelgesprek", "lob-gesprek"),
            nullable=False,
        ),
        sa.Column("with_internship", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_school_words_registration_id_registration"),
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_school_words")),
    )


def downgrade() -> None:
    op.drop_table("school_words")
