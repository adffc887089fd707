"""Our cookies: partitioned, for the browser that shows us in a frame.

`SameSite=None; Secure; HttpOnly; Partitioned`, also over http on a loopback address, where
browsers treat the origin as trustworthy.
"""

from flask import Response, request

STATE_PREFIX = "lob-state-"


def set_cookie(
    response: Response, name: str, value: str, *, path: str, seconds: int | None
) -> None:
    """Set one cookie; `seconds` None means until the browser closes."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )


def delete_cookie(response: Response, name: str, *, path: str) -> None:
    """Take one cookie away again."""
    response.delete_cookie(
        name, path=path, secure=True, httponly=True, samesite="None", partitioned=True
    )


def state_cookie_name(state: str) -> str:
    """A cookie per state, so that parallel launches never overwrite each other."""
    return STATE_PREFIX + state[:16]


def has_other_state_cookies() -> bool:
    """Whether this browser returns our state cookies at all."""
    return any(name.startswith(STATE_PREFIX) for name in request.cookies)
