"""Receiving mail: an SMTP server on 127.0.0.1 that accepts everything and forwards nothing."""

from collections.abc import Callable

from aiosmtpd.controller import Controller

from .message import ENVELOPE, Mail


class Handler:
    """Hands each mail, with its envelope's recipients written on top, to ``deliver``."""

    def __init__(self, deliver: Callable[[Mail], None]) -> None:
        self.deliver = deliver

    async def handle_DATA(self, _server, _session, envelope):
        recipients = ", ".join(envelope.rcpt_tos)
        self.deliver(Mail(f"{ENVELOPE}: {recipients}\r\n".encode() + envelope.original_content))
        return "250 Kept"


def listen(deliver: Callable[[Mail], None], port: int) -> Controller:
    """Start receiving in a thread of its own; call ``stop()`` on what comes back."""
    controller = Controller(
        Handler(deliver), hostname="127.0.0.1", port=port, data_size_limit=50 * 1024 * 1024
    )
    controller.start()
    return controller
