"""Loopbaangesprek: the career conversation of Dutch schools, as an LTI 1.3 tool.

`create_app` only wires: every room is a module with one task.
"""

from cryptography.fernet import Fernet, MultiFernet
from flask import Flask, current_app, g, request, url_for
from flask_babel import Babel
from flask_babel import gettext as _
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

import instrument
from lti_tool import (
    access,
    assets,
    background,
    errors,
    languages,
    logs,
    metrics,
    rate_limits,
    school_words,
    security,
    times,
)
from lti_tool.administration import administration
from lti_tool.agreements import agreements
from lti_tool.assets import assets as asset_files
from lti_tool.bank import bank, school_bank
from lti_tool.closing import closing
from lti_tool.coordination import appointing, coordination
from lti_tool.corrections import corrections
from lti_tool.course import course
from lti_tool.course_services import course_services
from lti_tool.deep_linking import deep_linking
from lti_tool.dossier import dossier
from lti_tool.entry_views import entries
from lti_tool.guide import guide
from lti_tool.health import health
from lti_tool.language_switch import language_switch
from lti_tool.larger import larger
from lti_tool.looked_at_views import looked_at
from lti_tool.lti.browser import browser
from lti_tool.lti.connector import AccessTokens
from lti_tool.lti.keysets import KeySets
from lti_tool.lti.views import launch as launch_view
from lti_tool.lti.views import login as login_view
from lti_tool.lti.views import lti
from lti_tool.mail.school import school_mail
from lti_tool.mail.views import mail
from lti_tool.models import Role, db, engine_settings, listen
from lti_tool.own_pages import this_page
from lti_tool.passing_on import passing_on
from lti_tool.planning.views import planning
from lti_tool.posted_text import Request
from lti_tool.preparation import preparation
from lti_tool.reflection import reflection
from lti_tool.registering import registering
from lti_tool.round_list import round_list
from lti_tool.rounds import rounds
from lti_tool.school_words_form import school_words_form
from lti_tool.settings import Settings, project_folder
from lti_tool.start import start_blueprint
from lti_tool.take_over import take_over
from lti_tool.takeaways import takeaways
from lti_tool.teacher_preparation import teacher_preparation
from lti_tool.templating import PlainGlobals
from lti_tool.timeline import timeline
from lti_tool.who_passes_on import who_passes_on
from lti_tool.worker import JOBS

LARGEST_POST = 1024 * 1024
BLUEPRINTS = (
    lti,
    browser,
    registering,
    health,
    metrics.metrics,
    asset_files,
    administration,
    school_words_form,
    language_switch,
    larger,
    who_passes_on,
    appointing,
    school_mail,
    start_blueprint,
    entries,
    preparation,
    course,
    course_services,
    round_list,
    coordination,
    rounds,
    mail,
    planning,
    deep_linking,
    take_over,
    teacher_preparation,
    guide,
    bank,
    school_bank,
    agreements,
    closing,
    reflection,
    corrections,
    dossier,
    timeline,
    looked_at,
    passing_on,
    takeaways,
)


def create_app(settings: Settings) -> Flask:
    """Build the tool. Raises InstrumentError when the content is not whole."""
    for language in languages.LANGUAGES:
        instrument.load(language=language)  # noqa: TID251 only to refuse what is not whole
    logs.configure()
    app = Flask(__name__, template_folder=str(project_folder("templates")))
    app.config.update(
        LOB=settings,
        SECRET_KEY=settings.secret_key.get_secret_value(),
        **engine_settings(settings.database_url),
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST,
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
    )
    app.request_class = Request
    app.jinja_environment = PlainGlobals
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=times.day,
        school_day=times.school_day,
        clock=times.clock,
        seconds_since=times.seconds_since,
    )
    app.extensions["lob_cipher"] = MultiFernet(
        [Fernet(key.get_secret_value()) for key in settings.encryption_keys]
    )
    app.extensions["lob_keysets"] = KeySets()
    app.extensions["lob_tokens"] = AccessTokens()
    db.init_app(app)
    with app.app_context():
        listen(db.engines)
    Migrate(app, db, directory=str(project_folder("migrations")), render_as_batch=True)
    school_words.install(Babel(app, locale_selector=languages.spoken))
    languages.install(app)
    assets.install(app)
    errors.install(app)
    metrics.install(app)
    security.install(app)
    access.install(app)
    background.install(app, JOBS)
    rate_limits.install(app)
    app.context_processor(_page_frame)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for view in (login_view, launch_view):
        security.csrf.exempt(view)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    return app


def _page_frame() -> dict[str, object]:
    """What `templates/base.html` shows around every page; most of it in a visit alone."""
    statement = current_app.config["LOB"].accessibility_url
    if "visit" not in g:
        return {"accessibility_url": statement}
    frame = {
        "home_url": url_for("start.start"),
        "this_page": this_page(),
        "accessibility_url": statement,
    }
    if not g.visit.is_enrolled:
        return frame
    return {
        **frame,
        "visit": g.visit,
        "course_title": g.visit.course.title,
        "local_key": g.visit.person.local_key,
        "menu": _menu(g.visit),
    }


def _menu(visit: access.Visit) -> list[tuple[str, str, bool]]:
    """The pages one can always go to: text, address, whether one is there."""
    if visit.is_administrator:
        endpoints = [(_("Klas"), "start.work"), (_("Beheer"), "administration.page")]
        return [(text, url_for(one), request.endpoint == one) for text, one in endpoints]
    if visit.role is Role.TEACHER:
        items = [
            (_("Klas"), url_for("start.start"), request.endpoint == "course.round_page"),
            (_("Rondes"), url_for("round_list.page"), request.endpoint == "round_list.page"),
            (_("Vragenbank"), url_for("bank.start"), request.blueprint == "bank"),
        ]
        if visit.is_coordinator:
            here = request.blueprint == "coordination"
            items.append((_("Overzicht"), url_for("coordination.page"), here))
        return items
    endpoint = "dossier.my_conversations"
    return [(_("Mijn gesprekken"), url_for(endpoint), request.endpoint == endpoint)]
