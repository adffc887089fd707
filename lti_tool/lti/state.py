"""State and nonce of a login: stored as hashes, bound to each other, consumed once.

1EdTech Security Framework 5.1.1; `DELETE … RETURNING` makes the consumption atomic.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select

from lti_tool.lti.claims import LaunchRefused
from lti_tool.lti.platform import COLUMNS, REGISTRATIONS, Platform
from lti_tool.models import LaunchState, db, now, read_alone, table_of, write_alone
from lti_tool.times import EveryWhile

LIFETIME = timedelta(minutes=10)
cleaning = EveryWhile(seconds=60)

# Built once: a launch is mostly statements, and building one costs as much as running it.
STATES = table_of(LaunchState)
REMEMBER = insert(STATES)
BEGUN = (
    select(*COLUMNS, STATES.c.proof_hash, STATES.c.storage_target, STATES.c.expires_at)
    .join(STATES, STATES.c.registration_id == REGISTRATIONS.c.id)
    .where(STATES.c.state_hash == bindparam("state_hash"))
)
CONSUME = (
    delete(STATES)
    .where(STATES.c.state_hash == bindparam("state_hash"))
    .returning(STATES.c.nonce_hash)
)


def digest(value: str) -> str:
    """The hash under which a secret identifier is stored."""
    return hashlib.sha256(value.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits, safe in a path."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Begun:
    """A login that waits for its launch."""

    registration: Platform
    proof_hash: str
    """Of the secret the browser of the login was given."""
    storage_target: str


def remember(
    *, state: str, nonce: str, registration_id: int, proof: str, storage_target: str
) -> None:
    """Store what the launch must match; now and then, clear what has expired."""
    if cleaning.is_due():
        write_alone(delete(LaunchState).where(LaunchState.expires_at < now()))
    write_alone(
        REMEMBER,
        {
            "state_hash": digest(state),
            "nonce_hash": digest(nonce),
            "registration_id": registration_id,
            "proof_hash": digest(proof),
            "storage_target": storage_target,
            "expires_at": now() + LIFETIME,
        },
    )


def begun(state: str) -> Begun:
    """Return the login this state belongs to. Raises LaunchRefused when there is none.

    Read alone, because a key set may be fetched next: a platform that is slow to give it keeps no
    transaction open, and so nobody else waiting.
    """
    row = read_alone(BEGUN, {"state_hash": digest(state)})
    if row is None:
        raise LaunchRefused("state_used_or_unknown")
    *columns, proof_hash, storage_target, expires_at = row
    registration = Platform._make(columns)
    if expires_at < now():
        raise LaunchRefused("state_expired")
    if registration.disabled_at:
        raise LaunchRefused("disabled_platform", registration.issuer)
    return Begun(registration, proof_hash, storage_target)


def consume(*, state: str, nonce: str) -> None:
    """Take the state out of the database; raise LaunchRefused when the nonce is another.

    A state that was shown once is spent, so a refusal is committed; else the caller commits.
    """
    row = db.session.execute(CONSUME, {"state_hash": digest(state)}).one_or_none()
    if row is None:
        raise LaunchRefused("state_used_or_unknown")
    if not secrets.compare_digest(row.nonce_hash, digest(nonce)):
        db.session.commit()
        raise LaunchRefused("wrong_nonce")
