import hashlib
import hmac
from datetime import timedelta
from ipaddress import ip_address, ip_network

from odoo import api, fields, models
from odoo.tools import SQL

from .visitor import LOOKING, Hit, classify, get_family

# Within this time the same visit is written down once, however often the page is reloaded.
REPEAT = timedelta(hours=1)
# What one visitor does within these times belongs together.
TRAP_WINDOW = timedelta(minutes=5)
WINDOWS = {
    "trap": TRAP_WINDOW,
    "at_once": timedelta(seconds=2),
    "many_recipients": timedelta(minutes=1),
}
# Enough of what one link or network did lately; a scanner of a large provider does far more.
RECENT = 100

# Columns of an event that say who came, and what the class of a visit is decided from.
COLUMNS = (
    "id", "date", "kind", "agent", "reason", "is_elsewhere", "link_id", "recipient_id",
    "mail_message_id", "network", "user_agent",
)  # fmt: skip


class BillingEvent(models.Model):
    """Visits: who came, and how sure it is that it was a person."""

    _inherit = "billing.event"

    @api.model
    def _log_visit(self, link, documents, kind, *, address, headers, channel="page", **facts):
        """Write down a visit to a page of ours, once an hour, with one query and one insert.

        :param link: the `billing.link` used; empty in the portal
        :param documents: invoices, or one pro forma, that the visitor saw
        :param address: network address of the visitor, which is not stored
        :param headers: mapping, of the request
        :param facts: of `visitor.Hit`, and ``recipient_id`` where there is no link
        :return: the new events
        """
        customer = link.partner_id or documents.partner_id.commercial_partner_id[:1]
        if kind in LOOKING and customer.billing_no_tracking:
            return self.browse()
        recipient_id = facts.pop("recipient_id", False) or link.recipient_id.id
        network = self._hash_network(address)
        rows = self._find_recent(link, documents, network)
        hit = Hit(
            kind=kind,
            headers=headers,
            **self._gather_facts(rows, link, kind, network, recipient_id),
            **facts,
        )
        verdict = classify(hit)
        if not verdict:
            return self.browse()
        values = {
            "agent": verdict.agent,
            "reason": verdict.reason,
            "is_elsewhere": verdict.agent == "human"
            and bool(link.recipient_id)
            and self._is_elsewhere(rows, link, network, hit.user_agent),
        }
        self._reclassify_with(rows, verdict.reason, link, network)
        identity = {"kind": kind, "link_id": link.id, "recipient_id": recipient_id, **values}
        known = self._find_known(rows, documents, identity)
        return self._log(
            documents - known,
            kind,
            link=link,
            channel=channel,
            device=verdict.device,
            network=network,
            user_agent=hit.user_agent[:255],
            mail_message_id=link.mail_message_id.id,
            recipient_id=recipient_id,
            **values,
        )

    @api.model
    def _hash_network(self, address):
        """Return a hash that nobody without the database's secret can lead back to the address.

        Of IPv6, where one line has many addresses, the network part counts.
        """
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        if ip.version == 6:
            ip = ip.ipv4_mapped or ip_network((ip, 64), strict=False).network_address
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return hmac.new(
            secret.encode(), f"billing.event {ip}".encode(), hashlib.sha256
        ).hexdigest()[:32]

    @api.model
    def _reclassify(self, reason, network, since, until, *, link=None):
        """Take what a visitor did for a machine's, after the fact, in one statement.

        The rows of the journal are facts and stay; the class of a visit is an opinion, and this is
        the only place that changes it. What a gesture or an action proved stays a person's.

        :param link: only what was done with this link, or with another of the same mail
        """
        events = SQL("network = %s AND date BETWEEN %s AND %s", network, since, until)
        if link:
            events = SQL(
                "%s AND (link_id = %s OR mail_message_id = %s)",
                events,
                link.id,
                link.mail_message_id.id or None,
            )
        self.env.cr.execute(
            SQL(
                """
                UPDATE billing_event
                   SET agent = 'machine', reason = %s, device = NULL
                 WHERE %s AND kind IN %s AND agent IN ('unknown', 'likely_human')
                """,
                reason,
                events,
                LOOKING,
            )
        )
        self.invalidate_model(["agent", "reason", "device"])

    # -- Helpers ---------------------------------------------------------------------------------

    @api.model
    def _find_recent(self, link, documents, network):
        """Return what happened to a link lately and to whom, and what its visitor did elsewhere.

        :rtype: list[dict]
        """
        document = self._get_document_field(documents)
        columns = SQL(", ").join(map(SQL.identifier, (*COLUMNS, document)))
        now = fields.Datetime.now()
        same = SQL("link_id = %s", link.id)
        if not link:
            same = SQL(
                "channel = 'portal' AND %s IN %s", SQL.identifier(document), tuple(documents.ids)
            )
        parts = [
            SQL("%s AND date > %s ORDER BY id DESC LIMIT %s", same, now - REPEAT, RECENT),
            SQL("%s AND agent = 'human' AND network IS NOT NULL ORDER BY id LIMIT 1", same),
        ]
        if network:
            parts.append(
                SQL(
                    "network = %s AND date > %s ORDER BY date DESC LIMIT %s",
                    network,
                    now - TRAP_WINDOW,
                    RECENT,
                )
            )
        rows = self.env.execute_query_dict(
            SQL(" UNION ").join(
                SQL("(SELECT %s FROM billing_event WHERE %s)", columns, part) for part in parts
            )
        )
        return sorted(rows, key=lambda row: row["id"])

    @api.model
    def _gather_facts(self, rows, link, kind, network, recipient_id):
        """Return those facts of a `visitor.Hit` that the journal knows."""
        now = fields.Datetime.now()
        own = [row for row in rows if row["link_id"] == link.id] if link else []
        same = [row for row in own if row["network"] == network]
        visits = [row for row in rows if row["network"] == network and row["kind"] in LOOKING]
        recipients = {
            row["recipient_id"]
            for row in visits
            if row["date"] >= now - WINDOWS["many_recipients"] and row["kind"] != "viewed"
        }
        kinds = {
            row["kind"]
            for row in same
            if row["date"] >= now - WINDOWS["at_once"] and row["kind"] in LOOKING
        }
        return {
            "seconds": self._get_seconds_since_sent(own, link, now),
            "is_trapped": any(
                row["kind"] == "trapped" and self._is_same_mail(row, link) for row in visits
            ),
            "has_read": any(row["kind"] == "viewed" and row["agent"] == "human" for row in same),
            "links_at_once": len((kinds | {kind}) - {"viewed"}),
            "recipients_at_once": len((recipients | {recipient_id}) - {None, False}),
        }

    @api.model
    def _get_seconds_since_sent(self, own, link, now):
        if not link.mail_message_id:
            return None
        # the link was made when its mail was; the rows know better if that took long
        sent = [row["date"] for row in own if row["kind"] in ("delivered", "reminded")]
        return (now - max(sent, default=link.create_date)).total_seconds()

    @api.model
    def _is_same_mail(self, row, link):
        message = link.mail_message_id.id
        return row["link_id"] == link.id or (message and row["mail_message_id"] == message)

    @api.model
    def _is_elsewhere(self, rows, link, network, user_agent):
        """Whether another person's network and browser used this link first: the recipient's."""
        first = next(
            (row for row in rows if row["link_id"] == link.id and row["agent"] == "human"), None
        )
        return bool(
            first
            and first["network"]
            and (first["network"], get_family(first["user_agent"] or ""))
            != (network, get_family(user_agent))
        )

    @api.model
    def _reclassify_with(self, rows, reason, link, network):
        """What was found out about a visitor now is true of what they did just before."""
        window = WINDOWS.get(reason)
        if not window or not network:
            return
        now = fields.Datetime.now()
        if any(
            row["network"] == network
            and row["agent"] in ("unknown", "likely_human")
            and row["date"] >= now - window
            for row in rows
        ):
            scope = None if reason == "many_recipients" else link
            self._reclassify(reason, network, now - window, now, link=scope)

    @api.model
    def _find_known(self, rows, documents, values):
        """Return those documents of which the journal has the very same visit already."""
        since = fields.Datetime.now() - REPEAT
        document = self._get_document_field(documents)
        return documents.browse(
            {
                row[document]
                for row in rows
                if row["date"] > since
                and row[document]
                and all((row[name] or False) == value for name, value in values.items())
            }
        )
