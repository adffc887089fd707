"""Calling a platform's service, with the stock library and with ours."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from pylti1p3.registration import Registration as StockRegistration
from pylti1p3.service_connector import ServiceConnector as StockConnector

from lti_tool.lti.connector import Connector
from lti_tool.lti.keys import signing_key
from lti_tool.lti.web import ServiceFailed
from tests.support.platform_web import (
    ROSTER_URL,
    TOKEN_URL,
    Said,
)

SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
LINE_ITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
MEMBERS = Said({"members": []})


def stock() -> Any:
    """The library as it comes, with our key as the PEM text it expects."""
    pem = signing_key()[1].private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    registration = StockRegistration()
    registration.set_client_id(client_id="client-1")
    registration.set_auth_token_url(auth_token_url=TOKEN_URL)
    registration.set_tool_private_key(tool_private_key=pem.decode())
    return StockConnector(registration=registration)


def get(connector: Any, url: str = ROSTER_URL) -> Any:
    return connector.make_service_request(scopes=[SCOPE], url=url)


def reason(connector: Connector, url: str = ROSTER_URL) -> ServiceFailed:
    with pytest.raises(ServiceFailed) as caught:
        get(connector, url)
    return caught.value
