"""One mail as it goes over the wire (RFC 5322): plain text, to one person.

Plain text reads the same everywhere, needs no picture or script and hides no tracker. There is no
Reply-To: an answer about a conversation would lie in a mailbox outside the tool, so the text says
where to ask instead. The Message-ID stays the same when a mail is tried again, so that a server
that took it before can see so.
"""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from lti_tool.models import now


def build(subject: str, body: str, *, to: str, sender: Address, message_id: str) -> EmailMessage:
    """Put it together. No header takes a line end: a title with one becomes a single line."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=to)
    message["Subject"] = one_line(subject)
    message["Date"] = now()
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(body, cte="quoted-printable")
    return message


def one_line(text: str) -> str:
    """Without anything that ends a line or cannot be seen."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
