"""A browser of a few lines for the independent platform: standard library only.

It keeps cookies by name, posts forms as they stand in the page, and leaves redirects to `follow`.
"""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

MOST_REDIRECTS = 8


@dataclass
class Form:
    """A form of a page, with the fields it would post."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    """Names of the fields to write in."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.heading = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag in {"input", "textarea"} and self.forms and given.get("name"):
            self._field(tag, given)
        elif tag == "a":
            self.links.append((given.get("href", ""), ""))
        self._inside = tag if tag in {"h1", "a"} else self._inside

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "h1":
            self.heading += data
        elif self._inside == "a":
            address, text = self.links[-1]
            self.links[-1] = (address, text + data)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, kind = self.forms[-1], given.get("type", "text")
        if kind in {"radio", "checkbox"} and "checked" not in given:
            return
        form.fields[given["name"]] = given.get("value", "")
        if tag == "textarea" or kind == "text":
            form.texts.append(given["name"])


@dataclass(frozen=True)
class Page:
    """What came back."""

    address: str
    status: int
    text: str
    location: str

    def read(self) -> _Reader:
        """Its forms, links and heading."""
        reader = _Reader()
        reader.feed(self.text)
        return reader

    @property
    def heading(self) -> str:
        """The words of its h1."""
        return " ".join(self.read().heading.split())

    def form_with(self, name: str) -> Form:
        """The form that has such a field. Raises LookupError."""
        for form in self.read().forms:
            if name in form.fields:
                return form
        raise LookupError(f"no form with {name} on {self.address}: {self.heading}")

    def link(self, text: str) -> str:
        """Where the link with these words goes. Raises LookupError."""
        for address, words in self.read().links:
            if text in " ".join(words.split()):
                return urljoin(self.address, address)
        raise LookupError(f"no link {text} on {self.address}: {self.heading}")


@dataclass
class Browser:
    """One person's."""

    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> Page:
        """GET, following redirects."""
        return self._follow(self._ask("GET", address, None))

    def submit(self, page: Page, form: Form, **fields: str) -> Page:
        """Post a form of a page, with some fields filled in."""
        address = urljoin(page.address, form.action)
        return self._follow(self._ask("POST", address, {**form.fields, **fields}))

    def _follow(self, page: Page) -> Page:
        for _ in range(MOST_REDIRECTS):
            if not 300 <= page.status < 400:
                return page
            page = self._ask("GET", urljoin(page.address, page.location), None)
        raise RuntimeError(f"redirects without an end: {page.address}")

    def _ask(self, method: str, address: str, fields: dict[str, str] | None) -> Page:
        parts = urlsplit(address)
        if parts.hostname not in {"127.0.0.1", "localhost"}:
            raise ValueError(f"not on this machine: {address}")
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields)
        connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=20)
        try:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.split(";", 1)[0].partition("=")
                self.cookies[name] = value
            text = answer.read().decode("utf-8", "replace")
            return Page(address, answer.status, text, answer.headers.get("Location", ""))
        finally:
            connection.close()
