"""Fetch from addresses that somebody else named, without becoming their errand boy.

Only https and only public addresses: the host is resolved here, every address it has is checked,
and the connection goes to the checked one, so a name that resolves anew cannot slip in between.
No redirects, no proxies, 1 MB at most, ten seconds at most. A tool that itself runs on a loopback
address may also fetch from this machine, over http (1EdTech Security Framework 1.0; OWASP SSRF).
"""

import ipaddress
import json
import re
import socket
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import NameResolutionError

from lti_tool.lti.hang_up import WatchedAdapter
from lti_tool.lti.web import Bearer, Patience, ServiceFailed, call, new_session
from lti_tool.settings import LOOPBACK

LONGEST_ADDRESS = 2000
PATIENCE = Patience(3, 5, 10)
HOST_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchRefused(Exception):
    """Nothing usable was fetched; `reason` is one word, `detail` is for the log."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


def origin_of(address: str) -> str:
    """Scheme, host and port of an address, lower case, without the scheme's usual port.

    "" when it has no host of plain characters, or carries a user name.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc.rstrip(":")
    host, scheme = host.lower(), parts.scheme.lower()
    if scheme not in {"http", "https"} or not HOST_NAME.fullmatch(host):
        return ""
    usual = port is None or port == {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{host}" + ("" if usual else f":{port}")


def host_of(address: str) -> str:
    """The host name in an address, without port and brackets; "" as in `origin_of`."""
    return urlsplit(origin_of(address)).hostname or ""


def checked_address(address: str, *, local: bool) -> str:
    """Return the address when it may be fetched as far as its text tells.

    `local`: this tool runs on a loopback address. Raises FetchRefused("address_refused").
    """
    origin, host = origin_of(address), host_of(address)
    if not origin or len(address) > LONGEST_ADDRESS or not address.isprintable():
        raise FetchRefused("address_refused", "not a plain address")
    if host in LOOPBACK:
        if not local:
            raise FetchRefused("address_refused", host)
    elif not origin.startswith("https://"):
        raise FetchRefused("address_refused", f"not https: {host}")
    else:
        _refuse_inside_literal(host)
    return address


def fetch_json(
    address: str,
    *,
    local: bool,
    token: str = "",
    body: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """GET, or POST `body` as JSON, with the bearer token; return the JSON object of a 2xx answer.

    Raises FetchRefused: address_refused, platform_unreachable, platform_slow, platform_redirects,
    platform_said_<status>, platform_answer_too_large, platform_answer_not_json.
    """
    checked_address(address, local=local)
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    session = new_session(_CheckedAdapter(local=local))
    session.trust_env = False
    try:
        with session:
            answer = call(
                session,
                "GET" if body is None else "POST",
                address,
                auth=Bearer(token),
                headers=headers,
                data=None if body is None else json.dumps(body),
                patience=PATIENCE,
            )
    except ServiceFailed as failure:
        raise _refused(failure, address) from failure
    return _json_object(answer.body)


def _refused(failure: ServiceFailed, address: str) -> FetchRefused:
    """What a call says that failed, in the words of a registration."""
    if failure.reason == "redirected":
        return FetchRefused("platform_redirects", failure.detail)
    if failure.reason == "too_long":
        return FetchRefused("platform_answer_too_large")
    if failure.status:
        said = failure.body[:120].decode(errors="replace")
        return FetchRefused(f"platform_said_{failure.status}", said)
    detail = f"{host_of(address)} {failure.detail}"
    if failure.reason == "slow":
        return FetchRefused("platform_slow", detail)
    return FetchRefused("platform_unreachable", detail)


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FetchRefused("platform_answer_not_json") from error
    if not isinstance(value, dict):
        raise FetchRefused("platform_answer_not_json", "not an object")
    return value


def _refuse_inside_literal(host: str) -> None:
    """Refuse a host that is itself a number of a network that is not public."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    if not is_public(address):
        raise FetchRefused("address_refused", host)


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet's, also when another one is wrapped in it."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class _CheckedAdapter(WatchedAdapter):
    """Connections of one fetch, each to an address that was looked at first."""

    def __init__(self, *, local: bool) -> None:
        self.local = local
        super().__init__()

    def open(self, connection: HTTPConnection, usual: Callable[[], socket.socket]) -> socket.socket:  # noqa: ARG002
        """Resolve, refuse unless every address is allowed, and connect to the first that answers.

        The name stays the connection's, so the certificate is checked against it.
        """
        host = connection.host.strip("[]")
        try:
            found = socket.getaddrinfo(host, connection.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as unknown:  # the latter for an empty or endless label
            raise NameResolutionError(host, connection, socket.gaierror(str(unknown))) from unknown
        for *_unused, place in found:
            address = ipaddress.ip_address(str(place[0]).partition("%")[0])
            allowed = address.is_loopback if host in LOOPBACK and self.local else is_public(address)
            if not allowed:
                raise FetchRefused("address_refused", f"{host} is {address}")
        error: OSError | None = None
        for family, kind, protocol, _name, place in found:
            opened = socket.socket(family, kind, protocol)
            opened.settimeout(PATIENCE.connect)
            try:
                opened.connect(place)
            except OSError as failure:
                opened.close()
                error = failure
            else:
                return opened
        raise error or OSError(f"{host} has no address")
