"""`/lti/register`: a platform's administrator registers us there, by a one-time link.

The platform opens the link in a frame, where no cookie of ours comes back, so everything the
second step needs travels in the form, and the form's token is derived from the link. Visiting
fetches nothing and changes nothing; only the button does.
"""

from urllib.parse import urlsplit

import structlog
from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.access import open_to_all
from lti_tool.lti.description import canvas_configuration
from lti_tool.lti.fetch import FetchRefused
from lti_tool.lti.registration import (
    Invitation,
    RegistrationRefused,
    fetch_configuration,
    frame_origins,
    read_invitation,
    register_with,
)
from lti_tool.models import db
from lti_tool.registration_links import Link, find_link, give_back, store, take_link, used_for
from lti_tool.registration_troubles import trouble_of
from lti_tool.settings import LOOPBACK, Settings

registering = Blueprint("registering", __name__, url_prefix="/lti")
log = structlog.get_logger("registration")

GONE = {"link_unknown": 404, "link_used": 410, "link_expired": 410}


@registering.url_value_preprocessor
def _may_be_framed(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Whoever opens the link shows it in a frame, also when the answer is a refusal.

    Nothing is to be had by framing: whoever knows the link can register anyway.
    """
    g.frame_origins = frame_origins(request.values.get("openid_configuration", ""))


@registering.get("/register")
@open_to_all
def register() -> str:
    """Name the platform and ask whether to go on."""
    link = find_link(_token())
    invitation = read_invitation(request.args, local=_is_local())
    _allow_own_domain(link)
    return render_template(
        "registration/confirm.html",
        host=invitation.host,
        link=_token(),
        invitation=invitation,
        link_name=link.name,
        renews=link.renews,
    )


@registering.post("/register")
@open_to_all
def confirm_registration() -> AnyResponse:
    """Register with the platform, keep what it gave us, and go to the last screen."""
    invitation = read_invitation(request.form, local=_is_local())
    link = take_link(_token())
    _allow_own_domain(link)
    try:
        _register(link, invitation)
    except BaseException:
        give_back(link)
        raise
    return redirect(url_for("registering.registered", link=_token()), 303)


@registering.get("/registered")
@open_to_all
def registered() -> str:
    """Say which click is still to be made in that platform."""
    registration = used_for(_token())
    g.registration = registration
    return render_template("registration/done.html", registration=registration)


@registering.get("/canvas.json")
@open_to_all
def canvas_json() -> Response:
    """Our configuration in Canvas' own form."""
    return jsonify(canvas_configuration(_settings().base_url))


@registering.errorhandler(RegistrationRefused)
@registering.errorhandler(FetchRefused)
def refused(error: RegistrationRefused | FetchRefused) -> Response:
    """Say what happened and what to do."""
    db.session.rollback()
    log.warning("registration", verdict="refused", reason=error.reason, detail=error.detail)
    status = GONE.get(error.reason) or (502 if error.reason.startswith("platform_") else 400)
    code = "" if error.reason in GONE else error.reason
    page = render_template(
        "errors/error.html", trouble=trouble_of(error.reason), code=code, typed=[], return_url=""
    )
    return make_response(page, status)


def _register(link: Link, invitation: Invitation) -> None:
    """Fetch, compare, register, store; no transaction is open while the platform is asked."""
    settings = _settings()
    local = _is_local()
    platform = fetch_configuration(invitation, own_host=link.host, local=local)
    if link.renews and link.renews.issuer != platform.issuer:
        raise RegistrationRefused("other_platform", f"{platform.issuer} for {link.renews.issuer}")
    answer = register_with(
        platform,
        base_url=settings.base_url,
        login_path=link.renews.login_path if link.renews else "",
        token=invitation.token,
        local=local,
    )
    log.info(
        "registration",
        verdict="accepted",
        issuer=platform.issuer,
        client_id=answer.client_id,
        deployment_id=answer.deployment_id,
    )
    store(link, platform, answer)


def _token() -> str:
    return request.args.get("link", "")


def _settings() -> Settings:
    settings: Settings = current_app.config["LOB"]
    return settings


def _is_local() -> bool:
    return urlsplit(_settings().base_url).hostname in LOOPBACK


def _allow_own_domain(link: Link) -> None:
    if link.host:
        g.frame_origins = [*g.frame_origins, f"https://{link.host}"]
