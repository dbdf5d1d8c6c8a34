from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError


class BillingLink(models.Model):
    """Making links stop working, with a note of who did it where people look for it."""

    _inherit = "billing.link"

    def action_revoke(self):
        """Make these links stop working at once; no fresh ones are sent in their place."""
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may revoke payment links."))
        self.check_access("read")
        # those that have expired too, or their holders could ask for fresh ones
        revoked = self.filtered(lambda link: not link.revoked_on).sudo()
        revoked.revoked_on = fields.Datetime.now()
        revoked._note_revoked()
        return revoked._notify_revoked()

    def _note_revoked(self):
        """Say on each document whose links were revoked."""
        notes = defaultdict(dict)
        for document, links in self.grouped(lambda link: link._get_document()).items():
            notes[document._name][document.id] = (
                self.env._("%(count)s payment links revoked.", count=len(links))
                if len(links) > 1
                else self.env._("Payment link of %s revoked.", links._get_holder_name())
            )
        for model, bodies in notes.items():
            self.env[model].browse(bodies)._message_log_batch(bodies)

    def _get_holder_name(self):
        """Say, for a note, who has this link in their hands."""
        self.ensure_one()
        if self.recipient_id:
            return self.recipient_id.display_name
        return dict(self._fields["channel"]._description_selection(self.env))[self.channel]

    def _notify_revoked(self):
        """Return the action that tells the user how many links do not work any more."""
        text = (
            self.env._("%s payment links do not work any more.", len(self))
            if len(self) > 1
            else self.env._("The payment link does not work any more.")
            if self
            else self.env._("There was no payment link to revoke.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if self else "info",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
