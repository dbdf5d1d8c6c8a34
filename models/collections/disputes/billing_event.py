from odoo import api, fields, models

from ...tracking.visitor import get_device

DISPUTE_KINDS = [
    ("disputed", "Disputed"),
    ("dispute_resolved", "Dispute resolved"),
    ("dispute_rejected", "Dispute rejected"),
    ("dispute_withdrawn", "Dispute withdrawn"),
    ("asked", "Question asked"),
]


class BillingEvent(models.Model):
    """What customers say, and what we say to it."""

    _inherit = "billing.event"

    kind = fields.Selection(
        selection_add=DISPUTE_KINDS,
        ondelete={kind: "cascade" for kind, _label in DISPUTE_KINDS},
    )

    @api.model
    def _get_author(self, link, *, address, headers):
        """Return what is known of a person who says something on the page behind a link.

        :return: values for `_log`; ``is_elsewhere`` if somebody else opened the link first
        :rtype: dict
        """
        network = self._hash_network(address)
        user_agent = headers.get("User-Agent", "").strip()
        rows = self._find_recent(link, link.move_id, network)
        return {
            "link": link,
            "channel": "page",
            "agent": "human",
            "reason": "acted",
            "device": get_device(user_agent),
            "network": network,
            "user_agent": user_agent[:255],
            "is_elsewhere": bool(link.recipient_id)
            and self._is_elsewhere(rows, link, network, user_agent),
        }
