"""Which language a page speaks: the person's choice, else the launch's, else the browser's.

Where none of them is a language we have, Dutch. What is stored for everybody (a round's title)
or sent to the platform is Dutch whoever asks: it belongs to the school, not to the visitor.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from babel import Locale
from flask import Flask, Response, g, has_request_context, request
from flask_babel import force_locale, get_locale, refresh

from lti_tool.models import Language

LANGUAGES = [one.value for one in Language]
LOCALES = {one: Locale(one.value) for one in Language}
"""Read once: flask-babel would read the name of a language anew with every request."""


def language_of(*locales: str) -> Language:
    """The language of the first locale that has one of ours: "nl", "en-US", "en_gb"; else Dutch."""
    for locale in locales:
        first = locale.replace("_", "-").partition("-")[0].strip().lower()
        if first in LANGUAGES:
            return Language(first)
    return Language.DUTCH


def speak(language: Language) -> None:
    """Let this request go on in a language."""
    g.language = language
    refresh()


@contextmanager
def in_dutch() -> Iterator[None]:
    """For texts that are stored for everybody, or sent to the platform."""
    if not has_request_context():  # the worker and the commands speak Dutch already
        yield
        return
    with force_locale(Language.DUTCH):
        yield


def spoken() -> Locale:
    """flask-babel's locale selector."""
    if not has_request_context():
        return LOCALES[Language.DUTCH]
    if "language" in g:
        return LOCALES[Language(g.language)]
    return LOCALES[language_of(*request.accept_languages.values())]


def language_now() -> str:
    """The language in which texts come out now."""
    return str(get_locale() or Language.DUTCH)


def install(app: Flask) -> None:
    """Say the language with every page: in a header, and as `language()` for templates."""
    app.jinja_env.globals["language"] = language_now

    @app.after_request
    def name_language(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = language_now()
        return response
