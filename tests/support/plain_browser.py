"""A browser without JavaScript, over HTTP."""

from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import requests

from tests.support.pages import HTML, parsed


class Person:
    """A browser as far as this needs one: cookies, and forms that are posted as they stand.

    Browsers send Secure cookies to a loopback address, also over http; `requests` would not.
    """

    def __init__(self) -> None:
        self.cookies: dict[tuple[str, str, str], str] = {}

    def get(self, address: str) -> requests.Response:
        return self._send("GET", address)

    def submit(self, page: requests.Response, **changes: str) -> requests.Response:
        """Post the page's last form."""
        form = elements(page, "form")[-1]
        fields = {
            one.attrib["name"]: one.attrib.get("value", "") for one in form.iter(HTML + "input")
        }
        address = urljoin(page.url, form.attrib["action"])
        return self._send("POST", address, {**fields, **changes})

    def _send(
        self, method: str, address: str, data: dict[str, str] | None = None
    ) -> requests.Response:
        parts = urlsplit(address)
        held = "; ".join(
            f"{name}={value}"
            for (host, path, name), value in self.cookies.items()
            if host == parts.netloc and parts.path.startswith(path)
        )
        answer = requests.request(
            method,
            address,
            data=data,
            headers={"Cookie": held},
            timeout=10,
            allow_redirects=False,
        )
        for one in answer.cookies:
            self.cookies[parts.netloc, one.path, one.name] = one.value or ""
        if answer.is_redirect:
            return self._send("GET", urljoin(address, answer.headers["Location"]))
        return answer


def elements(page: requests.Response, name: str) -> list[Element]:
    return list(parsed(page.text).iter(HTML + name))
