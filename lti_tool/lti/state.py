"""State and nonce of a login: stored as hashes, bound to each other, consumed once.

1EdTech Security Framework 5.1.1; `DELETE … RETURNING` makes the consumption atomic.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete

from lti_tool.lti.claims import LaunchRefused
from lti_tool.models import LaunchState, db, now

LIFETIME = timedelta(minutes=10)


def digest(value: str) -> str:
    """The hash under which a secret identifier is stored."""
    return hashlib.sha256(value.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits, safe in a path."""
    return secrets.token_urlsafe(32)


def remember(*, state: str, nonce: str, registration_id: int) -> None:
    """Store both, and clear what has expired."""
    db.session.execute(delete(LaunchState).where(LaunchState.expires_at < now()))
    db.session.add(
        LaunchState(
            state_hash=digest(state),
            nonce_hash=digest(nonce),
            registration_id=registration_id,
            expires_at=now() + LIFETIME,
        )
    )


def consume(*, state: str, nonce: str, registration_id: int) -> None:
    """Take the state out of the database; raise LaunchRefused when it does not fit.

    The row goes whether or not it fits: a state that was shown once is spent.
    """
    row = db.session.execute(
        delete(LaunchState)
        .where(LaunchState.state_hash == digest(state))
        .returning(LaunchState.nonce_hash, LaunchState.registration_id, LaunchState.expires_at)
    ).one_or_none()
    db.session.commit()
    if row is None:
        raise LaunchRefused("state_used_or_unknown")
    if row.expires_at < now():
        raise LaunchRefused("state_expired")
    if row.registration_id != registration_id:
        raise LaunchRefused("state_of_other_platform")
    if not secrets.compare_digest(row.nonce_hash, digest(nonce)):
        raise LaunchRefused("wrong_nonce")
