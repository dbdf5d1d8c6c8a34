"""Reading a mail, however broken it is."""

import html.parser
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime
from functools import cached_property

# Written on top of a mail by the sink: who it was really for, whatever its own headers claim.
ENVELOPE = "X-Envelope-To"


class _Links(html.parser.HTMLParser):
    """Collects the addresses of links, entities already resolved."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.append(address)


@dataclass(frozen=True)
class Mail:
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    def header(self, name: str) -> str:
        """A header as text; the standard parser raises on some malformed ones."""
        try:
            return str(self.message.get(name, ""))
        except Exception:  # anything at all may be wrong with a hostile header
            return "(unreadable)"

    @property
    def headers(self) -> list[tuple[str, str]]:
        names = dict.fromkeys(name for name, _value in self.message.raw_items())
        return [(name, self.header(name)) for name in names if name != ENVELOPE]

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def sender(self) -> str:
        return self.header("From")

    @cached_property
    def recipients(self) -> list[str]:
        names = [ENVELOPE] if self.message.get(ENVELOPE) else ["To", "Cc"]
        return [address for _name, address in getaddresses(map(self.header, names)) if address]

    @property
    def date(self) -> datetime | None:
        try:
            return parsedate_to_datetime(self.header("Date"))
        except ValueError:
            return None

    @cached_property
    def parts(self) -> list[MIMEPart]:
        """Everything that is not a mere container, in the mail's order."""
        return [part for part in self.message.walk() if not part.is_multipart()]

    @property
    def text(self) -> str:
        return self._body("text/plain")

    @property
    def html(self) -> str:
        return self._body("text/html")

    @property
    def links(self) -> list[str]:
        reader = _Links()
        reader.feed(self.html)
        return reader.found

    @property
    def attachments(self) -> dict[str, bytes]:
        """File names and contents, as a person would see them listed."""
        return {
            file_name(part, number): content(part)
            for number, part in enumerate(self.parts)
            if is_attachment(part)
        }

    def _body(self, content_type: str) -> str:
        for part in self.parts:
            if part.get_content_type() == content_type and not is_attachment(part):
                return _decode(part)
        return ""


def is_attachment(part: MIMEPart) -> bool:
    return bool(part.get_filename()) or part.get_content_maintype() not in ("text", "multipart")


def file_name(part: MIMEPart, number: int) -> str:
    return part.get_filename() or f"part-{number}"


def content(part: MIMEPart) -> bytes:
    return part.get_payload(decode=True) or b""


def content_id(part: MIMEPart) -> str:
    return str(part.get("Content-ID", "")).strip(" <>")


def _decode(part: MIMEPart) -> str:
    try:
        return content(part).decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a character set nobody has heard of
        return content(part).decode("latin-1")
