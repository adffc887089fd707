"""What a launch says of the platform itself: its kind, a deployment, where it shows courses."""

from flask import g
from sqlalchemy import select

from lti_tool.lti.addresses import origin_of
from lti_tool.lti.claims import Launch
from lti_tool.lti.platform import Platform
from lti_tool.models import Deployment, Registration, db


def remember_platform(platform: Platform, launch: Launch) -> Registration:
    """Keep what a launch says of the platform itself: its kind, a deployment, its address."""
    registration = db.session.get_one(Registration, platform.id)
    known = db.session.scalar(
        select(Deployment.id).where(
            Deployment.registration_id == registration.id,
            Deployment.deployment_id == launch.deployment_id,
        )
    )
    if known is None:
        db.session.add(
            Deployment(registration_id=registration.id, deployment_id=launch.deployment_id)
        )
    registration.family = launch.family or registration.family
    origin = _new_origin(registration, launch)
    if origin:
        registration.frame_origins = [*registration.frame_origins, origin]
        g.registration = registration  # this answer too may be shown there
    return registration


def has_news_of(registration: Platform, launch: Launch) -> bool:
    """Whether a launch says more of the platform than is kept, its deployment apart."""
    return launch.family not in {"", registration.family} or bool(_new_origin(registration, launch))


def _new_origin(registration: Platform | Registration, launch: Launch) -> str:
    """Where the platform shows its courses, when that is neither its issuer nor known."""
    origin = origin_of(launch.return_url)
    return "" if origin in {origin_of(registration.issuer), *registration.frame_origins} else origin
