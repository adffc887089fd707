"""The page-checking client: whatever page any test fetches is held against these rules."""

import re
from collections import Counter
from functools import cached_property, lru_cache
from hashlib import sha256
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.typed import is_written

HTML = "{http://www.w3.org/1999/xhtml}"
PRODUCT = "Loopbaangesprek"
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
ERROR = {"nl": "Fout: ", "en": "Error: "}
TYPED_ALSO = {"place"}
"""Typed on one page; chosen on another, or carried on by a hidden field."""
CONTROLS = {HTML + name for name in ("input", "textarea", "select", "button")}
NAMELESS_INPUTS = {"hidden", "submit"}
RANDOM = re.compile(r"(nonce-)?([\w-]{22,}(?:\.[\w-]+)*)")
"""Sessions, tokens and nonces: what differs from visit to visit, and some long words."""
FINE: set[bytes] = set()
"""Digests of pages that were found to be as they must be: nobody parses the same one again."""


class CheckedClient(FlaskClient):
    """A test client that fails where a page is not as a page must be."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        """Fetch, and check what came when it is a page."""
        response = super().open(*args, **kwargs)  # type: ignore[arg-type]
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            policy = response.headers.get("Content-Security-Policy", "")
            if (digest := digest_of(response.text, policy)) not in FINE:
                faults = faults_of(response.text, policy)
                assert not faults, (response.request.path, faults)
                FINE.add(digest)
        return response


def digest_of(html: str, policy: str) -> bytes:
    """The same for two pages that differ in nothing but the names of what is random."""
    names: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        prefix, random = found[1] or "", found[2]
        return prefix + names.setdefault(random, f"random-{len(names)}")

    return sha256(RANDOM.sub(name, f"{policy}\n{html}").encode()).digest()


@lru_cache(maxsize=8)
def parsed(html: str) -> Element:
    """A page as its elements; raises ParseError where the HTML is not valid."""
    document: Element = html5lib.HTMLParser(strict=True).parse(html)
    return document


def faults_of(html: str, policy: str) -> list[str]:
    """What is wrong with a page: sentences, none when it is fine."""
    try:
        document = parsed(html)
    except html5lib.html5parser.ParseError as error:
        return [f"not valid HTML: {error}"]
    page = Page(document)
    return [
        *page.title_faults(),
        *page.heading_faults(),
        *page.reference_faults(),
        *page.label_faults(),
        *page.form_faults(policy),
        *page.choice_faults(),
        *page.script_faults(policy),
    ]


class Page:
    """One parsed page."""

    def __init__(self, document: Element) -> None:
        self.document = document
        self.elements = [one for one in document.iter() if isinstance(one.tag, str)]

    def all(self, *names: str) -> list[Element]:
        """Elements by name, in order."""
        wanted = {HTML + name for name in names}
        return [one for one in self.elements if one.tag in wanted]

    @cached_property
    def ids(self) -> Counter[str]:
        """How often each id occurs."""
        return Counter(one.attrib["id"] for one in self.elements if "id" in one.attrib)

    def title_faults(self) -> list[str]:
        """The title is the h1 and the product; "Fout:" or "Error:" first after an error summary."""
        faults = [] if self.document.attrib.get("lang") else ["no lang"]
        headings = [text_of(one) for one in self.all("h1")]
        if len(headings) != 1:
            return [*faults, f"h1: {headings}"]
        expected = f"{headings[0]} · {PRODUCT}"
        if "error-summary" in self.ids:
            expected = ERROR[self.document.attrib.get("lang", "nl")] + expected
        titles = [text_of(one) for one in self.all("title")]
        return [*faults, *([] if titles == [expected] else [f"title {titles}, h1 {headings}"])]

    def heading_faults(self) -> list[str]:
        """No level is skipped on the way down."""
        faults, before = [], 0
        for one in self.all("h1", "h2", "h3", "h4", "h5", "h6"):
            level = int(one.tag[-1])
            if level > before + 1 and before:
                faults.append(f"h{level} after h{before}: {text_of(one)}")
            before = level
        return faults

    def reference_faults(self) -> list[str]:
        """Ids are unique, and every reference inside the page arrives."""
        faults = [f"id twice: {name}" for name, times in self.ids.items() if times > 1]
        for one in self.elements:
            wanted = {name for key in REFERENCES for name in one.attrib.get(key, "").split()}
            link = one.attrib.get("href", "")
            if link.startswith("#"):
                wanted.add(link[1:])
            faults += [f"no #{name} on the page" for name in wanted - set(self.ids)]
        return faults

    def label_faults(self) -> list[str]:
        """Every field has a label, every button and link a name, every picture its words."""
        labelled = {one.attrib.get("for") for one in self.all("label")}
        faults = [
            f"no label: {one.attrib.get('name')}"
            for one in self.all("input", "textarea", "select")
            if one.attrib.get("type") not in NAMELESS_INPUTS
            and one.attrib.get("id") not in labelled
            and not one.attrib.get("aria-label")
        ]
        faults += [
            f"no words: {one.tag.removeprefix(HTML)} {one.attrib}"
            for one in self.all("a", "button", "legend", "th", "summary")
            if not text_of(one) and not one.attrib.get("aria-label")
        ]
        return faults + [
            f"no alt: {one.attrib}" for one in self.all("img") if "alt" not in one.attrib
        ]

    def form_faults(self, policy: str) -> list[str]:
        """Every form that changes something carries a token and stays with us.

        An answer to the LMS goes there, when the page's policy names it, and then without a token.
        """
        faults = []
        for form in self.all("form"):
            if "data-post-itself" in form.attrib:
                faults += self._answer_faults(form, policy)
                continue
            if form.attrib.get("method") != "post":
                faults.append(f"a form that is no post: {form.attrib}")
            names = [one.attrib.get("name") for one in form.iter(HTML + "input")]
            if "csrf_token" not in names:
                faults.append(f"no token: {form.attrib.get('action')}")
            if urlsplit(form.attrib.get("action", "")).netloc:
                faults.append(f"a form to elsewhere: {form.attrib['action']}")
        return faults

    def choice_faults(self) -> list[str]:
        """What a refused form gives back is what was typed in it: all of it, and nothing else."""
        faults = []
        for form in self.all("form"):
            if "data-post-itself" in form.attrib:
                continue
            for one in form.iter():
                name = one.attrib.get("name", "")
                if one.tag not in CONTROLS or not name or name in TYPED_ALSO:
                    continue
                if is_written(name) != _is_typed(one):
                    faults.append(f"typed.NOT_WRITTEN is wrong about {name}")
        return faults

    def _answer_faults(self, form: Element, policy: str) -> list[str]:
        names = [one.attrib.get("name") for one in form.iter(HTML + "input")]
        parts = urlsplit(form.attrib.get("action", ""))
        allowed = next((one for one in policy.split("; ") if one.startswith("form-action ")), "")
        faults = [] if names == ["JWT"] else [f"an answer with {names}"]
        if f"{parts.scheme}://{parts.netloc}" not in allowed.split():
            faults.append(f"an answer the policy does not know: {form.attrib.get('action')}")
        return faults

    def script_faults(self, policy: str) -> list[str]:
        """Nothing inline, nothing from elsewhere; every script carries the policy's nonce."""
        faults = [
            f"inline: {name} on {one.tag.removeprefix(HTML)}"
            for one in self.elements
            for name in one.attrib
            if name == "style" or name.startswith("on")
        ]
        faults += ["a style element" for _one in self.all("style")]
        for one in self.all("script"):
            if "src" not in one.attrib or f"'nonce-{one.attrib.get('nonce')}'" not in policy:
                faults.append(f"a script the policy does not know: {one.attrib}")
        for one in self.all("script", "img", "link", "iframe"):
            address = one.attrib.get("src") or one.attrib.get("href", "")
            if urlsplit(address).netloc:
                faults.append(f"fetched from elsewhere: {address}")
        return faults


def _is_typed(control: Element) -> bool:
    """Words; no numbers and no days, which are quickly filled in again."""
    if control.tag == HTML + "textarea":
        return True
    words = control.tag == HTML + "input" and control.attrib.get("type", "text") == "text"
    return words and control.attrib.get("inputmode") != "numeric"


def text_of(element: Element) -> str:
    """The words in it, with single spaces."""
    return " ".join("".join(element.itertext()).split())
