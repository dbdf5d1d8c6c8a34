"""The mailbox's web server, on 127.0.0.1 only."""

import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from . import pages
from .message import Mail, content
from .store import Store

# The mailbox's own pages have one inline style and no script. A mail may also show pictures of
# this machine (Odoo's logo), and style itself as it likes; it may load nothing else.
OWN_PAGES = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'"
MAILS = (
    "default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data: http://127.0.0.1:* http://localhost:*; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
MAIL_PATH = re.compile(r"/mail/(?P<number>\d+)(?P<rest>/html|/raw|/part/(?P<part>\d+))?")


def serve(store: Store, port: int) -> ThreadingHTTPServer:
    """A server ready for ``serve_forever()``."""

    class Handler(MailboxHandler):
        mails = store

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


class MailboxHandler(BaseHTTPRequestHandler):
    mails: Store

    def do_GET(self) -> None:
        # A name of somebody else's that resolves to 127.0.0.1 must not read the mail.
        if self.headers.get("Host", "").split(":")[0] not in ("127.0.0.1", "localhost"):
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        address = urlsplit(self.path)
        if address.path == "/":
            query = parse_qs(address.query).get("q", [""])[0].strip()
            self._page(pages.inbox(self.mails.search(query), query), OWN_PAGES)
            return
        match = MAIL_PATH.fullmatch(address.path)
        mail = match and self.mails.get(int(match["number"]))
        if mail:
            self._mail(int(match["number"]), mail, match)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _mail(self, number: int, mail: Mail, match: re.Match) -> None:
        if match["part"]:
            index = int(match["part"])
            if index >= len(mail.parts):
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            part = mail.parts[index]
            self._answer(content(part), {**pages.part_headers(part, index), **_policy(MAILS)})
        elif match["rest"] == "/raw":
            disposition = {"Content-Disposition": f'attachment; filename="{number}.eml"'}
            self._answer(mail.raw, {"Content-Type": "message/rfc822", **disposition})
        elif match["rest"] == "/html":
            self._page(pages.mail_html(number, mail), MAILS)
        else:
            self._page(pages.mail_page(number, mail), OWN_PAGES)

    def _page(self, page: str, policy: str) -> None:
        headers = {"Content-Type": "text/html; charset=utf-8", **_policy(policy)}
        self._answer(page.encode("utf-8", "replace"), headers)

    def _answer(self, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(HTTPStatus.OK)
        fixed = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
        for name, value in {**headers, **fixed}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments) -> None:
        """Say nothing: the terminal belongs to the demo."""


def _policy(policy: str) -> dict[str, str]:
    return {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
