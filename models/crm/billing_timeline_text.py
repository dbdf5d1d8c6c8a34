from odoo import api, fields, models
from odoo.tools.misc import format_amount, format_date, format_time

# Entries about somebody who came, and about something that was sent to somebody.
VISITS = (
    "opened", "link_clicked", "trapped", "viewed", "downloaded", "payment_started", "link_renewed",
    "accepted", "declined", "disputed", "dispute_withdrawn", "asked",
)  # fmt: skip
MAILS = ("sent", "delivered", "undelivered", "bounced", "reminded")

# The beginning of a message that is enough to recognize it.
PREVIEW_LENGTH = 80


class BillingTimeline(models.Model):
    """What happened, when, in plain words, in the reader's language and time zone."""

    _inherit = "billing.timeline"

    moment = fields.Char(string="When", compute="_compute_moment")
    summary = fields.Char(compute="_compute_summary")

    @api.depends("date", "is_day")
    @api.depends_context("lang", "tz")
    def _compute_moment(self):
        for entry in self:
            if not entry.date:
                entry.moment = False
                continue
            local = fields.Datetime.context_timestamp(entry, entry.date)
            day = format_date(self.env, local.date())
            parts = [format_date(self.env, local.date(), date_format="EEE"), day]
            if not entry.is_day:
                parts.append(format_time(self.env, local.time(), time_format="short"))
            entry.moment = " ".join(parts)

    @api.depends("kind", "reminder_id", "recipient_id", "agent", "amount", "currency_id", "note")
    @api.depends_context("lang", "uid")
    def _compute_summary(self):
        kinds = self._get_phrases()
        previews = self._get_previews()
        for entry in self:
            text = kinds.get(entry.kind) or ""
            if entry.kind in VISITS:
                text = entry._describe_visit(text)
            elif entry.recipient_id:
                text = entry._describe_mail(text)
            if entry.amount:
                text += f": {format_amount(self.env, entry.amount, entry.currency_id)}"
            if preview := previews.get(entry.mail_message_id.id):
                text += f": {preview}"
            note = entry.note or entry.reminder_id.level_id.name
            if note:
                text += f" ({note})"
            entry.summary = text

    @api.model
    def _get_phrases(self):
        """Return what to call each kind of entry at the beginning of a sentence."""
        return {
            **dict(self._fields["kind"]._description_selection(self.env)),
            "viewed": self.env._("Opened"),
            "downloaded": self.env._("Downloaded"),
            "bounced": self.env._("Came back: mail"),
            "message_in": self.env._("Message"),
            "message_out": self.env._("Message"),
            "unread": self.env._("Nobody has read it for long"),
        }

    def _describe_mail(self, what):
        """Say to whom something was sent, or who wrote."""
        who = {"what": what, "who": self.recipient_id.sudo().name}
        if self.kind in MAILS:
            return self.env._("%(what)s to %(who)s", **who)
        if self.kind in ("message_in", "message_out"):
            return self.env._("%(what)s from %(who)s", **who)
        return what

    def _describe_visit(self, what):
        """Say who came, with what, and how sure that is. A machine is never called by a name."""
        if self.agent == "machine" or self.kind == "trapped":
            text = self.env._("%(what)s by a machine", what=what)
            reason = dict(self._event_selection("reason")).get(self.reason)
            return f"{text} ({reason})" if reason else text
        parts = [self._describe_visitor(what), self._describe_device()]
        text = ", ".join(filter(None, parts))
        sure = {
            "human": self.env._("a person"),
            "likely_human": self.env._("likely a person"),
            "unknown": self.env._("perhaps a machine"),
        }.get(self.agent)
        return f"{text} · {sure}" if sure else text

    def _describe_visitor(self, what):
        who = {"what": what, "who": self.recipient_id.sudo().name}
        if self.channel == "print":
            return self.env._("%(what)s from the printed document", what=what)
        if not self.recipient_id:
            return what
        if self.is_elsewhere:
            return self.env._("%(what)s with the link of %(who)s, from elsewhere", **who)
        return self.env._("%(what)s by %(who)s", **who)

    def _describe_device(self):
        return {
            "phone": self.env._("on a phone"),
            "tablet": self.env._("on a tablet"),
            "computer": self.env._("on a computer"),
        }.get(self.device)

    def _get_previews(self):
        """Return how the messages begin that the reader may read, by their ids."""
        messages = self.env["mail.message"].search(
            [("id", "in", self.mail_message_id.ids)], order="id"
        )
        return {
            message.id: (message.subject or message.preview or "")[:PREVIEW_LENGTH]
            for message in messages
        }
